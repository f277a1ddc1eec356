#include "cli/drift_report.hpp"

#include "cli/csv_input.hpp"
#include "models/column_card.hpp"
#include "models/onnx/metadata.hpp"
#include "models/registry/model_reference.hpp"
#include "steps/drift/baseline.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

namespace weir::cli {

namespace {

using core::column_monitor;
using core::drift_method;
using core::fail;

/// A column of the data, and where it stands in both files.
struct compared_column {
  std::string name;
  std::size_t in_data = 0;
  std::size_t in_baseline = 0; ///< of a file
  bool is_text = false;
};

bool is_model(const std::string& path) {
  return !path.ends_with(".csv");
}

/// Calls for each row with its fields.
core::result<void> for_each_row(const std::string& path, char delimiter,
                                const std::function<void(const core::csv_fields&)>& visit) {
  auto file = csv_input::open(path, delimiter);
  if (!file)
    return tl::unexpected{std::move(file.error())};
  core::csv_fields fields{{.delimiter = delimiter}};
  while (const auto row = file->next()) {
    const auto at = path + ":" + std::to_string(row->line);
    if (row->is_cut || !fields.read(row->text))
      return fail(row->is_cut ? "the row is too long" : fields.problem(), at, "repair or remove it");
    if (fields.size() != file->header().size())
      return fail("the row has " + std::to_string(fields.size()) + " fields, the header "
                      + std::to_string(file->header().size()),
                  at, "repair or remove it");
    visit(fields);
  }
  return file->failure() ? core::result<void>{tl::unexpected{*file->failure()}} : core::result<void>{};
}

core::result<std::vector<std::string>> header_of(const std::string& path, char delimiter) {
  auto file = csv_input::open(path, delimiter);
  return file ? core::result<std::vector<std::string>>{file->header()} : tl::unexpected{std::move(file.error())};
}

bool is_null(const core::csv_fields::field& field) {
  return field.text.empty() && !field.is_quoted;
}

/// A column with a field that is no number is one of texts.
core::result<void> find_texts(const std::string& path, char delimiter, std::vector<compared_column>& columns,
                              std::size_t compared_column::*place) {
  return for_each_row(path, delimiter, [&](const core::csv_fields& row) {
    for (auto& column : columns)
      if (const auto& field = row[column.*place]; !column.is_text && !is_null(field))
        column.is_text = !number_of(field.text).has_value();
  });
}

void add(const core::csv_fields::field& field, column_monitor& into) {
  if (auto* numbers = into.numbers()) {
    const auto value = is_null(field) ? std::nullopt : number_of(field.text);
    numbers->add(value.value_or(std::numeric_limits<double>::quiet_NaN()), into.options());
  } else if (is_null(field)) {
    into.texts()->add_null(into.options());
  } else {
    into.texts()->add(field.text, into.options());
  }
}

core::result<void> add_rows(const std::string& path, char delimiter, const std::vector<compared_column>& columns,
                            std::size_t compared_column::*place, std::vector<reported_column>& into) {
  return for_each_row(path, delimiter, [&](const core::csv_fields& row) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      add(row[columns[i].*place], into[i].monitor);
  });
}

column_monitor empty_monitor(bool is_text, const drift_report_options& options) {
  core::monitor_options how;
  how.bins = options.bins;
  how.baseline_size = std::uint64_t{1} << 53; // all records are the baseline
  return is_text ? column_monitor::of_texts(how) : column_monitor::of_numbers(how);
}

/// Bins are chosen by all rows of a file, and all are counted in them.
core::result<void> read_baseline_file(const drift_report_options& options, const std::vector<compared_column>& columns,
                                      std::vector<reported_column>& into) {
  for (const auto& column : columns)
    into.push_back({column.name, empty_monitor(column.is_text, options), {}, false, 1});
  const auto read = [&] {
    return add_rows(options.baseline, options.delimiter, columns, &compared_column::in_baseline, into);
  };
  if (auto chosen = read(); !chosen)
    return chosen;
  for (auto& one : into)
    one.monitor.begin_windows();
  if (auto counted = read(); !counted)
    return counted;
  for (auto& one : into)
    one.monitor.rebase();
  return {};
}

core::result<void> read_baseline_card(const drift_report_options& options, std::vector<compared_column>& columns,
                                      std::vector<reported_column>& into) {
  core::monitor_options how;
  how.baseline = core::drift_baseline::given;
  steps::baseline_choice from;
  from.model.text = options.baseline;
  for (const auto& column : columns) {
    const auto type = column.is_text ? core::column_type::string : core::column_type::float64;
    auto made = steps::read_baseline(from, {column.name, type, column.name == options.predicted}, how, {});
    if (!made)
      return tl::unexpected{std::move(made.error())};
    into.push_back({column.name, *std::move(made), {}, false, 1});
  }
  return {};
}

/// Those that the baseline has: names, and whether they are of texts, as far as that is said.
core::result<std::vector<std::pair<std::string, bool>>> columns_of_baseline(const drift_report_options& options) {
  std::vector<std::pair<std::string, bool>> all;
  if (!is_model(options.baseline)) {
    auto header = header_of(options.baseline, options.delimiter);
    if (!header)
      return tl::unexpected{std::move(header.error())};
    for (auto& name : *header)
      all.emplace_back(std::move(name), false);
    return all;
  }
  const auto resolved = models::resolve_model(options.baseline);
  if (!resolved)
    return tl::unexpected{resolved.error()};
  const auto metadata = models::read_metadata(resolved->file);
  if (!metadata)
    return tl::unexpected{metadata.error()};
  const auto card = models::read_card_columns(*metadata);
  if (!card)
    return fail(card.error().what, options.baseline, card.error().remedy);
  for (const auto& feature : card->features)
    all.emplace_back(feature.name, feature.is_text);
  if (!options.predicted.empty())
    all.emplace_back(options.predicted, false);
  return all;
}

core::result<std::vector<compared_column>> find_columns(const drift_report_options& options,
                                                        std::vector<std::string>& left_out) {
  const auto known = columns_of_baseline(options);
  if (!known)
    return tl::unexpected{known.error()};
  const auto header = header_of(options.data, options.delimiter);
  if (!header)
    return tl::unexpected{header.error()};
  std::vector<compared_column> columns;
  const auto add_column = [&](const std::string& name) {
    const auto in_baseline =
        std::find_if(known->begin(), known->end(), [&](const auto& one) { return one.first == name; });
    const auto in_data = std::find(header->begin(), header->end(), name);
    if (in_baseline == known->end() || in_data == header->end())
      return false;
    columns.push_back({name, static_cast<std::size_t>(in_data - header->begin()),
                       static_cast<std::size_t>(in_baseline - known->begin()), in_baseline->second});
    return true;
  };
  for (const auto& name : options.columns)
    if (!add_column(name)) {
      if (const auto found = find_column(name, *header); !found)
        return fail(found.error().what, options.data, found.error().remedy);
      return fail("the baseline has no column '" + name + "'", options.baseline, "name columns that both have");
    }
  if (options.columns.empty()) {
    for (const auto& [name, is_text] : *known)
      if (!add_column(name))
        left_out.push_back(name);
    for (const auto& name : *header)
      if (std::none_of(known->begin(), known->end(), [&](const auto& one) { return one.first == name; }))
        left_out.push_back(name);
  }
  if (columns.empty())
    return fail("there is no column that both have", options.data, "compare files of the same columns");
  return columns;
}

bool fits(drift_method method, bool is_text) {
  return !is_text
         || (method != drift_method::kolmogorov_smirnov && method != drift_method::wasserstein_distance
             && method != drift_method::welch && method != drift_method::variance_ratio);
}

core::result<std::vector<drift_method>> methods_of(const drift_report_options& options) {
  std::vector<drift_method> all;
  for (const auto& name : options.methods) {
    const auto method = core::drift_method_named(name);
    if (!method)
      return fail("no method is called '" + name + "'", {},
                  "population_stability_index, kolmogorov_smirnov, wasserstein_distance, jensen_shannon, chi_square, "
                  "welch, variance_ratio, nulls");
    all.push_back(*method);
  }
  if (all.empty())
    all = {drift_method::population_stability_index,
           drift_method::kolmogorov_smirnov,
           drift_method::wasserstein_distance,
           drift_method::jensen_shannon,
           drift_method::chi_square,
           drift_method::nulls};
  return all;
}

std::uint64_t baseline_rows(const column_monitor& of) {
  return of.numbers() ? of.numbers()->baseline().records : of.texts()->baseline().records;
}

void judge(drift_report& report, const std::vector<drift_method>& methods) {
  std::vector<core::column_verdict> verdicts;
  for (auto& one : report.columns) {
    std::vector<drift_method> fitting;
    std::copy_if(methods.begin(), methods.end(), std::back_inserter(fitting),
                 [&](auto method) { return fits(method, one.monitor.texts() != nullptr); });
    one.verdict = one.monitor.verdict(fitting, report.alpha);
    verdicts.push_back(one.verdict);
    report.rows = std::max(report.rows, one.monitor.records());
    report.baseline_rows = std::max(report.baseline_rows, baseline_rows(one.monitor));
  }
  const auto all = core::verdict_of(verdicts, report.alpha);
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    report.columns[i].is_drift = all.is_drift[i];
    report.columns[i].adjusted_p_value = all.p_values[i];
  }
  std::stable_sort(report.columns.begin(), report.columns.end(), [](const auto& one, const auto& other) {
    return std::pair{one.is_drift, one.verdict.drift_percent} > std::pair{other.is_drift, other.verdict.drift_percent};
  });
}

} // namespace

