#pragma once

#include "core/format/json_keys.hpp"
#include "core/format/json_text.hpp"
#include "core/format/json_tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Where the members of a JSON object stand whose names were declared. One for each object that is looked at: it keeps
/// the order of the keys in mind.
class json_index {
public:
  using cursor = json_tokens::cursor;

  struct member {
    std::uint32_t key = 0; ///< the quote of the key
    cursor value = nullptr;
    cursor after = nullptr; ///< the comma or brace behind the value
    std::size_t slot = 0;
  };

  /// @param lists_members members() is asked for, too
  explicit json_index(bool lists_members) : lists_members_{lists_members} {}

  /// Declares a name, before the first walk; gives its slot. A name that is there has one.
  std::size_t add(std::string_view name) {
    for (std::size_t slot = 0; slot < names_.size(); ++slot)
      if (names_[slot] == name)
        return slot;
    keys_.add(name, static_cast<std::int32_t>(names_.size()), false);
    names_.emplace_back(name);
    values_.push_back(nullptr);
    return names_.size() - 1;
  }

  const std::vector<std::string>& names() const noexcept { return names_; }

  /// Forgets the object of before.
  void clear() noexcept {
    members_.clear();
    std::fill(values_.begin(), values_.end(), nullptr);
    begin_ = end_ = 0;
  }

  /// Checks the object at `token` and notes its members; gives the token behind it, null when it is refused.
  /// @param end where the record ends @param visit (slot, value): the token behind the value, null to refuse it
  template <class Visit>
  cursor walk(json_tokens& tokens, cursor token, std::uint32_t end, Visit&& visit) {
    clear();
    const char* text = tokens.text();
    ++token;
    begin_ = *token;
    auto previous = json_keys::start;
    if (text[*token] != '}')
      for (;;) {
        const auto key_at = *token;
        auto key = keys_[previous].next;
        if (keys_[key].matches(text + key_at)) [[likely]] {
          token += 2;
        } else {
          key = previous;
          if ((token = keys_.read(tokens, token, key)) == nullptr)
            return nullptr;
        }
        previous = key;
        const auto slot = keys_[key].slot;
        const auto value = token;
        token =
            slot == json_keys::unused ? tokens.skip_value(token, end) : visit(static_cast<std::size_t>(slot), token);
        if (token == nullptr)
          return nullptr;
        if (slot != json_keys::unused)
          note({key_at, value, token, static_cast<std::size_t>(slot)});
        if (text[*token] == '}')
          break;
        if (text[*token] != ',')
          return tokens.fail("expected ',' or '}'", *token);
        ++token;
      }
    end_ = *token;
    return token + 1;
  }

  /// The value of a name, the last one if it is there twice; null: it is not there.
  cursor operator[](std::size_t slot) const noexcept { return values_[slot]; }

  /// Those whose names were declared, in the order of the text.
  const std::vector<member>& members() const noexcept { return members_; }

  std::uint32_t begin() const noexcept { return begin_; } ///< behind the opening brace
  std::uint32_t end() const noexcept { return end_; }     ///< the closing brace

private:
  void note(const member& found) {
    values_[found.slot] = found.value;
    if (lists_members_)
      members_.push_back(found);
  }

  bool lists_members_;
  json_keys keys_;
  std::vector<std::string> names_;
  std::vector<cursor> values_;
  std::vector<member> members_;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

} // namespace weir::core
