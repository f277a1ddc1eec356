#include "core/drift/column_monitor.hpp"

namespace weir::core {

result<void> column_monitor::merge(const column_monitor& other) {
  if (held_.index() != other.held_.index())
    return fail("a column of numbers and one of texts cannot be merged", "", "merge lanes of one column");
  return std::visit(
      [&](auto& one) { return one.merge(*std::get_if<std::remove_reference_t<decltype(one)>>(&other.held_)); }, held_);
}

void column_monitor::encode(std::string& into) const {
  put(into, static_cast<std::uint8_t>(held_.index()));
  std::visit([&](const auto& one) { one.encode(into); }, held_);
}

bool column_monitor::decode(byte_reader& from) {
  auto left = from;
  std::uint8_t kind = 0;
  if (!left.take(kind) || kind != held_.index() || !std::visit([&](auto& one) { return one.decode(left); }, held_))
    return false;
  from = left;
  return true;
}

} // namespace weir::core
