#include "core/format/header_check.hpp"

#include "core/base/nearest_name.hpp"
#include "core/format/csv_rows.hpp"

#include <algorithm>

namespace weir::core {

namespace {

/// So many fields of a header are said where none is near.
constexpr std::size_t shown_fields = 12;

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

std::string listed(const std::vector<std::string>& header) {
  const auto shown = std::min(header.size(), shown_fields);
  auto text = "it has " + quoted({header.begin(), header.begin() + static_cast<std::ptrdiff_t>(shown)});
  if (shown < header.size())
    text += " and " + std::to_string(header.size() - shown) + " more";
  return text;
}

std::string hints_for(const std::vector<std::string>& missing, const std::vector<std::string>& header) {
  std::string hints;
  for (const auto& name : missing)
    if (const auto hint = did_you_mean(name, header); !hint.empty())
      hints += (hints.empty() ? "" : " ") + (missing.size() == 1 ? hint : "'" + name + "': " + hint);
  return hints.empty() ? listed(header) : hints;
}

} // namespace

result<void> check_header(const std::vector<std::string>& header, std::span<const std::string> fields,
                          std::string_view named_by, std::string_view if_other) {
  std::vector<std::string> missing;
  for (const auto& field : fields)
    if (std::find(header.begin(), header.end(), field) == header.end())
      missing.push_back(field);
  if (missing.empty())
    return {};
  const auto what = "the header has no field" + std::string{missing.size() == 1 ? " " : "s "} + quoted(missing)
                    + ", which " + std::string{named_by} + " names";
  if (const auto other = header.size() == 1 ? other_delimiter(header.front()) : std::string{}; !other.empty())
    return fail(what, {}, other + ": " + std::string{if_other});
  return fail(what, {}, hints_for(missing, header));
}

} // namespace weir::core
