#include "core/detect/usual_count.hpp"
#include "core/keyed/rate_watch.hpp"
#include "steps/detect/clock_detector.hpp"
#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::column_type;

struct rate_settings {
  milliseconds interval{0};
  detection common;
  milliseconds forget_after{0};
  double alpha = core::rate_options{}.alpha;
  std::uint32_t min_count = core::rate_options{}.min_count;
  new_column count;
  new_column usual;
};

constexpr auto rate_fields = join(
    std::array{
        field<&rate_settings::interval>("rate", "the interval in which records are counted, by the lane's clock",
                                        required | at_least(1000)),
        field<&rate_settings::alpha>(
            "alpha", "the weight of the newest interval in what is usual; those before it weigh 1 - alpha together",
            above(0) | between(0, 1)),
        field<&rate_settings::min_count>("min_count", "with fewer intervals before it there is no verdict",
                                         between(2, 1'000'000)),
    },
    judgement_fields_but_time<&rate_settings::common>,
    std::array{
        field<&rate_settings::common, &detection::columns, &keyed_columns::time>(
            "time", "the timestamp column that the clock follows; default: the record's own (Kafka's)"),
        field<&rate_settings::forget_after>("forget_after",
                                            "a key that has fallen to no record for so long is forgotten, and its "
                                            "alert resolved; 0: never",
                                            at_least(0)),
        field<&rate_settings::count>("count", "double column: the records of the interval that the verdict is about"),
        field<&rate_settings::usual>("usual", "double column: how many were usual before it"),
    });

void complete(rate_settings& s, yaml_section& from) {
  complete_detection(s.common, from);
  if (const auto* forget = from.find("forget_after"); forget != nullptr && s.forget_after.count() > 0) {
    if (!s.common.columns.by)
      from.report(forget->at, "'forget_after' belongs to a rate by key ('by')");
    else if (s.forget_after <= s.interval)
      from.report(forget->at, "'forget_after' must be longer than the interval");
  }
}

void bind(const rate_settings& s, binding& into) {
  const auto& names = s.common.columns;
  auto watched = bind_watch(names, into);
  core::rate_options how{.of = watched.value_or(core::clock_watch_options{}),
                         .interval_ms = s.interval.count(),
                         .forget_after_ms = s.forget_after.count(),
                         .alpha = s.alpha,
                         .min_count = s.min_count,
                         .verdicts = verdicts_of(s.common, core::usual_count::prior),
                         .as = into.make(names.flag, column_type::boolean),
                         .score = into.make_if_named(names.value, column_type::float64),
                         .anomaly_score = into.make_if_named(names.anomaly_score, column_type::float64),
                         .severity = into.make_if_named(names.severity, column_type::string),
                         .reason = into.make_if_named(names.reason, column_type::string),
                         .count = into.make_if_named(s.count, column_type::float64),
                         .usual = into.make_if_named(s.usual, column_type::float64)};
  if (!watched)
    return;
  const auto make = [how](std::uint64_t bytes) {
    return core::make_rate_watch(how, static_cast<std::uint8_t>(state_tag::clocks), bytes);
  };
  add_watch(into, how.of, {core::rate_watch_need(how), make},
            made_of(how.as, {how.score, how.anomaly_score, how.severity, how.reason, how.count, how.usual}),
            s.interval);
}

} // namespace

constexpr step_kind rate = make_kind<rate_settings, rate_fields, bind, complete>(
    "rate", "a key, or a whole stream, that too many or too few records come from: counted and judged by interval",
    "{ rate: 1m, by: CustomerID, as: unusual_rate, count: in_a_minute, reason: why }");

} // namespace weir::steps
