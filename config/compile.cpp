#include "config/compile.hpp"

#include "config/explain.hpp"
#include "config/steps.hpp"
#include "core/format/decoder.hpp"
#include "core/format/json_text.hpp"
#include "core/keyed/rolling.hpp"
#include "models/detector.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <span>

namespace weir::config {

namespace {

using core::column_id;

constexpr std::uint32_t panes_by_key = 12;
constexpr std::uint32_t panes_of_cluster = 60;

std::string severity_text(severity level) {
  switch (level) {
  case severity::low: return "low";
  case severity::medium: return "medium";
  case severity::high: return "high";
  case severity::critical: return "critical";
  }
  return {};
}

/// Puts a plan together, step by step in the order in which records meet them. After an error it goes on, to find the
/// others.
class plan_builder {
public:
  explicit plan_builder(const pipeline& of) : of_{of} {}

  tl::expected<lane_plan, std::vector<diagnostic>> run() {
    plan_.pipeline_name = of_.name;
    plan_.source_format = of_.source.format;
    plan_.sink_format = of_.sinks.empty() ? data_format::json : of_.sinks.front().format;
    add_schema();
    add_transforms();
    const auto aggregates_first = aggregates_before_inference(of_);
    auto before = std::make_shared<core::keyed_plan>();
    auto after = std::make_shared<core::keyed_plan>();
    if (aggregates_first)
      add_aggregates(*before);
    add_scorers();
    if (!aggregates_first)
      add_aggregates(*after);
    add_detectors(*after);
    plan_.before_inference = std::move(before);
    plan_.after_inference = std::move(after);
    add_alerts();
    choose_output();
    plan_.columns = std::make_shared<const core::layout>(std::move(columns_));
    if (problems_.empty())
      return std::move(plan_);
    sort(problems_);
    return tl::unexpected{std::move(problems_)};
  }

private:
  /// What is wrong with the item at `at`, which is made of `texts`.
  void report(position at, const core::error& e, std::initializer_list<const located*> texts) {
    auto message = e.what + (e.remedy.empty() ? "" : ": " + e.remedy);
    problems_.push_back({of_.file, at, without_secrets(std::move(message), texts)});
  }

  void report(const located& text, const core::error& e) {
    auto [at, message] = explain(text, e);
    problems_.push_back({of_.file, at, std::move(message)});
  }

  /// The newest column of that name; reports an unknown one.
  std::optional<column_id> find(const located& name) {
    auto id = columns_.find(name.text);
    if (!id)
      report(name, {"unknown column" + (name.hidden ? "" : " '" + name.text + "'"), {}, {}});
    return id;
  }

  void add_schema() {
    for (const auto& field : of_.schema) {
      columns_.add({field.name, field.type, true, field.required, true});
      plan_.source_fields.push_back(field.name);
    }
    if (!of_.source.header.empty())
      plan_.source_fields = of_.source.header;
  }

  void add_transforms() {
    auto steps = std::make_shared<std::vector<core::transform_ptr>>();
    auto add = [&](const located& text, core::result<core::transform_ptr> made) {
      if (made)
        steps->push_back(*std::move(made));
      else
        report(text, made.error());
    };
    for (const auto& step : of_.preprocess) {
      if (const auto* filter = std::get_if<filter_step>(&step))
        add(filter->when, core::make_filter(columns_, filter->when.text));
      else if (const auto* derive = std::get_if<derive_step>(&step))
        for (const auto& [name, expression] : derive->columns)
          add(expression, core::make_derive(columns_, name.text, expression.text));
      else if (const auto* encode = std::get_if<encode_step>(&step))
        add(encode->column, core::make_encode(columns_, encode->column.text, encode->categories, encode->as.text));
      else
        add_drop_null(std::get<drop_null_step>(step), add);
    }
    plan_.transforms = std::move(steps);
  }

  template <class Add>
  void add_drop_null(const drop_null_step& step, Add& add) {
    std::vector<std::string> names;
    for (const auto& column : step.columns)
      names.push_back(column.text);
    if (!names.empty())
      add(step.columns.front(), core::make_drop_null(columns_, names));
  }

