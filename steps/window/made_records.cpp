#include "steps/window/made_records.hpp"

#include "core/window/window_entries.hpp"
#include "core/window/window_operator.hpp"
#include "steps/window/window_call.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

using namespace config;

const core::window_function* find_function(const std::string& name) {
  const auto all = core::window_functions();
  const auto found = std::ranges::find(all, name, &core::window_function::name);
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> names_of_functions() {
  std::vector<std::string> names;
  for (const auto& one : core::window_functions())
    names.emplace_back(one.name);
  return names;
}

/// A column of the record that a window makes, but for its id. Nothing: it is wrong, which has been said.
std::optional<core::windowed_column> find_column(const named_expression& from, binding& into) {
  const auto& text = from.value;
  const auto wrong = [&](std::string what) {
    into.report(text.at, std::move(what));
    return std::nullopt;
  };
  if (text.text.empty())
    return std::nullopt; // it was no text, which has been said
  const auto call = parse_window_call(text.text);
  if (!call)
    return wrong(call.error().text());
  const auto* function = find_function(call->function);
  if (function == nullptr)
    return wrong("unknown function '" + call->function + "' of a window"
                 + did_you_mean(call->function, names_of_functions()));
  if (call->number.has_value() != function->has_number)
    return wrong("'" + call->function + "' is used as in " + std::string{function->example});
  core::windowed_column made;
  made.text = text.text;
  made.as_name = from.name.text;
  std::optional<core::column_type> type;
  if (call->column.empty()) {
    if (function->column == core::window_function::column_use::needed)
      return wrong("'" + call->function + "' needs a column, as in " + std::string{function->example});
  } else {
    made.of = into.use({{call->column, text.at}});
    if (!made.of || into.is_unknown(made.of))
      return std::nullopt;
    type = into.type_of(*made.of);
  }
  auto what = function->make(type, call->number.value_or(0));
  if (!what)
    return wrong("'" + text.text + "': " + what.error().what);
  made.what = *std::move(what);
  return made;
}

std::int64_t tick_of(const window_lengths& lengths) {
  const auto length = std::max(lengths.every, lengths.gap);
  return std::clamp<std::int64_t>(length.count() / 10, 100, 1000);
}

} // namespace

void bind_made_records(const made_records& what, std::string_view kind, const window_lengths& lengths, binding& into) {
  auto how = std::make_shared<core::window_options>();
  bool is_known = true;
  how->name = std::string{kind};
  for (const auto& name : what.by) {
    const auto id = into.use(name, wanted::key);
    is_known = is_known && id && !into.is_unknown(id);
    if (id)
      how->by.push_back({*id, name.text, into.type_of(*id)});
    how->name += (&name == &what.by.front() ? " by " : ", ") + name.text;
  }
  if (what.time) {
    how->time = into.use(*what.time, wanted::timestamp);
    is_known = is_known && how->time;
  }
  how->size_ms = lengths.size.count();
  how->every_ms = lengths.every.count();
  how->gap_ms = lengths.gap.count();
  how->allowed_lateness_ms = what.allowed_lateness.count();
  how->max_windows = what.max_windows;
  how->table = into.next_windows_table();
  for (const auto& one : what.aggregates) {
    auto column = find_column(one, into);
    is_known = is_known && column;
    if (column)
      how->columns.push_back(*std::move(column));
  }
  into.begin_records();
  for (const auto& by : how->by)
    how->by_made.push_back(into.make({{by.name, {}}}, by.type));
  how->start_as = into.make_if_named(what.start, core::column_type::timestamp);
  how->start_name = what.start.text;
  how->end_as = into.make_if_named(what.end, core::column_type::timestamp);
  how->end_name = what.end.text;
  std::size_t next = 0;
  for (const auto& one : what.aggregates) {
    const bool is_made = next < how->columns.size() && how->columns[next].as_name == one.name.text;
    const auto type = is_made ? std::optional{how->columns[next].what->type()} : std::nullopt;
    const auto id = into.make(one.name, type);
    if (is_made)
      how->columns[next++].as = id;
  }
  if (!is_known)
    return;
  if (const auto size = core::window_entries::size_of_entry(*how); size > core::largest_state_of_a_key)
    return into.report("the windows keep too much: " + std::to_string(size)
                       + " bytes each, and a record of the state holds " + std::to_string(core::largest_state_of_a_key)
                       + ": use fewer quantiles");
  auto need = core::window_operator_need(*how);
  into.add_windows({std::move(need),
                    [how = std::shared_ptr<const core::window_options>{how}](std::uint64_t bytes) {
                      return core::make_window_operator(how, static_cast<std::uint8_t>(state_tag::windows), bytes);
                    }},
                   tick_of(lengths));
}

} // namespace weir::steps
