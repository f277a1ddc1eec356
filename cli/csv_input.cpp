#include "cli/csv_input.hpp"

#include "core/base/nearest_name.hpp"
#include "core/format/csv_format.hpp"
#include "core/format/csv_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace weir::cli {

using core::fail;

std::optional<double> number_of(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  if (text == "true" || text == "false")
    return text == "true" ? 1 : 0;
  if (text.starts_with('+'))
    text.remove_prefix(1);
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, value);
  if (text.empty() || at != end || problem == std::errc::invalid_argument)
    return std::nullopt;
  return problem == std::errc{} ? value : std::numeric_limits<double>::infinity();
}

namespace {

std::string remedy_for(const std::string& missing, const std::vector<std::string>& header) {
  if (header.size() == 1)
    if (const auto delimiter = core::other_delimiter(header.front()); !delimiter.empty())
      return delimiter + ": give it as --delimiter";
  if (const auto meant = core::did_you_mean(missing, header); !meant.empty())
    return meant;
  constexpr std::size_t shown = 30;
  std::string listed;
  for (std::size_t i = 0; i < std::min(shown, header.size()); ++i)
    listed += (i == 0 ? "columns: " : ", ") + header[i];
  return header.size() > shown ? listed + " and " + std::to_string(header.size() - shown) + " more" : listed;
}

} // namespace

core::result<std::size_t> find_column(const std::string& name, const std::vector<std::string>& header) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end())
    return fail("there is no column '" + name + "'", {}, remedy_for(name, header));
  return static_cast<std::size_t>(found - header.begin());
}

std::optional<std::string_view> take_row(std::string_view& csv, char delimiter) {
  if (csv.empty())
    return std::nullopt;
  const auto row = core::find_csv_row(csv, {.delimiter = delimiter}).value_or(core::text_row{csv.size(), csv.size()});
  const auto text = csv.substr(0, row.size);
  csv.remove_prefix(row.next);
  return text;
}

std::string csv_field(std::string_view text, char delimiter) {
  std::string out;
  core::append_csv_text(text, out, {.delimiter = delimiter});
  return out;
}

core::result<csv_input> csv_input::open(const std::string& path, char delimiter) {
  // Its header is read here, for its text is wanted.
  auto rows = core::csv_format;
  rows.header = nullptr;
  auto file = io::record_file::open(path, rows, {}, {.dialect = {.delimiter = delimiter}});
  if (!file)
    return tl::unexpected{std::move(file.error())};
  const auto first = (*file)->next([] { return true; });
  if ((*file)->failure())
    return tl::unexpected{*(*file)->failure()};
  if (!first)
    return fail("the file is empty", path, "a CSV file begins with the names of its columns");
  auto header = core::parse_csv_header(first->text, {.delimiter = delimiter});
  if (!header)
    return fail(header.error().what, path + ":" + std::to_string(first->line) + ", " + header.error().where,
                header.error().remedy);
  std::string text{first->text};
  return csv_input{std::move(*file), std::move(*header), std::move(text)};
}

std::optional<csv_input::row> csv_input::next() {
  const auto record = file_->next([] { return true; });
  if (!record)
    return std::nullopt;
  return row{record->text, record->line, record->is_cut};
}

} // namespace weir::cli
