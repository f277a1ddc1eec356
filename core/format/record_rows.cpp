#include "core/format/record_rows.hpp"

#include <algorithm>

namespace weir::core {

std::span<char> record_rows::room(std::size_t size) {
  buffer_.resize(end_);
  buffer_.erase(0, begin_);
  begin_ = 0;
  end_ = buffer_.size();
  buffer_.resize(end_ + size);
  return {buffer_.data() + end_, size};
}

void record_rows::added(std::size_t size) noexcept {
  end_ += size;
}

/// False: there is no line end yet.
bool record_rows::skip() {
  const auto at = buffer_.find('\n', begin_);
  skips_ = at >= end_;
  begin_ = skips_ ? end_ : at + 1;
  line_ += skips_ ? 0 : 1;
  return !skips_;
}

std::optional<record_rows::row> record_rows::cut(std::string_view rest) {
  const auto beginning = rest.substr(0, longest_row);
  const auto line_end = beginning.rfind('\n');
  const bool has_lines = line_end != std::string_view::npos;
  const row out{beginning.substr(0, line_end), line_, true};
  line_ += static_cast<std::uint64_t>(std::ranges::count(beginning, '\n'));
  begin_ += has_lines ? line_end + 1 : longest_row;
  if (!has_lines)
    skip();
  return out;
}

/// False: there is too little to tell.
bool record_rows::pass_over_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  const std::string_view text{buffer_.data() + begin_, end_ - begin_};
  if (text.size() < mark.size() && mark.starts_with(text) && !is_ended_)
    return false;
  begin_ += text.starts_with(mark) ? mark.size() : 0;
  is_begun_ = true;
  return true;
}

std::optional<record_rows::row> record_rows::next() {
  if (!is_begun_ && !pass_over_mark())
    return std::nullopt;
  while (true) {
    if (skips_ && !skip())
      return std::nullopt;
    const std::string_view rest{buffer_.data() + begin_, end_ - begin_};
    auto found = first_row_(rest, dialect_);
    if (found ? found->size > longest_row : rest.size() > longest_row)
      return cut(rest);
    if (!found) {
      if (rest.empty() || !is_ended_)
        return std::nullopt;
      found = text_row{.size = rest.size(), .next = rest.size(), .line_ends = 0};
    }
    const row out{rest.substr(0, found->size), line_};
    begin_ += found->next;
    line_ += found->line_ends;
    if (!out.text.empty())
      return out;
  }
}

} // namespace weir::core
