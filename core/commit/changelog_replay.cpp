#include "core/commit/changelog_replay.hpp"

namespace weir::core {

result<void> changelog_replay::apply(std::string_view key, std::optional<std::string_view> value) {
  if (key == marker::opening_key)
    return {};
  if (part_list::node_of(key))
    return take_parts(value);
  if (key != marker::key) {
    is_marked_ = false;
    if (!value)
      values_.erase(std::string{key});
    else
      values_.insert_or_assign(std::string{key}, std::string{*value});
    return {};
  }
  auto decoded = marker::decode(value.value_or(std::string_view{}));
  if (!decoded)
    return tl::unexpected{decoded.error()};
  last_ = std::move(*decoded);
  is_marked_ = true;
  return {};
}

result<void> changelog_replay::take_parts(std::optional<std::string_view> value) {
  if (!value)
    return {};
  auto list = part_list::decode(*value);
  if (!list)
    return tl::unexpected{list.error()};
  parts_.insert(list->paths.begin(), list->paths.end());
  return {};
}

result<void> changelog_replay::finish() const {
  if (!is_marked_)
    return fail("changes stand behind the last marker of the state", {},
                "something else has written to the state topic; remove it to begin without state");
  return {};
}

record_block changelog_replay::changes() const {
  record_block out;
  std::size_t bytes = 0;
  for (const auto& [key, value] : values_)
    bytes += key.size() + value.size();
  out.bytes.reserve(bytes);
  out.entries.reserve(values_.size());
  for (const auto& [key, value] : values_)
    out.append(key, value);
  return out;
}

} // namespace weir::core
