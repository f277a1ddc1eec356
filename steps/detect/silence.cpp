#include "core/keyed/silence_watch.hpp"
#include "steps/detect/clock_detector.hpp"
#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::column_type;

struct silence_settings {
  milliseconds after{0};
  keyed_columns columns; ///< `value` is `silent_for`
  milliseconds forget_after{0};
  new_column ended;
};

constexpr auto silence_fields = join(
    std::array{
        field<&silence_settings::after>("silence", "how long nothing has come, by the lane's clock",
                                        required | at_least(1)),
    },
    memory_fields<&silence_settings::columns>,
    std::array{
        field<&silence_settings::columns, &keyed_columns::time>(
            "time", "the timestamp column that the clock follows; default: the record's own (Kafka's)"),
        field<&silence_settings::forget_after>("forget_after",
                                               "a key that is silent for so long is forgotten, and its alert resolved; "
                                               "0: never",
                                               at_least(0)),
        field<&silence_settings::columns, &keyed_columns::flag>(
            "as",
            "boolean column: is the key silent; true for alert rules alone, while it lasts, and false in a record",
            required),
        field<&silence_settings::ended>("ended", "boolean column: did this record end a silence"),
        field<&silence_settings::columns, &keyed_columns::value>(
            "silent_for", "double column: how long the silence lasts, or has lasted, in seconds; null where there is "
                          "none"),
        field<&silence_settings::columns, &keyed_columns::reason>(
            "reason", "text column: who is or was silent, and since when, for people; null where nobody is"),
    });

void complete(silence_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (const auto* forget = from.find("forget_after"); forget != nullptr && s.forget_after.count() > 0) {
    if (!s.columns.by)
      from.report(forget->at, "'forget_after' belongs to a silence by key ('by')");
    else if (s.forget_after <= s.after)
      from.report(forget->at, "'forget_after' must be longer than the silence that is told");
  }
}

void bind(const silence_settings& s, binding& into) {
  const auto& names = s.columns;
  auto watched = bind_watch(names, into);
  core::silence_options how{.of = watched.value_or(core::clock_watch_options{}),
                            .after_ms = s.after.count(),
                            .forget_after_ms = s.forget_after.count(),
                            .as = into.make(names.flag, column_type::boolean),
                            .ended = into.make_if_named(s.ended, column_type::boolean),
                            .silent_for = into.make_if_named(names.value, column_type::float64),
                            .reason = into.make_if_named(names.reason, column_type::string)};
  if (!watched)
    return;
  const auto make = [how](std::uint64_t bytes) {
    return core::make_silence_watch(how, static_cast<std::uint8_t>(state_tag::clocks), bytes);
  };
  add_watch(into, how.of, {core::silence_watch_need(how), make},
            made_of(how.as, {how.ended, how.silent_for, how.reason}), s.after);
}

} // namespace

constexpr step_kind silence = make_kind<silence_settings, silence_fields, bind, complete>(
    "silence", "a key, or a whole stream, that nothing comes from: told while it lasts, by the clock",
    "{ silence: 10m, by: CustomerID, as: silent, silent_for: quiet_seconds }");

} // namespace weir::steps
