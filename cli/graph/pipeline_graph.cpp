#include "cli/graph/pipeline_graph.hpp"

#include "config/binding.hpp"
#include "config/field.hpp"
#include "config/sections.hpp"
#include "config/yaml_text.hpp"
#include "core/base/utf8.hpp"
#include "core/expression/expression_lexer.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace weir::cli {

namespace {

using config::value;
using config::value_type;

/// On one line: what is written on several stands there with blanks.
std::string on_one_line(std::string_view text) {
  std::string line = core::to_utf8(text);
  for (auto& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = ' ';
  while (line.ends_with(' '))
    line.pop_back();
  return line;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end())
    names.push_back(name);
}

bool is_set(const value& of) {
  const auto* text = std::get_if<std::string>(&of.data);
  const auto* items = std::get_if<value::list>(&of.data);
  const auto* members = std::get_if<value::mapping>(&of.data);
  return !of.is_nothing() && (text == nullptr || !text->empty()) && (items == nullptr || !items->empty())
         && (members == nullptr || !members->empty());
}

std::string written(const value& of) {
  const auto* text = std::get_if<std::string>(&of.data);
  return on_one_line(text != nullptr ? *text : config::yaml_line(of));
}

/// `hour = hour(Date), ratio = Amount / Age`
std::string written_expressions(const value& of) {
  std::string all;
  if (const auto* members = std::get_if<value::mapping>(&of.data))
    for (const auto& [name, expression] : *members)
      all += (all.empty() ? "" : ", ") + on_one_line(name) + " = " + written(expression);
  return all;
}

bool names_made_columns(value_type type) {
  return type == value_type::made_column || type == value_type::made_columns || type == value_type::labelled;
}

/// A bound on memory that a kind fills in itself is no default of its field.
bool is_usual_value(const std::string& name, const value& one, const value::mapping& defaults) {
  if (const auto* keys = std::get_if<std::int64_t>(&one.data); keys != nullptr && name == "max_keys")
    return *keys == std::int64_t{config::usual_max_keys};
  return std::ranges::any_of(defaults, [&](const auto& usual) {
    return usual.first == name && config::yaml_line(usual.second) == config::yaml_line(one);
  });
}

const config::field_info* field_called(std::span<const config::field_info> fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &config::field_info::name);
  return found == fields.end() ? nullptr : &*found;
}

/// The fields that say something beyond the columns that are made, and the inputs of models, which are read: `Amount,
/// by: CustomerID, threshold: 3`.
/// @param main the field whose name need not be said
std::string said(const value::mapping& shown, std::span<const config::field_info> fields,
                 const value::mapping& defaults, std::string_view main) {
  std::string all;
  for (const auto& [name, one] : shown) {
    const auto* field = field_called(fields, name);
    const bool is_main = name == main;
    const bool is_usual = is_usual_value(name, one, defaults);
    if (field == nullptr || !is_set(one) || (is_usual && !is_main) || names_made_columns(field->type)
        || field->type == value_type::properties || name == "inputs")
      continue;
    const bool holds_expressions = field->type == value_type::expressions;
    all += (all.empty() ? "" : ", ") + (is_main || holds_expressions ? "" : name + ": ")
           + (holds_expressions ? written_expressions(one) : written(one));
  }
  return all;
}

/// What a graph is made with: which columns there are, for expressions name functions too.
class graph_maker {
public:
  explicit graph_maker(const config::pipeline& of) {
    made_.name = on_one_line(of.name);
    add_source(of);
    for (const auto& step : of.steps)
      add_step(*step);
    for (const auto& rule : of.alerts)
      add_alert(rule);
    for (const auto& [use, sink] : config::sinks_of(of))
      add_sink(use, *sink);
    if (made_.alerts.empty())
      made_.alert_sinks.clear();
  }

  pipeline_graph take() { return std::move(made_); }

private:
  void add_source(const config::pipeline& of) {
    auto& box = made_.source;
    box.section = "source";
    if (of.source.from) {
      const auto& kind = of.source.from->kind();
      box.title = kind.name;
      box.says = said(of.source.from->show(), kind.fields, kind.defaults(), {});
    }
    box.says += (box.says.empty() ? "format: " : ", format: ") + std::string{of.source.format->name};
    for (const auto& field : of.schema) {
      box.makes.push_back(on_one_line(field.name) + (field.key ? " (key)" : ""));
      known_.insert(field.name);
    }
  }

