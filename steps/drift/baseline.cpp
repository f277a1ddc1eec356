#include "steps/drift/baseline.hpp"

#include "config/model_beside.hpp"
#include "core/keyed/row_values.hpp"
#include "models/column_card.hpp"
#include "models/onnx/metadata.hpp"
#include "models/registry/model_reference.hpp"
#include "steps/drift/reference_file.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace weir::steps {

namespace {

using core::column_monitor;

constexpr std::array baseline_fields{
    config::field<&baseline_choice::model>("model", "a model whose card has it: of the feature of that name, or of the "
                                                    "prediction where a model makes the column"),
    config::field<&baseline_choice::file>("file", "CSV with a header, or JSON lines: all its records"),
};

/// Fewer say too little.
constexpr std::uint64_t least_records = 100;

core::result<column_monitor> of_numbers(const models::column_card& card, const core::monitor_options& how) {
  core::number_baseline known;
  known.edges = card.edges;
  known.counts = card.counts;
  known.records = card.rows;
  known.nulls = static_cast<std::uint64_t>(std::llround(card.missing * static_cast<double>(card.rows)));
  const auto values = known.records - std::min(known.nulls, known.records);
  const auto n = static_cast<double>(values);
  if (values > 1) {
    // A card has no third and fourth moment: those of a normal distribution stand for them.
    const auto m2 = card.deviation * card.deviation * (n - 1);
    known.moments = {.count = values, .mean = card.mean, .m2 = m2, .m3 = 0, .m4 = 3 * m2 * m2 / n};
  }
  auto made = column_monitor::of_numbers(how);
  if (auto given = made.numbers()->give(known, how); !given)
    return tl::unexpected{std::move(given.error())};
  return made;
}

core::result<column_monitor> of_texts(const models::column_card& card, const core::monitor_options& how) {
  core::category_baseline known;
  for (const auto& [name, share] : card.shares) {
    known.names.push_back(name);
    known.counts.push_back(static_cast<std::uint64_t>(std::llround(share * static_cast<double>(card.rows))));
  }
  auto made = column_monitor::of_texts(how);
  if (auto given = made.texts()->give(known); !given)
    return tl::unexpected{std::move(given.error())};
  return made;
}

core::result<column_monitor> read_card(const std::string& path, const watched_column& of,
                                       const core::monitor_options& how) {
  const auto resolved = models::resolve_model(path);
  if (!resolved)
    return tl::unexpected{resolved.error()};
  const auto metadata = models::read_metadata(resolved->file);
  if (!metadata)
    return tl::unexpected{metadata.error()};
  const auto columns = models::read_card_columns(*metadata);
  if (!columns)
    return core::fail(columns.error().what, path, columns.error().remedy);
  const auto feature = std::find_if(columns->features.begin(), columns->features.end(),
                                    [&](const auto& one) { return one.name == of.name; });
  const auto* card = feature != columns->features.end()       ? &*feature
                     : of.is_predicted && columns->prediction ? &*columns->prediction
                                                              : nullptr;
  if (card == nullptr)
    return core::fail(of.is_predicted ? "the model's card has no distribution of the prediction"
                                      : "the model has no feature '" + of.name + "', and no model makes that column",
                      path, "give the baseline as a file");
  if (card->is_text != (of.type == core::column_type::string))
    return core::fail("'" + of.name + "' is a " + (card->is_text ? "text" : "number") + " for the model, and a "
                          + std::string{to_string(of.type)} + " here",
                      path, "watch the column that the model reads");
  return card->is_text ? of_texts(*card, how) : of_numbers(*card, how);
}

void add(const core::batch& b, const watched_column& of, column_monitor& into) {
  const auto& values = b.at(0);
  if (of.type == core::column_type::string) {
    for (const auto row : b.rows)
      if (values.is_null(row))
        into.texts()->add_null(into.options());
      else
        into.texts()->add(values.text[row], into.options());
    return;
  }
  std::vector<double> numbers(b.rows.size());
  core::read_values(values, b.rows, numbers.data());
  into.numbers()->add(numbers, into.options());
}

/// Twice: bins are chosen by all its records, and all are counted in them.
core::result<column_monitor> read_file(const std::string& path, const watched_column& of, core::monitor_options how) {
  how.baseline_size = std::uint64_t{1} << 53;
  core::layout columns;
  columns.add({.name = of.name, .type = of.type, .from_source = true});
  auto made = of.type == core::column_type::string ? column_monitor::of_texts(how) : column_monitor::of_numbers(how);
  const auto visit = [&](const core::batch& b) { add(b, of, made); };
  if (auto read = read_reference(path, columns, visit); !read)
    return tl::unexpected{std::move(read.error())};
  made.begin_windows();
  if (auto read = read_reference(path, columns, visit); !read)
    return tl::unexpected{std::move(read.error())};
  if (made.records() < least_records)
    return core::fail("the baseline has " + std::to_string(made.records()) + " records", path,
                      "give one of " + std::to_string(least_records) + " at least");
  made.rebase();
  return made;
}

} // namespace

config::section_info fields_for(std::type_identity<baseline_choice>) {
  return {"baseline", baseline_fields};
}

bool read_value(config::yaml_section& from, std::string_view name, const config::limits&, baseline_choice& into) {
  const auto* node = from.find(name);
  if (node == nullptr || node->shape != config::yaml_node::shape::mapping)
    return from.choice(name, into.kind, baseline_words);
  config::yaml_section section{from.reader(), *node, std::string{name}};
  config::read_fields(section, baseline_fields, &into);
  if (into.model.text.empty() == into.file.text.empty()) {
    from.report(node->at, "a baseline of somebody else's is of a model or of a file: { model: models/risk.onnx }, or { "
                          "file: reference.csv }");
    return false;
  }
  into.kind = core::drift_baseline::given;
  into.at = node->at;
  return true;
}

config::value show_value(const baseline_choice& of) {
  for (const auto& [word, meaning] : baseline_words)
    if (meaning == of.kind)
      return {std::string{word}};
  return config::show_section(baseline_fields, &of);
}

core::result<column_monitor> read_baseline(const baseline_choice& from, const watched_column& of,
                                           const core::monitor_options& how, const std::string& beside) {
  if (!from.model.text.empty())
    return read_card(config::model_beside(from.model.text, beside), of, how);
  std::filesystem::path path{from.file.text};
  if (const auto other = std::filesystem::path{beside}.parent_path() / path;
      !std::filesystem::exists(path) && std::filesystem::exists(other))
    path = other;
  return read_file(path.string(), of, how);
}

} // namespace weir::steps
