#include "config/check.hpp"

#include "config/explain.hpp"
#include "config/steps.hpp"
#include "core/alert/alert_rules.hpp"
#include "core/expression/expression.hpp"

#include <algorithm>
#include <array>

namespace weir::config {

namespace {

using core::column_type;

/// Walks the steps of a pipeline in the order in which records meet them, with the columns that exist at each point.
class column_check {
public:
  column_check(const pipeline& of, yaml_reader& reader) : of_{of}, reader_{reader} {}

  void run() {
    for (const auto& field : of_.schema)
      columns_.push_back({field.name, field.type, false});
    for (const auto& step : of_.preprocess)
      std::visit([this](const auto& s) { visit(s); }, step);
    auto aggregates_first = aggregates_before_inference(of_);
    if (aggregates_first)
      aggregates();
    inferences();
    if (!aggregates_first)
      aggregates();
    detections();
    alerts();
  }

private:
  enum class wanted : std::uint8_t { anything, number, key, timestamp };

  struct known_column {
    std::string name;
    std::optional<column_type> type; ///< absent: only the model knows
    bool hidden = false;
  };

  void visit(const filter_step& step) {
    auto type = bind(step.when);
    if (type && *type != column_type::boolean)
      reader_.report(step.when.at, "a filter must be true or false, this is a " + std::string{to_string(*type)});
  }

  void visit(const derive_step& step) {
    for (const auto& [name, expression] : step.columns)
      make(name, bind(expression));
  }

  void visit(const encode_step& step) {
    if (auto type = use(step.column, "encode step", wanted::anything); type && *type != column_type::string)
      reader_.report(step.column.at, "encode step needs a string, this is a " + std::string{to_string(*type)});
    make(step.as, column_type::int64);
  }

  void visit(const drop_null_step& step) {
    for (const auto& column : step.columns)
      use(column, "drop_null step", wanted::anything);
  }

  void aggregates() {
    for (const auto& a : of_.aggregate) {
      use(a.of, "aggregate", wanted::number);
      if (a.by)
        use(*a.by, "aggregate", wanted::key);
      if (a.time)
        use(*a.time, "aggregate", wanted::timestamp);
      if (a.by)
        make(a.as, column_type::float64);
    }
    for (const auto& a : of_.aggregate)
      if (!a.by)
        cluster_.push_back(a.as);
    for (const auto& name : cluster_)
      refuse_second(name);
  }

  void inferences() {
    for (const auto& i : of_.infer) {
      for (const auto& input : i.inputs)
        use(input, "inference", wanted::number);
      make(i.as, std::nullopt);
      make(i.version_as, column_type::string);
    }
  }

  void detections() {
    for (const auto& d : of_.detect) {
      use(d.of, "detector", wanted::number);
      if (d.by)
        use(*d.by, "detector", wanted::key);
      make(d.as, column_type::boolean);
      make(d.score, column_type::float64);
    }
  }

  void alerts() {
    auto engine = core::engine_alerts::columns(cluster_names(of_));
    for (const auto& rule : of_.alerts) {
      if (rule.when.text.empty())
        continue;
      if (is_engine_rule(rule, engine)) {
        report_wrong(rule, [&] { return engine; });
        if (rule.by)
          reader_.report(rule.by->at,
                         "'by' belongs to alerts over columns; this one is over the engine or the whole cluster");
        continue;
      }
      if (rule.by)
        use(*rule.by, "alert", wanted::anything);
      report_wrong(rule, [&] { return with_cluster(columns()); });
    }
  }

