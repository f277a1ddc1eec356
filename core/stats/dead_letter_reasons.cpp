#include "core/stats/dead_letter_reasons.hpp"

#include <algorithm>

namespace weir::core {

std::size_t dead_letter_reason_of(stage at, std::string_view sentence) noexcept {
  const auto found = std::ranges::find_if(dead_letter_reason_table, [&](const dead_letter_reason& reason) {
    return reason.stage == at && sentence.starts_with(reason.begin) && sentence.ends_with(reason.end);
  });
  return static_cast<std::size_t>(found - dead_letter_reason_table.begin());
}

std::size_t dead_letter_reason_of(std::string_view stage_name, std::string_view sentence) noexcept {
  const auto found = std::ranges::find_if(dead_letter_reason_table, [&](const dead_letter_reason& reason) {
    return to_string(reason.stage) == stage_name;
  });
  return dead_letter_reason_of(found != dead_letter_reason_table.end() ? found->stage : stage::produce, sentence);
}

} // namespace weir::core
