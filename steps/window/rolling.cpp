#include "config/binding.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

/// The statistic that `rolling: mean` names.
struct aggregate_choice {
  const aggregate_kind* kind = nullptr;
  bool operator==(const aggregate_choice&) const = default;
};

words<aggregate_choice> words_for(std::type_identity<aggregate_choice>) {
  static const auto all = [] {
    std::vector<std::pair<std::string_view, aggregate_choice>> words;
    for (const auto* kind : aggregates())
      words.push_back({kind->statistic.name, {kind}});
    return words;
  }();
  return all;
}

struct rolling_settings {
  aggregate_choice what;
  keyed_columns columns;
  std::optional<std::uint32_t> last;
  std::optional<milliseconds> over; ///< either this or `last`
  std::optional<milliseconds> allowed_lateness;
  std::optional<milliseconds> max_ahead;
  std::optional<std::uint32_t> panes;
};

constexpr std::uint32_t panes_by_key = 12;
constexpr std::uint32_t panes_of_cluster = 60;

constexpr std::array rolling_fields{
    field<&rolling_settings::what>("rolling", "the statistic: one of the aggregates", required),
    field<&rolling_settings::columns, &keyed_columns::of>("of", "a column of numbers; nulls do not enter", required),
    field<&rolling_settings::columns, &keyed_columns::by>(
        "by",
        "a key: a window of its own for each value, in its lane; without: one over the whole pipeline, on all nodes"),
    field<&rolling_settings::last>("last", "a window of so many records, this one included; needs `by`",
                                   between(1, 1'000'000)),
    field<&rolling_settings::over>("over", "a window so long in event time, and up to one pane longer", at_least(1)),
    field<&rolling_settings::columns, &keyed_columns::time>(
        "time", "the timestamp column for `over`; default: the record's own (Kafka's)"),
    field<&rolling_settings::allowed_lateness>(
        "allowed_lateness", "how far behind the window a record may be before it counts as late; default 0",
        at_least(0)),
    field<&rolling_settings::max_ahead>("max_ahead",
                                        "how far in front of the newest record of the window, and of the wall clock, a "
                                        "record's time may be; one beyond "
                                        "does not enter, and is counted; default 1d",
                                        at_least(0)),
    field<&rolling_settings::panes>(
        "panes", "how many parts `over` is kept in, the resolution of the window; default 12, without `by` 60",
        between(1, 10'000)),
    field<&rolling_settings::columns, &keyed_columns::max_keys>(
        "max_keys",
        "of a lane, default 1,000,000: the least recently used goes, and is counted; `state.memory_limit` may allow "
        "fewer",
        between(1, 100'000'000)),
    field<&rolling_settings::columns, &keyed_columns::value>("as", "the new column", required),
};

void complete(rolling_settings& s, yaml_section& from) {
  const bool by_count = from.find("last") != nullptr;
  const bool by_time = from.find("over") != nullptr;
  if (by_count == by_time)
    from.report(from.at(), by_count ? "aggregate has both 'last' and 'over', give one"
                                    : "aggregate needs a window: 'last: 20' (records) or 'over: 5m' (event time)");
  else if (by_count && !s.columns.by)
    from.report(from.at(), "a window of the last records needs 'by'; 'over: 5m' works without, over the whole cluster");
  for (const auto* name : {"allowed_lateness", "max_ahead", "panes", "time"})
    if (const auto* option = by_time ? nullptr : from.find(name))
      from.report(option->at, "'" + std::string{name} + "' belongs to a window by time ('over')");
  if (const auto* option = s.columns.by ? nullptr : from.find("max_keys"))
    from.report(option->at, "'max_keys' belongs to an aggregate by key ('by')");
  if (s.columns.by && !s.columns.max_keys)
    s.columns.max_keys = usual_max_keys;
  if (s.over) {
    s.allowed_lateness = s.allowed_lateness.value_or(milliseconds{0});
    s.max_ahead = s.max_ahead.value_or(milliseconds{core::time_window{}.max_ahead_ms});
    s.panes = s.panes.value_or(s.columns.by ? panes_by_key : panes_of_cluster);
  }
}

void bind(const rolling_settings& s, binding& into) {
  const auto* statistic = s.what.kind != nullptr && (s.last || s.over) ? &s.what.kind->statistic : nullptr;
  core::time_window window;
  if (s.over)
    window = {s.over->count(), s.allowed_lateness->count(), *s.panes, s.max_ahead->count()};
  if (s.over && !window.valid()) {
    into.report("the window of '" + s.columns.value.text
                + "' is out of range: it has one pane at least, of one millisecond at least");
    statistic = nullptr;
  }
  if (!s.columns.by) {
    into.add_over_cluster(statistic, window, s.columns.of, s.columns.time, s.columns.value);
    return;
  }
  auto run = statistic == nullptr ? nullptr
             : s.last             ? statistic->by_count(*s.last)
                                  : core::rolling_by_time(*statistic, window);
  into.add(std::move(run), s.columns);
}

} // namespace

constexpr step_kind rolling = make_kind<rolling_settings, rolling_fields, bind, complete>(
    "rolling", "a statistic of the records before and this one, by count or over event time",
    "{ rolling: mean, of: Amount, by: CustomerID, last: 20, as: mean_20 }");

} // namespace weir::steps
