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
    auto found = first_row_(rest);
    if (!found) {
      if (rest.empty() || (!is_ended_ && rest.size() < longest_row))
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