  /// Reports why `rule` cannot be bound to the columns. Where a model's output may be of several types, one that fits
  /// is enough.
  template <class Columns>
  void report_wrong(const alert_rule& rule, Columns columns_now) {
    auto bound = core::alert_rule::bind(columns_now(), {rule.name, rule.when.text, {}, rule.summary.text, {}, 0});
    for (auto type : other_types) {
      if (bound || !has_unknown_types())
        break;
      auto guess = std::exchange(unknown_type_, type);
      if (core::alert_rule::bind(columns_now(), {rule.name, rule.when.text, {}, rule.summary.text, {}, 0}))
        bound = core::alert_rule{};
      unknown_type_ = guess;
    }
    if (!bound)
      report_error(alert_part(rule, bound.error()), bound.error());
  }

  /// The type of an expression over the columns so far; reports one that is wrong.
  std::optional<column_type> bind(const located& text) {
    if (text.text.empty())
      return std::nullopt; // it was no text, which has been said
    auto bound = core::expression::bind(columns(), text.text);
    if (bound)
      return bound->type();
    report_error(text, bound.error());
    return std::nullopt;
  }

  void report_error(const located& text, core::error e) {
    if (std::any_of(columns_.begin(), columns_.end(), [](const auto& c) { return c.hidden; }))
      e.remedy.clear(); // it may name a column whose name is a secret
    auto [at, message] = explain(text, e);
    reader_.report(at, std::move(message));
  }

  core::layout columns() const {
    core::layout result;
    for (const auto& c : columns_)
      result.add({c.name, c.type.value_or(unknown_type_)});
    return result;
  }

  core::layout with_cluster(core::layout result) const {
    for (const auto& name : cluster_)
      result.add({name.text, column_type::float64});
    return result;
  }

  bool has_unknown_types() const {
    return std::any_of(columns_.begin(), columns_.end(), [](const auto& c) { return !c.type; });
  }

  const known_column* find(std::string_view name) const {
    auto found = std::find_if(columns_.rbegin(), columns_.rend(), [&](const auto& c) { return c.name == name; });
    return found == columns_.rend() ? nullptr : &*found;
  }

  /// The type of a column that `where` names, once all that is wrong with it has been reported.
  std::optional<column_type> use(const located& name, std::string_view where, wanted what) {
    if (name.text.empty())
      return std::nullopt;
    const auto* column = find(name.text);
    if (column == nullptr) {
      report_unknown(name, where);
      return std::nullopt;
    }
    if (column->type && !fits(*column->type, what))
      reader_.report(name.at, std::string{where} + " needs a " + called(what) + ", " + shown(name) + " is a "
                                  + std::string{to_string(*column->type)});
    return column->type;
  }

  void report_unknown(const located& name, std::string_view where) {
    auto is_cluster = std::any_of(cluster_.begin(), cluster_.end(), [&](const auto& c) { return c.text == name.text; });
    if (is_cluster)
      reader_.report(name.at,
                     shown(name)
                         + " is an aggregate over the whole cluster: only alerts can use it; with 'by' it is a column");
    else
      reader_.report(name.at, "unknown column" + (name.hidden ? std::string{} : " '" + name.text + "'") + " in "
                                  + std::string{where}
                                  + (name.hidden ? std::string{} : did_you_mean(name.text, names())));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& c : columns_)
      if (!c.hidden)
        result.push_back(c.name);
    return result;
  }

  void make(const located& name, std::optional<column_type> type) {
    if (name.text.empty())
      return;
    refuse_second(name);
    made_.push_back(name.text);
    columns_.push_back({name.text, type, name.hidden});
  }

  void refuse_second(const located& name) {
    if (name.text.starts_with("engine."))
      reader_.report(name.at, "names that begin with 'engine.' are Weir's own");
    if (std::find(made_.begin(), made_.end(), name.text) != made_.end())
      reader_.report(name.at, shown(name) + " is made twice, give one of them another name");
  }

  static bool fits(column_type type, wanted what) {
    switch (what) {
    case wanted::anything: return true;
    case wanted::number: return type != column_type::string;
    case wanted::key: return type != column_type::float64;
    case wanted::timestamp: return type == column_type::timestamp;
    }
    return false;
  }