  void add_step(const config::step& step) {
    const auto& kind = step.kind();
    const auto shown = step.show();
    graph_box box{std::string{kind.name},
                  std::string{step.section()},
                  said(shown, kind.fields, kind.defaults(), kind.name),
                  {},
                  {}};
    for (const auto& column : step.used_columns())
      read(column, box);
    for (const auto& [name, one] : shown)
      if (const auto* field = field_called(kind.fields, name); field != nullptr && holds_expressions(*field, kind))
        read_expressions(one, box);
    for (const auto& column : step.made_columns()) {
      known_.insert(column.text);
      if (!column.text.empty() && !is_of_alerts(column, box, kind))
        add_once(box.makes, shown_name(column));
    }
    made_.steps.push_back(std::move(box));
  }

  /// A list of texts that a step is called after is one of expressions: `validate: [Amount > 0]`.
  static bool holds_expressions(const config::field_info& field, const config::step_kind& kind) {
    return field.type == value_type::expression || field.type == value_type::expressions
           || (field.type == value_type::texts && field.name == kind.name);
  }

  /// Columns that a detector makes for its alert alone are called VERDICT.FIELD.
  static bool is_of_alerts(const config::new_column& column, const graph_box& of, const config::step_kind& kind) {
    return std::ranges::any_of(kind.fields, [&](const config::field_info& field) {
      return field.type == value_type::made_column && !of.makes.empty()
             && column.text == of.makes.front() + '.' + std::string{field.name};
    });
  }

  void add_alert(const config::alert_rule& rule) {
    auto shown = config::show_fields(config::alert_fields(), &rule);
    std::erase_if(shown, [](const auto& field) { return field.first == "name" || field.first == "summary"; });
    graph_box box{on_one_line(rule.name), "alerts", said(shown, config::alert_fields(), {}, {}), {}, {}};
    if (!rule.detector.text.empty())
      read(rule.detector, box);
    else
      read_expressions(config::show_value(rule.when), box);
    if (rule.by)
      read(*rule.by, box);
    made_.alerts.push_back(std::move(box));
  }

  void add_sink(config::sink_use use, const config::sink_section& sink) {
    const auto& kind = sink.to->kind();
    graph_box box{std::string{kind.name}, {}, said(sink.to->show(), kind.fields, kind.defaults(), {}), {}, {}};
    switch (use) {
    case config::sink_use::records:
      box.section = "sink";
      box.says += (box.says.empty() ? "format: " : ", format: ") + std::string{sink.format->name};
      return made_.sinks.push_back(std::move(box));
    case config::sink_use::dead_letters:
      box.section = "dead_letter";
      return made_.dead_letters.push_back(std::move(box));
    case config::sink_use::alerts: box.section = "alert_sink"; return made_.alert_sinks.push_back(std::move(box));
    }
  }

  static std::string shown_name(const config::located& name) {
    return name.hidden ? config::hidden_value : on_one_line(name.text);
  }

  static void read(const config::located& column, graph_box& into) {
    if (!column.text.empty())
      add_once(into.reads, shown_name(column));
  }

  /// The columns that an expression names, or each of a list or a mapping.
  void read_expressions(const value& of, graph_box& into) const {
    if (const auto* items = std::get_if<value::list>(&of.data))
      for (const auto& item : *items)
        read_expressions(item, into);
    if (const auto* members = std::get_if<value::mapping>(&of.data))
      for (const auto& [name, expression] : *members)
        read_expressions(expression, into);
    if (const auto* text = std::get_if<std::string>(&of.data))
      read_expression(*text, into);
  }

  void read_expression(std::string_view text, graph_box& into) const {
    using kind = core::expression_token::kind;
    core::expression_lexer lexer{text};
    for (auto word = lexer.next(); word && word->what != kind::end; word = lexer.next()) {
      const auto name = word->what == kind::quoted_name ? word->value : std::string{word->raw};
      const bool is_name = word->what == kind::name || word->what == kind::quoted_name;
      if (is_name && (known_.contains(name) || is_metadata(name)))
        add_once(into.reads, on_one_line(name));
    }
  }

  static bool is_metadata(std::string_view name) {
    constexpr std::array names{"_timestamp", "_partition", "_offset", "_key", "_topic"};
    return name.starts_with("_headers.") || name.starts_with("engine.")
           || std::ranges::find(names, name) != names.end();
  }

  pipeline_graph made_;
  std::set<std::string, std::less<>> known_;
};

} // namespace

pipeline_graph graph_of(const config::pipeline& of) {
  return graph_maker{of}.take();
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names)
    all += (all.empty() ? "" : ", ") + name;
  return all;
}

} // namespace weir::cli
