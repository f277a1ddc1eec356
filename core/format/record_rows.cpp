#include "core/format/record_rows.hpp"

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

std::optional<record_rows::row> record_rows::next() {
  while (true) {
    const std::string_view rest{buffer_.data() + begin_, end_ - begin_};
    auto found = first_row(rest);
    if (!found) {
      if (rest.empty() || (!is_ended_ && rest.size() < longest_row))
        return std::nullopt;
      found = csv_row{.size = rest.size(), .next = rest.size(), .line_ends = 0};
    }
    const row out{rest.substr(0, found->size), line_};
    begin_ += found->next;
    line_ += found->line_ends;
    if (!out.text.empty())
      return out;
  }
}

std::optional<csv_row> record_rows::first_row(std::string_view text) const noexcept {
  if (format_ == data_format::csv)
    return find_csv_row(text);
  const auto end = text.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  const bool returns = end > 0 && text[end - 1] == '\r';
  return csv_row{.size = end - returns, .next = end + 1, .line_ends = 1};
}

} // namespace weir::core
