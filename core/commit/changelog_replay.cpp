#include "core/commit/changelog_replay.hpp"

namespace weir::core {

result<void> changelog_replay::apply(std::string_view key, std::optional<std::string_view> value) {
  if (key == marker::opening_key)
    return {};
  if (key != marker::key) {
    auto& change = pending_.try_emplace(std::string{key}).first->second;
    change.reset();
    if (value)
      change.emplace(*value);
    return {};
  }
  auto decoded = marker::decode(value.value_or(std::string_view{}));
  if (!decoded)
    return tl::unexpected{decoded.error()};
  last_ = std::move(*decoded);
  for (auto& [changed, content] : pending_)
    if (content)
      values_.insert_or_assign(changed, std::move(*content));
    else
      values_.erase(changed);
  pending_.clear();
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

record_block changelog_replay::repair() const {
  record_block out;
  for (const auto& [key, torn] : pending_) {
    const auto hidden = values_.find(key);
    if (hidden != values_.end())
      out.append(key, hidden->second);
    else
      out.append_tombstone(key);
  }
  return out;
}

} // namespace weir::core