  void add_aggregates(core::keyed_plan& into) {
    for (const auto& a : of_.aggregate) {
      const auto of = find(a.of);
      const auto by = a.by ? find(*a.by) : std::nullopt;
      const auto time = a.time ? find(*a.time) : std::nullopt;
      if (!of || (a.by && !by) || (a.time && !time))
        continue;
      if (!a.by) {
        plan_.cluster_aggregates.push_back(
            {a.as.text,
             a.what,
             *of,
             time,
             {a.over.count(), a.allowed_lateness.count(), a.panes == 0 ? panes_of_cluster : a.panes}});
        continue;
      }
      const core::time_window window{a.over.count(), a.allowed_lateness.count(), a.panes == 0 ? panes_by_key : a.panes};
      if (a.last == 0 && !window.valid()) {
        report(a.at,
               {"the window of '" + a.as.text + "' is out of range",
                {},
                "it has one pane at least, of one millisecond at least"},
               {&a.as});
        continue;
      }
      core::keyed_step step{.run = {}, .of = *of, .by = by, .time = time, .max_keys = a.max_keys, .value = a.as.text};
      step.run = a.last != 0 ? core::make_rolling_by_count(a.what, a.last) : core::make_rolling_by_time(a.what, window);
      if (auto added = into.add(columns_, std::move(step)); !added)
        report(a.at, added.error(), {&a.as, &a.of, &*a.by});
    }
  }

  /// A path that is not there as it stands is looked for beside the pipeline file.
  std::string resolved(const std::string& path) const {
    const std::filesystem::path as_written{path};
    std::error_code ignored;
    if (as_written.is_absolute() || std::filesystem::exists(as_written, ignored))
      return path;
    const auto beside = std::filesystem::path{of_.file}.parent_path() / as_written;
    return std::filesystem::exists(beside, ignored) ? beside.string() : path;
  }

  void add_scorers() {
    for (const auto& i : of_.infer) {
      std::vector<column_id> inputs;
      bool known = true;
      for (const auto& name : i.inputs) {
        const auto id = find(name);
        known = known && id;
        inputs.push_back(id.value_or(0));
      }
      auto model = models::model::load(resolved(i.model.text), i.version);
      if (!model) {
        report(i.model.at, model.error(), {&i.model});
        columns_.add({i.as.text, core::column_type::float64});
        if (!i.version_as.text.empty())
          columns_.add({i.version_as.text, core::column_type::string});
        continue;
      }
      if (!known)
        continue;
      auto scorer = models::scorer::make(*model, columns_, std::move(inputs), i.as.text, {}, i.version_as.text);
      if (scorer) {
        plan_.scorers.push_back(*scorer);
        plan_.models.push_back({i.as.text, (*model)->version()});
      } else
        report(i.model.at, scorer.error(), {&i.model, &i.as});
    }
  }

  void add_detectors(core::keyed_plan& into) {
    for (const auto& d : of_.detect) {
      const auto of = find(d.of);
      const auto by = d.by ? find(*d.by) : std::nullopt;
      if (!of || (d.by && !by))
        continue;
      core::keyed_step step{
          .run = {}, .of = *of, .by = by, .max_keys = d.max_keys, .value = d.score.text, .flag = d.as.text};
      switch (d.kind) {
      case detector_kind::zscore: step.run = models::make_zscore({d.threshold, d.min_count}); break;
      case detector_kind::moving_average:
        step.run = models::make_moving_average({d.threshold, d.min_count, d.last});
        break;
      case detector_kind::threshold: step.run = models::make_threshold({d.above, d.below}); break;
      }
      if (auto added = into.add(columns_, std::move(step)); !added)
        report(d.at, added.error(), {&d.as, &d.of, &d.score, d.by ? &*d.by : &d.of});
    }
  }

  void add_alerts() {
    const auto aggregates = cluster_names(of_);
    const auto engine = core::engine_alerts::columns(aggregates);
    auto lane = columns_;
    for (const auto& name : aggregates)
      lane.add({name, core::column_type::float64});
    plan_.cluster = std::make_shared<core::cluster_values>(aggregates);
    auto rules = std::make_shared<core::lane_alert_rules>();
    rules->pipeline = of_.name;
    if (const auto* from = std::get_if<kafka_source>(&of_.source.from))
      rules->topic = from->topic;
    else
      rules->topic = std::get<file_source>(of_.source.from).path;
    rules->lane_columns = columns_.size();
    rules->cluster = plan_.cluster;
    for (const auto& [column, version] : plan_.models)
      rules->models +=
          (rules->models.empty() ? "" : ",") + core::json_quoted(column) + ":" + core::json_quoted(version);
    for (const auto& rule : of_.alerts) {
      const auto by = rule.by ? find(*rule.by) : std::nullopt;
      const auto is_engine = is_engine_rule(rule, engine);
      auto bound =
          core::alert_rule::bind(is_engine ? engine : lane, {rule.name, rule.when.text, severity_text(rule.level),
                                                             rule.summary.text, by, rule.repeat.count()});
      if (!bound)
        report(alert_part(rule, bound.error()), bound.error());
      else if (is_engine)
        plan_.engine_rules.push_back(*std::move(bound));
      else {
        rules->rules.push_back(*std::move(bound));
        rules->by_names.push_back(rule.by ? rule.by->text : "key");
      }
    }
    plan_.lane_rules = std::move(rules);
  }

