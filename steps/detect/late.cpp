#include "core/base/civil_time.hpp"
#include "core/keyed/pane_grid.hpp"
#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

using namespace config;

struct late_settings {
  keyed_columns columns;
  milliseconds allowed_lateness{0};
  milliseconds max_ahead{core::time_window{}.max_ahead_ms};
};

constexpr auto late_fields =
    join(std::array{field<&late_settings::columns, &keyed_columns::of>(
                        "late", "a timestamp: the event time, of which the newest so far is compared with", required),
                    field<&late_settings::allowed_lateness>("allowed_lateness",
                                                            "how far behind the newest a record may be", at_least(0)),
                    field<&late_settings::max_ahead>(
                        "max_ahead",
                        "a time so far in front of the newest, and of the wall clock, is no time: it is no newest one",
                        at_least(0))},
         memory_fields<&late_settings::columns>,
         std::array{field<&late_settings::columns, &keyed_columns::flag>(
                        "as", "boolean column: does the record come too late; null without a time", required),
                    field<&late_settings::columns, &keyed_columns::value>(
                        "late_by", "double column: how far it is behind the newest, in seconds; 0: it is not"),
                    field<&late_settings::columns, &keyed_columns::reason>(
                        "reason", "text column: why it is late, for people; null where it is not")});

void complete(late_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

class behind_the_newest final : public core::keyed_operator {
public:
  explicit behind_the_newest(const late_settings& s) :
      allowed_ms_{s.allowed_lateness.count()}, ahead_ms_{s.max_ahead.count()}, column_{s.columns.of.text} {}

  std::size_t state_size() const noexcept override { return sizeof(newest); }
  std::string state_layout() const override { return "the newest time"; }
  bool valid(const std::byte* state) const noexcept override {
    const auto& past = *reinterpret_cast<const newest*>(state);
    return past.is_known == 0 ? past.time == 0 : past.is_known == 1 && is_time(past.time);
  }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      if (!(std::abs(values[i]) < static_cast<double>(core::event_time_limit))) {
        give_no_score(into, i);
        continue;
      }
      const auto time = static_cast<std::int64_t>(values[i]);
      auto& past = rows.state<newest>(i);
      const auto lateness = past.is_known != 0 ? std::max<std::int64_t>(past.time - time, 0) : 0;
      give_score(into, i, static_cast<double>(lateness) / core::ms_per_second, lateness > allowed_ms_);
      if (lateness > allowed_ms_ && into.reasons != nullptr)
        into.reasons[i] = column_ + ' ' + core::time_text(time) + " is "
                          + core::short_number(static_cast<double>(lateness) / core::ms_per_second)
                          + " s behind the newest, " + core::time_text(past.time);
      const auto latest = past.is_known != 0 ? std::max(past.time, rows.now) : rows.now;
      if (time > latest + ahead_ms_)
        continue;
      past.time = past.is_known != 0 ? std::max(past.time, time) : time;
      past.is_known = 1;
    }
  }

private:
  struct newest {
    std::int64_t time; ///< ms
    std::uint64_t is_known;
  };

  static bool is_time(std::int64_t time) noexcept {
    return time > -core::event_time_limit && time < core::event_time_limit;
  }

  std::int64_t allowed_ms_;
  std::int64_t ahead_ms_;
  std::string column_;
};

void bind(const late_settings& s, binding& into) {
  if (const auto of = into.find(s.columns.of.text);
      of && !into.is_unknown(of) && into.type_of(*of) != core::column_type::timestamp)
    return into.report(s.columns.of.at, "late needs a timestamp, '" + s.columns.of.text + "' is a "
                                            + std::string{to_string(into.type_of(*of))});
  into.add(std::make_shared<behind_the_newest>(s), s.columns);
}

} // namespace

constexpr step_kind late = make_kind<late_settings, late_fields, bind, complete>(
    "late", "a record that comes behind others which are newer; a verdict alone, without a probability",
    "{ late: Date, by: CustomerID, allowed_lateness: 10m, as: came_late, late_by: seconds_late }");

} // namespace weir::steps
