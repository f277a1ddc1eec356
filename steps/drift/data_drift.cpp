#include "config/binding.hpp"
#include "core/base/fingerprint.hpp"
#include "core/base/short_number.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/drift/column_monitor.hpp"
#include "core/keyed/paged_operator.hpp"
#include "core/keyed/row_values.hpp"
#include "steps/drift/baseline.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

constexpr std::array<std::pair<std::string_view, bin_rule>, 2> binning_words{{
    {"quantile", bin_rule::quantile},
    {"width", bin_rule::width},
}};
constexpr config::words<bin_rule> words_for(std::type_identity<bin_rule>) {
  return binning_words;
}

} // namespace weir::core

namespace weir::steps {

namespace {

enum class drift_scope : std::uint8_t { lane, pipeline };

constexpr std::array<std::pair<std::string_view, drift_scope>, 2> scope_words{{
    {"lane", drift_scope::lane},
    {"pipeline", drift_scope::pipeline},
}};
constexpr config::words<drift_scope> words_for(std::type_identity<drift_scope>) {
  return scope_words;
}

using namespace config;
using core::batch;
using core::column_builder;
using core::column_id;
using core::column_type;
using core::drift_method;

struct data_drift_settings {
  column_name of;
  std::vector<located> methods;
  drift_scope scope = drift_scope::lane;
  baseline_choice baseline;
  core::monitor_options how;
  std::uint32_t window = 1000;
  double alpha = core::default_alpha;
  new_column as;
  new_column drift_percent;
  new_column p_value;
  new_column reason;
};

constexpr std::array data_drift_fields{
    field<&data_drift_settings::of>("data_drift", "the column that is watched: numbers, booleans, timestamps or texts",
                                    required),
    field<&data_drift_settings::methods>(
        "methods", "of numbers population_stability_index, kolmogorov_smirnov, wasserstein_distance, jensen_shannon, "
                   "chi_square, welch, variance_ratio, nulls; default: the first two and nulls; of texts "
                   "population_stability_index, jensen_shannon, chi_square, nulls; default: chi_square and nulls"),
    field<&data_drift_settings::scope>("scope",
                                       "of each lane by itself, with columns that say it of records; or of the "
                                       "whole pipeline, with values for alerts"),
    field<&data_drift_settings::baseline>(
        "baseline", "what windows are compared with: the first records, the window before, or `{ model: "
                    "models/risk.onnx }` or `{ file: reference.csv }`"),
    field<&data_drift_settings::how, &core::monitor_options::baseline_size>(
        "baseline_size", "records that make the baseline", between(100, 100'000'000)),
    field<&data_drift_settings::window>("window", "records of a window, at whose end there is a verdict",
                                        between(50, 100'000'000)),
    field<&data_drift_settings::alpha>("alpha", "how probable a false alarm of a window may be",
                                       above(0) | between(0, 0.5)),
    field<&data_drift_settings::how, &core::monitor_options::binning>(
        "binning", "bins with as many values of the baseline each, or of one width"),
    field<&data_drift_settings::how, &core::monitor_options::bins>("bins", "of a column of numbers", between(2, 32)),
    field<&data_drift_settings::as>(
        "as",
        "boolean column: has it drifted; true at the end of a window, null while the baseline is made; of the whole "
        "pipeline a value for alerts: 1 or 0",
        required),
    field<&data_drift_settings::drift_percent>(
        "drift_percent", "double column: how much of the window lies elsewhere, at its end; null elsewhere"),
    field<&data_drift_settings::p_value>("p_value",
                                         "double column: how probable that is by chance, at the end of a window"),
    field<&data_drift_settings::reason>("reason", "text column: what the methods say of a drift; null without one"),
};

/// A monitor at its place in a pipeline. A column that is absent is not made.
struct bound_monitor {
  column_id of = 0;
  std::string of_name;
  column_type type = column_type::float64;
  std::vector<drift_method> methods;
  core::monitor_options how;
  std::optional<core::column_monitor> given; ///< with a baseline of somebody else's
  std::uint32_t window = 0;
  double alpha = 0;
  column_id as = 0;
  std::string as_name;
  std::optional<column_id> drift_percent{};
  std::optional<column_id> p_value{};
  std::optional<column_id> reason{};
  std::uint8_t table = 0;
};

core::column_monitor first_monitor(const bound_monitor& of) {
  if (of.given)
    return *of.given;
  return of.type == column_type::string ? core::column_monitor::of_texts(of.how)
                                        : core::column_monitor::of_numbers(of.how);
}

/// The most bytes of an encoded monitor, with room to spare.
constexpr std::size_t largest_monitor = 64 * 1024;

core::paged_table::options table_of(const bound_monitor& of, std::uint64_t bytes) {
  core::paged_table::options table;
  table.max_keys = 1;
  table.max_bytes = bytes;
  table.max_blob_bytes = largest_monitor;
  const auto layout = "data drift of " + of.of_name + ' ' + std::string{to_string(of.type)} + ", bins "
                      + std::to_string(of.how.bins) + ' ' + std::to_string(static_cast<int>(of.how.binning))
                      + ", baseline " + std::to_string(of.how.baseline_size) + ' '
                      + std::to_string(static_cast<int>(of.how.baseline));
  table.identity = {static_cast<std::uint8_t>(state_tag::paged), of.table, core::fingerprint(layout), of.as_name};
  table.valid = [of](std::span<const std::byte> state) {
    core::byte_reader from{{reinterpret_cast<const char*>(state.data()), state.size()}};
    return first_monitor(of).decode(from);
  };
  return table;
}

class data_drift_operator final : public core::paged_operator {
public:
  data_drift_operator(std::shared_ptr<const bound_monitor> what, std::uint64_t bytes) :
      paged_operator{{table_of(*what, bytes)}}, what_{std::move(what)}, monitor_{first_monitor(*what_)} {}

