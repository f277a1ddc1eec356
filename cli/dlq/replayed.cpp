#include "cli/dlq/replayed.hpp"

#include "core/base/read_number.hpp"

#include <algorithm>

namespace weir::cli {

std::string replayed_letters::key_of(std::int32_t partition, std::int64_t first) {
  return std::to_string(partition) + '@' + std::to_string(first);
}

std::string replayed_letters::ranges_of(const std::vector<std::int64_t>& offsets) {
  std::string text;
  for (std::size_t begin = 0; begin < offsets.size();) {
    auto end = begin + 1;
    while (end < offsets.size() && offsets[end] == offsets[end - 1] + 1)
      ++end;
    text += (text.empty() ? "" : ",") + std::to_string(offsets[begin]);
    if (end - begin > 1)
      text += '-' + std::to_string(offsets[end - 1]);
    begin = end;
  }
  return text;
}

core::result<void> replayed_letters::take(std::string_view key, std::string_view ranges) {
  const auto wrong = [&] {
    return core::fail("this does not say which letters were replayed: '" + std::string{key} + "'");
  };
  const auto partition = core::read_number<std::int32_t>(key.substr(0, key.find('@')));
  if (!partition || ranges.empty())
    return wrong();
  while (!ranges.empty()) {
    const auto range = ranges.substr(0, ranges.find(','));
    ranges.remove_prefix(std::min(range.size() + 1, ranges.size()));
    const auto dash = range.find('-');
    const auto first = core::read_number<std::int64_t>(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : core::read_number<std::int64_t>(range.substr(dash + 1));
    if (!first || !last || *last < *first)
      return wrong();
    auto& known = ranges_[*partition][*first];
    known = std::max(known, *last);
  }
  return {};
}

bool replayed_letters::contains(std::int32_t partition, std::int64_t offset) const {
  const auto of = ranges_.find(partition);
  if (of == ranges_.end())
    return false;
  const auto behind = of->second.upper_bound(offset);
  return behind != of->second.begin() && std::prev(behind)->second >= offset;
}

} // namespace weir::cli