  static std::string called(wanted what) {
    switch (what) {
    case wanted::anything: return "column";
    case wanted::number: return "number";
    case wanted::key: return "key of another type";
    case wanted::timestamp: return "timestamp";
    }
    return {};
  }

  static std::string shown(const located& name) { return name.hidden ? "this column" : "'" + name.text + "'"; }

  static constexpr std::array other_types{column_type::string, column_type::int64};

  const pipeline& of_;
  yaml_reader& reader_;
  column_type unknown_type_ = column_type::float64;
  std::vector<known_column> columns_;
  std::vector<std::string> made_;
  std::vector<located> cluster_;
};

void check_schema(const pipeline& of, yaml_reader& reader) {
  const field* key = nullptr;
  for (const auto& field : of.schema) {
    if (field.key && key != nullptr)
      reader.report(field.at, "'" + field.name + "' and '" + key->name + "' are both the key, there can be one");
    if (field.key && key == nullptr)
      key = &field;
    if (field.name.starts_with("engine."))
      reader.report(field.at, "names that begin with 'engine.' are Weir's own");
  }
}

void check_guarantee(const pipeline& of, yaml_reader& reader) {
  if (of.processing.guarantee != guarantee::exactly_once)
    return;
  const auto* from = std::get_if<kafka_source>(&of.source.from);
  if (from == nullptr) {
    reader.report(of.processing.at,
                  "exactly_once needs a kafka source: use at_least_once, which makes files in and files "
                  "out exactly once too");
    return;
  }
  auto check = [&](const sink& s, const std::string& name) {
    const auto* to = std::get_if<kafka_sink>(&s.to);
    if (to == nullptr)
      reader.report(s.at, "exactly_once needs a kafka " + name
                              + ": make this one a topic, or set processing.guarantee to "
                                "at_least_once");
    else if (to->brokers != from->brokers)
      reader.report(s.at, "exactly_once needs the " + name
                              + " on the brokers of the source: a transaction cannot span two "
                                "clusters");
  };
  for (const auto& s : of.sinks)
    check(s, "sink");
  if (of.dead_letter)
    check(*of.dead_letter, "dead_letter");
  for (const auto& s : of.alert_sinks)
    if (!std::holds_alternative<console_sink>(s.to))
      check(s, "alert_sink");
}

void check_header(const pipeline& of, yaml_reader& reader) {
  const auto& header = of.source.header;
  for (const auto& field : of.schema)
    if (!header.empty() && std::find(header.begin(), header.end(), field.name) == header.end())
      reader.report(field.at, "field '" + field.name + "' is not in the header" + did_you_mean(field.name, header));
}

/// A record's body is made once, in one format.
void check_formats(const pipeline& of, yaml_reader& reader) {
  for (const auto& s : of.sinks)
    if (s.format != of.sinks.front().format)
      reader.report(s.at, "all sinks of a pipeline have the same format");
  for (const auto& s : of.alert_sinks)
    if (s.format != data_format::json)
      reader.report(s.at, "alerts are JSON, give no format");
  if (of.dead_letter && of.dead_letter->format != data_format::json)
    reader.report(of.dead_letter->at, "dead letters have a format of their own, give none");
}

/// A topic that is read and written at once would feed itself.
void check_loops(const pipeline& of, yaml_reader& reader) {
  const auto* from = std::get_if<kafka_source>(&of.source.from);
  for (const auto& s : of.sinks)
    if (const auto* to = std::get_if<kafka_sink>(&s.to); from != nullptr && to != nullptr && !to->topic.empty()
                                                         && to->topic == from->topic && to->brokers == from->brokers)
      reader.report(s.at, "the sink writes to the topic that the source reads");
}

} // namespace

void check(const pipeline& of, yaml_reader& reader) {
  check_schema(of, reader);
  column_check{of, reader}.run();
  check_guarantee(of, reader);
  check_header(of, reader);
  check_formats(of, reader);
  check_loops(of, reader);
}

} // namespace weir::config