  std::string describe(std::string_view) const override { return "the monitor of '" + what_->as_name + "'"; }

  void process(batch& b) override {
    auto& blob = table().find_or_insert(std::nullopt);
    if (!is_loaded_ && !blob.empty()) {
      const auto bytes = blob.bytes();
      core::byte_reader from{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
      (void)monitor_.decode(from); // it was valid when it was restored
      if (what_->given && !monitor_.has_baseline_of(*what_->given))
        monitor_ = *what_->given; // another one was given since
    }
    is_loaded_ = true;
    for (auto* made : {&as_, &drift_percent_, &p_value_, &reason_})
      made->start(b.raw->size());
    what_->type == column_type::string ? watch_texts(b) : watch_numbers(b);
    core::set_column(b, what_->as, as_.finish());
    for (const auto& [id, made] : {std::pair{what_->drift_percent, &drift_percent_},
                                   std::pair{what_->p_value, &p_value_}, std::pair{what_->reason, &reason_}})
      if (auto column = made->finish(); id)
        core::set_column(b, *id, std::move(column));
    bytes_.clear();
    monitor_.encode(bytes_);
    if (blob.size() != bytes_.size() && !grow(0, blob, bytes_.size()))
      return;
    blob.write(0, std::as_bytes(std::span{bytes_}));
  }

private:
  void watch_numbers(const batch& b) {
    values_.resize(b.rows.size());
    core::read_values(b.at(what_->of), b.rows, values_.data());
    for (std::size_t i = 0; i < b.rows.size(); ++i) {
      monitor_.numbers()->add(values_[i], what_->how);
      say(b.rows[i]);
    }
  }

  void watch_texts(const batch& b) {
    const auto& texts = b.at(what_->of);
    for (const auto row : b.rows) {
      if (texts.is_null(row))
        monitor_.texts()->add_null(what_->how);
      else
        monitor_.texts()->add(texts.text[row], what_->how);
      say(row);
    }
  }

  /// Behind the record of a row.
  void say(core::row_index row) {
    drift_percent_.set_null(row);
    p_value_.set_null(row);
    reason_.set_null(row);
    if (!monitor_.is_watching())
      return as_.set_null(row);
    if (monitor_.records() < what_->window)
      return;
    const auto found = monitor_.verdict(what_->methods, what_->alpha);
    monitor_.next_window();
    as_.i64()[row] = found.is_drift ? 1 : 0;
    drift_percent_.set_valid(row);
    drift_percent_.f64()[row] = found.drift_percent;
    p_value_.set_valid(row);
    p_value_.f64()[row] = found.p_value;
    if (!found.is_drift || !what_->reason)
      return;
    const auto begin = reason_.arena().size();
    reason_.arena() += reason_of(found);
    reason_.set_valid(row);
    reason_.set_from_arena(row, begin);
  }

  std::string reason_of(const core::column_verdict& found) const {
    auto text = core::short_number(found.drift_percent) + " % of the values of " + what_->of_name + " lie elsewhere, "
                + core::short_number(found.chance_percent) + " % by chance:";
    const char* between = " ";
    for (const auto& one : found.methods)
      if (one.is_drift) {
        text += between + std::string{name_of(one.method)} + ' ' + core::short_number(one.statistic) + " (p "
                + core::short_number(one.p_value) + ')';
        between = ", ";
      }
    return text;
  }

  std::shared_ptr<const bound_monitor> what_;
  core::column_monitor monitor_; ///< what the blob holds
  bool is_loaded_ = false;
  column_builder as_{column_type::boolean};
  column_builder drift_percent_{column_type::float64};
  column_builder p_value_{column_type::float64};
  column_builder reason_{column_type::string};
  std::vector<double> values_;
  std::string bytes_;
};

std::vector<drift_method> methods_of(const data_drift_settings& s, bool is_text, binding& into) {
  std::vector<drift_method> methods;
  for (const auto& name : s.methods) {
    const auto method = core::drift_method_named(name.text);
    const bool is_for_numbers = method == drift_method::kolmogorov_smirnov
                                || method == drift_method::wasserstein_distance || method == drift_method::welch
                                || method == drift_method::variance_ratio;
    if (!method)
      into.report(name.at, "no method of data_drift is called '" + name.text + "'");
    else if (is_text && is_for_numbers)
      into.report(name.at, "'" + name.text + "' is a method for numbers, and '" + s.of.text + "' is a string");
    else
      methods.push_back(*method);
  }
  if (s.methods.empty())
    is_text ? methods.assign(std::begin(core::default_text_methods), std::end(core::default_text_methods))
            : methods.assign(std::begin(core::default_number_methods), std::end(core::default_number_methods));
  return methods;
}

/// Reads the baseline that somebody else has, once models are opened. Nothing: there is none, or it is wrong, which has
/// been said.
std::optional<core::column_monitor> given_baseline(const data_drift_settings& s, std::optional<column_id> of,
                                                   core::monitor_options& how, binding& into) {
  how.baseline = s.baseline.kind;
  if (how.baseline != core::drift_baseline::given || !into.opens_models() || !of || into.is_unknown(of))
    return std::nullopt;
  auto made = read_baseline(s.baseline, {s.of.text, into.type_of(*of), into.is_predicted(*of)}, how, into.file());
  if (made)
    return *std::move(made);
  into.report(s.baseline.at, made.error().text());
  return std::nullopt;
}

/// One verdict for the stream, over all columns that are watched so.
void bind_over_stream(const data_drift_settings& s, column_id of, column_type type, binding& into) {
  if (!s.reason.text.empty())
    into.report(s.reason.at, "'reason' is a column of records: of the whole pipeline /api/v1/stats says what each "
                             "method found");
  core::stream_column column{.name = s.of.text,
                             .of = of,
                             .is_text = type == column_type::string,
                             .methods = methods_of(s, type == column_type::string, into),
                             .how = s.how,
                             .given = {},
                             .drifts_as = s.as.text,
                             .percent_as = s.drift_percent.text,
                             .p_value_as = s.p_value.text};
  column.given = given_baseline(s, of, column.how, into);
  into.add_over_stream(std::move(column),
                       {.columns = {}, .window = s.window, .baseline_size = s.how.baseline_size, .alpha = s.alpha},
                       {s.as, s.drift_percent, s.p_value});
}

void bind(const data_drift_settings& s, binding& into) {
  const auto of = into.use(s.of);
  const bool is_known = of && !into.is_unknown(of);
  const auto type = is_known ? into.type_of(*of) : column_type::float64;
  if (s.scope == drift_scope::pipeline)
    return bind_over_stream(s, of.value_or(0), type, into);
  bound_monitor what{.of = of.value_or(0),
                     .of_name = s.of.text,
                     .type = type,
                     .methods = methods_of(s, type == column_type::string, into),
                     .how = s.how,
                     .given = {},
                     .window = s.window,
                     .alpha = s.alpha,
                     .as_name = s.as.text,
                     .table = into.next_paged_table()};
  what.given = given_baseline(s, of, what.how, into);
  what.as = into.make(s.as, column_type::boolean);
  what.drift_percent = into.make_if_named(s.drift_percent, column_type::float64);
  what.p_value = into.make_if_named(s.p_value, column_type::float64);
  what.reason = into.make_if_named(s.reason, column_type::string);
  if (!is_known)
    return;
  const auto shared = std::make_shared<const bound_monitor>(std::move(what));
  const auto most = core::paged_table::most_bytes_of(largest_monitor);
  into.add_paged({{s.as.text, most, most},
                  [shared](std::uint64_t bytes) { return std::make_shared<data_drift_operator>(shared, bytes); }});
}

} // namespace

constexpr step_kind data_drift = make_kind<data_drift_settings, data_drift_fields, bind>(
    "data_drift", "a column that is distributed otherwise than it was: windows against a baseline",
    "{ data_drift: Amount, baseline_size: 5000, window: 1000, as: amount_drifts, drift_percent: amount_drift, reason: "
    "amount_why }");

} // namespace weir::steps