  /// What a step makes replaces a field of that name in the record, whether or not the schema has it.
  void choose_output() {
    std::set<std::string> dropped;
    for (const auto& name : of_.output.drop)
      dropped.insert(name.text);
    auto cut = dropped;
    for (column_id id = 0; id < columns_.size(); ++id) {
      auto& column = columns_[id];
      const auto is_replaced = columns_.find(column.name) != id;
      column.output = !dropped.contains(column.name) && !is_replaced;
      if (!column.from_source)
        cut.insert(column.name);
    }
    plan_.cut.assign(cut.begin(), cut.end());
  }

  const pipeline& of_;
  lane_plan plan_;
  core::layout columns_;
  std::vector<diagnostic> problems_;
};

} // namespace

std::unique_ptr<core::preprocessor> lane_plan::make_preprocessor(std::vector<std::string> header) const {
  core::decode_options options;
  options.columns = columns.get();
  options.cut = cut;
  options.sink = sink_format;
  options.csv_header = header.empty() ? source_fields : std::move(header);
  auto decoder = source_format == data_format::csv ? core::make_csv_decoder(std::move(options))
                                                   : core::make_json_decoder(std::move(options));
  return std::make_unique<core::preprocessor>(std::move(decoder), transforms);
}

std::unique_ptr<core::record_writer> lane_plan::make_writer() const {
  return sink_format == data_format::csv ? core::make_csv_writer(*columns) : core::make_json_writer(*columns);
}

std::string lane_plan::csv_header(const std::vector<std::string>& header) const {
  std::vector<std::string> fields;
  for (const auto& name : header.empty() ? source_fields : header)
    if (!std::binary_search(cut.begin(), cut.end(), name))
      fields.push_back(name);
  return core::csv_header(fields, *columns);
}

std::vector<core::state_need> lane_plan::state_needs() const {
  auto needs = before_inference->state_needs();
  for (auto& more : after_inference->state_needs())
    needs.push_back(std::move(more));
  for (const auto& step : paged_steps)
    needs.push_back(step.needs);
  return needs;
}

operator_list lane_plan::make_operators_before_inference(std::uint64_t state_bytes) const {
  const auto shares = core::share_state(state_needs(), state_bytes);
  operator_list operators;
  if (!before_inference->empty())
    operators.push_back(
        before_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_before_inference),
                                         std::span{shares}.first(before_inference->state_needs().size())));
  return operators;
}

operator_list lane_plan::make_operators_after_inference(std::uint64_t state_bytes) const {
  const auto all_shares = core::share_state(state_needs(), state_bytes);
  const auto tables = after_inference->state_needs().size();
  const auto shares = std::span{all_shares}.subspan(before_inference->state_needs().size());
  operator_list operators;
  if (!after_inference->empty())
    operators.push_back(after_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_and_detectors),
                                                        shares.first(tables)));
  for (std::size_t i = 0; i < paged_steps.size(); ++i)
    operators.push_back(paged_steps[i].make(shares[tables + i]));
  if (!cluster_aggregates.empty())
    operators.push_back(std::make_shared<core::pane_collector>(cluster_aggregates, *columns,
                                                               static_cast<std::uint8_t>(state_tag::panes)));
  if (!lane_rules->rules.empty())
    operators.push_back(std::make_shared<core::lane_alerts>(lane_rules, static_cast<std::uint8_t>(state_tag::alerts)));
  return operators;
}

core::engine_alerts lane_plan::make_engine_alerts() const {
  return {pipeline_name, cluster->names(), engine_rules};
}

tl::expected<lane_plan, std::vector<diagnostic>> compile(const pipeline& of) {
  return plan_builder{of}.run();
}

} // namespace weir::config
