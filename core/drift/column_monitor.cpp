#include "core/drift/column_monitor.hpp"

namespace weir::core {

result<void> column_monitor::merge(const column_monitor& other) {
  if (held_.index() != other.held_.index())
    return fail("a column of numbers and one of texts cannot be merged", "", "merge lanes of one column");
  return std::visit(
      [&](auto& one) { return one.merge(*std::get_if<std::remove_reference_t<decltype(one)>>(&other.held_)); }, held_);
}

bool column_monitor::has_baseline_of(const column_monitor& other) const {
  return held_.index() == other.held_.index()
         && (numbers() ? numbers()->has_baseline_of(*other.numbers()) : texts()->has_baseline_of(*other.texts()));
}

void column_monitor::begin_windows() noexcept {
  if (auto* of_numbers = numbers())
    of_numbers->begin_windows(options_);
  else
    texts()->begin_windows();
}

void column_monitor::rebase() noexcept {
  if (auto* of_numbers = numbers())
    of_numbers->rebase(options_);
  else
    texts()->rebase();
}

void column_monitor::encode_bins(std::string& into) const {
  put(into, static_cast<std::uint8_t>(held_.index()));
  std::visit([&](const auto& one) { one.encode_bins(into); }, held_);
}

bool column_monitor::begin_windows(std::string_view bins) {
  byte_reader left{bins};
  std::uint8_t kind = 0;
  if (!left.take(kind) || kind != held_.index())
    return false;
  auto begun = *this;
  auto* of_numbers = begun.numbers();
  if (!(of_numbers ? of_numbers->begin_windows(left, options_) : begun.texts()->begin_windows(left))
      || left.left() != 0)
    return false;
  *this = begun;
  return true;
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
