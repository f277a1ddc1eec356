#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace weir::core {

class paged_table;

/// The state of one key, or of a lane, that is large or grows: bytes of any number, in one piece, aligned to 16. A
/// commit writes those pages that were changed since the last one. All zero bytes where nothing was written.
///
/// What stands in it is copied as bytes to the changelog and back: no pointers. Made by a paged_table; not thread-safe.
class paged_blob {
public:
  static constexpr std::size_t page_bytes = 1024;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// To be read; until the next resize().
  std::span<const std::byte> bytes() const noexcept { return {data_.get(), size_}; }

  /// To be written; until the next resize(). The pages that it touches count as changed, all of them.
  /// @pre offset + count <= size()
  std::span<std::byte> change(std::size_t offset, std::size_t count) noexcept;

  /// To be written by whoever calls change() for each part that was, before the next commit; until the next resize().
  std::span<std::byte> unmarked() noexcept { return {data_.get(), size_}; }

  /// @pre offset + from.size() <= size()
  void write(std::size_t offset, std::span<const std::byte> from) noexcept;

  /// New bytes are zero; what is cut off is gone. Other keys may go to make room, the least recently used first. False,
  /// and nothing changed: it would be longer than the table allows, or has no room though all other keys went.
  [[nodiscard]] bool resize(std::size_t size);

private:
  friend class paged_table;

  struct page {
    std::uint32_t check = 0; ///< of its record in the changelog
    bool is_changed = true;
  };

  explicit paged_blob(paged_table& table) : table_{&table} {}

  /// Bytes set aside for a blob of this size: a function of nothing else, so that a restored one takes as much room.
  static std::size_t capacity_of(std::size_t size) noexcept;
  static std::size_t page_count(std::size_t size) noexcept { return (size + page_bytes - 1) / page_bytes; }
  std::span<const std::byte> page_at(std::size_t number) const noexcept;
  void set_size(std::size_t size);

  paged_table* table_;
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
  std::vector<page> pages_;
};

} // namespace weir::core
