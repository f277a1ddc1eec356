#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/paged_table.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace weir::core {

/// What an operator with paged state is made of: process() is left to the step, which keeps what it remembers in the
/// blobs of its tables and nothing elsewhere. All steps with paged state may share one tag: their tables have numbers
/// of their own.
class paged_operator : public ordered_operator {
public:
  std::uint8_t tag() const noexcept final { return tag_; }
  bool owns(std::string_view key) const noexcept final;
  void collect_changes(record_block& into) final;
  result<void> restore(std::string_view key, const std::string_view* value) final;
  result<void> finish_restore() final;
  const error* failure() const noexcept final { return failure_ ? &*failure_ : nullptr; }
  operator_counts counts() const noexcept override;

protected:
  /// @param tables one or more, all of the same tag
  explicit paged_operator(std::vector<paged_table::options> tables);

  paged_table& table(std::size_t index = 0) noexcept { return *tables_[index]; }

  /// blob.resize(size). False, and the lane ends for the reason that failure() has: there is no room. The step then
  /// leaves its state as it is and returns.
  [[nodiscard]] bool grow(std::size_t table, paged_blob& blob, std::size_t size);

  /// Takes records out of the batch whose key is too long to be kept: into the dead letters, whole.
  static void reject_long_keys(batch& b, column_id by, std::string_view name);

private:
  std::uint8_t tag_;
  std::vector<std::unique_ptr<paged_table>> tables_;
  std::optional<error> failure_;
};

} // namespace weir::core