std::size_t drift_report::drifting() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(columns.begin(), columns.end(), [](const auto& one) { return one.is_drift; }));
}

core::result<drift_report> compare_with_baseline(const drift_report_options& options) {
  drift_report report;
  report.baseline = options.baseline;
  report.data = options.data;
  report.alpha = options.alpha;
  const auto methods = methods_of(options);
  if (!methods)
    return tl::unexpected{methods.error()};
  auto columns = find_columns(options, report.left_out);
  if (!columns)
    return tl::unexpected{std::move(columns.error())};
  const bool has_model = is_model(options.baseline);
  if (!has_model) {
    for (const auto& [path, place] : {std::pair{&options.baseline, &compared_column::in_baseline},
                                      std::pair{&options.data, &compared_column::in_data}})
      if (auto found = find_texts(*path, options.delimiter, *columns, place); !found)
        return tl::unexpected{std::move(found.error())};
  }
  auto made = has_model ? read_baseline_card(options, *columns, report.columns)
                        : read_baseline_file(options, *columns, report.columns);
  if (made)
    made = add_rows(options.data, options.delimiter, *columns, &compared_column::in_data, report.columns);
  if (!made)
    return tl::unexpected{std::move(made.error())};
  judge(report, *methods);
  if (report.rows == 0)
    return fail("the data has no rows", options.data, "compare a file that has some");
  if (!has_model && report.baseline_rows == 0)
    return fail("the baseline has no rows", options.baseline, "compare with a file that has some");
  return report;
}

} // namespace weir::cli
