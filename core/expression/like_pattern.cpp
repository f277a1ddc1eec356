#include "core/expression/like_pattern.hpp"

namespace weir::core {

namespace {

/// The bytes of the character that begins there.
std::size_t character_size(std::string_view text, std::size_t at) noexcept {
  std::size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xc0) == 0x80)
    ++size;
  return size;
}

} // namespace

result<like_pattern> like_pattern::compile(std::string_view text) {
  like_pattern made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      made.elements_.push_back({element::kind::any, 0});
    } else if (text[i] == '_') {
      made.elements_.push_back({element::kind::character, 0});
    } else {
      if (text[i] == '\\' && ++i == text.size())
        return fail("a pattern that ends in '\\'", {}, "write '\\\\' for one that is meant");
      made.elements_.push_back({element::kind::byte, text[i]});
    }
  }
  return made;
}

bool like_pattern::matches(std::string_view text) const noexcept {
  // Where a `%` takes one character more, everything behind it is tried again: the newest one is enough.
  std::size_t at = 0;
  std::size_t next = 0;
  std::size_t behind_any = elements_.size() + 1; // there was none yet
  std::size_t taken = 0;
  while (at < text.size()) {
    const auto* now = next < elements_.size() ? &elements_[next] : nullptr;
    if (now != nullptr && now->what == element::kind::any) {
      behind_any = ++next;
      taken = at;
    } else if (now != nullptr && now->what == element::kind::character) {
      at += character_size(text, at);
      ++next;
    } else if (now != nullptr && now->byte == text[at]) {
      ++at;
      ++next;
    } else if (behind_any <= elements_.size()) {
      next = behind_any;
      at = taken += character_size(text, taken);
    } else {
      return false;
    }
  }
  while (next < elements_.size() && elements_[next].what == element::kind::any)
    ++next;
  return next == elements_.size();
}

} // namespace weir::core
