#include "core/keyed/paged_blob.hpp"

#include "core/keyed/paged_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir::core {

std::size_t paged_blob::capacity_of(std::size_t size) noexcept {
  const auto step = std::max<std::size_t>(64, std::bit_floor(size) / 4);
  return (size + step - 1) / step * step;
}

std::span<const std::byte> paged_blob::page_at(std::size_t number) const noexcept {
  const auto begin = number * page_bytes;
  return bytes().subspan(begin, std::min(page_bytes, size_ - begin));
}

std::span<std::byte> paged_blob::change(std::size_t offset, std::size_t count) noexcept {
  for (auto p = offset / page_bytes; p < page_count(offset + count); ++p)
    pages_[p].is_changed = true;
  return {data_.get() + offset, count};
}

void paged_blob::write(std::size_t offset, std::span<const std::byte> from) noexcept {
  if (!from.empty())
    std::memcpy(change(offset, from.size()).data(), from.data(), from.size());
}

bool paged_blob::resize(std::size_t size) {
  return size == size_ || table_->resize(*this, size);
}

// A last page whose length changes is written again.
void paged_blob::set_size(std::size_t size) {
  const auto kept = std::min(size, size_);
  const auto capacity = capacity_of(size);
  if (capacity != capacity_of(size_)) {
    auto moved = capacity == 0 ? nullptr : std::make_unique<std::byte[]>(capacity);
    if (kept != 0)
      std::memcpy(moved.get(), data_.get(), kept);
    data_ = std::move(moved);
  } else if (size < size_) {
    std::memset(data_.get() + size, 0, size_ - size);
  }
  size_ = size;
  pages_.resize(page_count(size));
  if (const auto last = kept / page_bytes; last < pages_.size())
    pages_[last].is_changed = true;
}

} // namespace weir::core
