#include "core/keyed/ordered_operator.hpp"

#include <algorithm>

namespace weir::core {

namespace {

result<void> restore_one(std::span<const std::shared_ptr<ordered_operator>> operators, std::string_view key,
                         const std::string_view* value) {
  if (key.empty())
    return fail("the state holds a record without a key", {}, "the state topic holds records of something else");
  bool is_known = false;
  for (const auto& op : operators) {
    if (op->owns(key))
      return op->restore(key, value);
    is_known = is_known || op->tag() == static_cast<std::uint8_t>(key.front());
  }
  if (is_known)
    return fail("the state holds a step that the pipeline does not have", {},
                "restore the steps of the pipeline, or delete its state");
  return {};
}

} // namespace

std::string describe_state(std::span<const std::shared_ptr<ordered_operator>> operators, std::string_view key) {
  for (const auto& op : operators)
    if (op->owns(key))
      return op->describe(key);
  return "the state";
}

result<void> restore_operators(std::span<const std::shared_ptr<ordered_operator>> operators,
                               const record_block& changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto value = changes.value(i);
    const bool is_gone = changes.entries[i].value_size == record_block::none;
    if (auto taken = restore_one(operators, changes.key(i), is_gone ? nullptr : &value); !taken)
      return taken;
  }
  for (const auto& op : operators)
    if (auto whole = op->finish_restore(); !whole)
      return whole;
  return {};
}

} // namespace weir::core
