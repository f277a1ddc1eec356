#include "core/format/json_keys.hpp"

#include "core/format/json_text.hpp"

#include <algorithm>

namespace weir::core {

json_keys::json_keys() : entries_(2) {}

void json_keys::add(std::string_view key, std::int32_t slot, bool cut) {
  auto& added = entries_[learn(key)];
  added.slot = slot;
  added.cut = cut;
  declared_.emplace_back(key);
}

std::uint32_t json_keys::find_after(std::uint32_t previous, std::string_view key) {
  wanted_ = key;
  const auto known = index_.find(wanted_);
  if (known != index_.end()) {
    entries_[previous].next = known->second;
    return known->second;
  }
  // More keys than anyone's schema has: their names carry data, and remembering them does not pay.
  if (entries_.size() >= max_entries + declared_.size())
    return other;
  const auto learned = learn(key);
  entries_[previous].next = learned;
  return learned;
}

json_tokens::cursor json_keys::read(json_tokens& tokens, json_tokens::cursor token, std::uint32_t& key) {
  const bool escaped = tokens.has_escape(token);
  const auto value = tokens.skip_key(token);
  if (value == nullptr)
    return nullptr;
  auto name = tokens.string_at(token);
  if (escaped) {
    unescaped_.clear();
    if (unescape(name, unescaped_))
      name = unescaped_;
  }
  key = find_after(key, name);
  return value;
}

std::uint32_t json_keys::learn(std::string_view key) {
  entry e;
  // The comparison is with raw bytes; a key that needs escapes is found by find_after() each time.
  const auto text = json_quoted(key) + ':';
  if (text.size() == key.size() + 3 && text.size() <= 8 * entry::words) {
    e.word_count = static_cast<std::uint32_t>((text.size() + 7) / 8);
    e.text = {};
    std::array<unsigned char, 8 * entry::words> mask{};
    std::fill_n(mask.begin(), text.size(), static_cast<unsigned char>(0xff));
    std::memcpy(e.text.data(), text.data(), text.size());
    std::memcpy(e.mask.data(), mask.data(), mask.size());
  }
  const auto index = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back(e);
  index_.emplace(key, index);
  return index;
}

} // namespace weir::core
