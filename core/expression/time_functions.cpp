#include "core/base/civil_time.hpp"
#include "core/base/nearest_name.hpp"
#include "core/base/time_format.hpp"
#include "core/base/time_zone.hpp"
#include "core/expression/function_kinds.hpp"

#include <array>
#include <cmath>
#include <memory>
#include <optional>

namespace weir::core {

namespace {

using type = column_type;
using view = std::string_view;
using integer = std::int64_t;
using kernels::stateless;

constexpr integer ms_per_minute = 60'000;
constexpr integer ms_per_week = 7 * ms_per_day;

constexpr civil_date date_of(integer ms) noexcept {
  return civil_from_days(floor_div(ms, ms_per_day));
}

/// The zone in an argument; without one UTC.
result<time_zone> zone_of(arguments in, std::size_t at, view name) {
  if (in.size() <= at)
    return time_zone{};
  const auto text = literal_of(in[at], name, "a time zone");
  if (!text)
    return tl::unexpected{text.error()};
  auto zone = time_zone::find(*text);
  if (!zone)
    return fail_at(in[at].column, zone.error().what, zone.error().remedy);
  return zone;
}

/// A part of what a clock shows.
template <auto Part>
result<operand> part(expression_builder& builder, view name, arguments in) {
  if (in.size() == 1)
    return simple<type::timestamp, type::int64, kernels::unary<integer, integer, Part>>(builder, name, in);
  auto zone = zone_of(in, 1, name);
  if (!zone)
    return tl::unexpected{zone.error()};
  const auto time = in.first(1);
  if (auto converted = convert_all(builder, name, time, {type::timestamp}); !converted)
    return tl::unexpected{std::move(converted.error())};
  constexpr auto run = [](const time_zone& there, integer ms, integer& out) {
    out = Part(there.to_local(ms));
    return true;
  };
  return builder.emit(kernels::with_state<time_zone, integer, run, integer>, type::int64, time,
                      std::make_shared<const time_zone>(*zone));
}

integer quarter_of(integer ms) noexcept {
  return (date_of(ms).month + 2) / 3;
}

result<operand> is_weekend(expression_builder& builder, view name, arguments in) {
  auto day = part<weekday_of>(builder, name, in);
  return day ? compare(builder, ">=", *day, builder.int64(5, day->column)) : day;
}

// --- units ---

enum class unit : std::uint8_t { millisecond, second, minute, hour, day, week, month, quarter, year };

constexpr std::array<std::pair<view, unit>, 9> units{{{"millisecond", unit::millisecond},
                                                      {"second", unit::second},
                                                      {"minute", unit::minute},
                                                      {"hour", unit::hour},
                                                      {"day", unit::day},
                                                      {"week", unit::week},
                                                      {"month", unit::month},
                                                      {"quarter", unit::quarter},
                                                      {"year", unit::year}}};

/// Of a unit that always lasts as long; 0 of the others.
constexpr integer ms_of(unit of) noexcept {
  switch (of) {
  case unit::millisecond: return 1;
  case unit::second: return ms_per_second;
  case unit::minute: return ms_per_minute;
  case unit::hour: return ms_per_hour;
  case unit::day: return ms_per_day;
  case unit::week: return ms_per_week;
  default: return 0;
  }
}

constexpr integer months_of(unit of) noexcept {
  return of == unit::month ? 1 : of == unit::quarter ? 3 : 12;
}

/// The Monday in front of 1970-01-01, a Thursday, where weeks are counted from.
constexpr integer first_monday = -3 * ms_per_day;

/// How many units have begun since a beginning that all times have in common.
constexpr integer number_of(unit of, integer ms) noexcept {
  if (const auto length = ms_of(of); length > 0)
    return floor_div(of == unit::week ? ms - first_monday : ms, length);
  const auto date = date_of(ms);
  return floor_div(date.year * 12 + date.month - 1, months_of(of));
}

/// When that unit begins. Nothing in years that no calendar of the library has.
constexpr std::optional<integer> beginning_of(unit of, integer number) noexcept {
  if (const auto length = ms_of(of); length > 0)
    return number * length + (of == unit::week ? first_monday : 0);
  const auto months = number * months_of(of);
  const auto year = floor_div(months, 12);
  if (year < -30'000 || year > 30'000)
    return std::nullopt;
  return days_from_civil(static_cast<int>(year), static_cast<unsigned>(months - year * 12) + 1, 1) * ms_per_day;
}

struct unit_there {
  unit of = unit::day;
  time_zone zone;
};

result<unit> unit_of(const operand& value, view name) {
  const auto text = literal_of(value, name, "a unit");
  if (!text)
    return tl::unexpected{text.error()};
  std::vector<view> names;
  std::string list;
  for (const auto& [known, which] : units) {
    if (*text == known)
      return which;
    names.push_back(known);
    list += (list.empty() ? "there are " : ", ") + std::string{known};
  }
  const auto guess = did_you_mean(*text, names);
  return fail_at(value.column, "unknown unit '" + *text + "'", guess.empty() ? list : guess);
}

bool truncate(const unit_there& to, integer ms, integer& out) {
  const auto begin = beginning_of(to.of, number_of(to.of, to.zone.to_local(ms)));
  out = begin ? to.zone.to_utc(*begin) : 0;
  return begin.has_value();
}

bool difference(const unit_there& in, integer from, integer to, integer& out) {
  out = number_of(in.of, in.zone.to_local(to)) - number_of(in.of, in.zone.to_local(from));
  return true;
}

/// A function of a unit, of times and perhaps of a zone behind them.
template <std::size_t Times, column_type To, kernel Run>
result<operand> with_unit(expression_builder& builder, view name, arguments in) {
  const auto of = unit_of(in[0], name);
  if (!of)
    return tl::unexpected{of.error()};
  auto zone = zone_of(in, 1 + Times, name);
  if (!zone)
    return tl::unexpected{zone.error()};
  const auto times = in.subspan(1, Times);
  if (auto converted = convert_all(builder, name, times, {type::timestamp}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(Run, To, times, std::make_shared<const unit_there>(unit_there{*of, *zone}));
}

// --- texts and numbers ---

struct format_there {
  std::string format;
  time_zone zone;
};

bool parse(const format_there& as, view text, integer& out) {
  const auto ms = parse_time(text, as.format, as.zone);
  out = ms.value_or(0);
  return ms.has_value();
}

bool write(const format_there& as, integer ms, view& out, frame& f) {
  if (!is_rfc3339_time(ms))
    return false;
  out = kernels::kept(f, format_time(ms, as.format, as.zone));
  return true;
}

template <column_type From, column_type To, kernel Run>
result<operand> with_format(expression_builder& builder, view name, arguments in) {
  const auto format = literal_of(in[1], name, "a format");
  if (!format)
    return tl::unexpected{format.error()};
  if (auto wrong = wrong_time_format(*format); !wrong.empty())
    return fail_at(in[1].column, wrong, "%Y-%m-%d %H:%M:%S is one");
  auto zone = zone_of(in, 2, name);
  if (!zone)
    return tl::unexpected{zone.error()};
  const auto value = in.first(1);
  if (auto converted = convert_all(builder, name, value, {From}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(Run, To, value, std::make_shared<const format_there>(format_there{*format, *zone}));
}

/// A number of units since the epoch, or the other way.
struct epoch_unit {
  double ms = 1;
};

result<epoch_unit> epoch_unit_of(arguments in, view name) {
  static constexpr std::array<std::pair<view, double>, 4> known{{{"s", 1000}, {"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}}};
  const auto text = literal_of(in[1], name, "a unit");
  if (!text)
    return tl::unexpected{text.error()};
  for (const auto& [unit_name, ms] : known)
    if (*text == unit_name)
      return epoch_unit{ms};
  return fail_at(in[1].column, "unknown unit '" + *text + "'", "there are s, ms, us, ns");
}

result<operand> to_timestamp(expression_builder& builder, view name, arguments in) {
  const auto of = epoch_unit_of(in, name);
  if (!of)
    return tl::unexpected{of.error()};
  const auto value = in.first(1);
  constexpr auto run = [](const epoch_unit& u, double number, integer& out) {
    const auto ms = std::floor(number * u.ms);
    const bool is_there = std::abs(ms) < 9.2e18;
    out = is_there ? static_cast<integer>(ms) : 0;
    return is_there;
  };
  if (auto converted = convert_all(builder, name, value, {type::float64}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(kernels::with_state<epoch_unit, integer, run, double>, type::timestamp, value,
                      std::make_shared<const epoch_unit>(*of));
}

result<operand> epoch(expression_builder& builder, view name, arguments in) {
  const auto of = epoch_unit_of(in, name);
  if (!of)
    return tl::unexpected{of.error()};
  const auto value = in.first(1);
  constexpr auto run = [](const epoch_unit& u, integer ms, double& out) {
    out = static_cast<double>(ms) / u.ms;
    return true;
  };
  if (auto converted = convert_all(builder, name, value, {type::timestamp}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(kernels::with_state<epoch_unit, double, run, integer>, type::float64, value,
                      std::make_shared<const epoch_unit>(*of));
}

constexpr std::array table{
    function{{"hour", "the hour of a timestamp, 0 to 23, UTC or in a time zone", "hour(Date, 'Europe/Berlin')"},
             1,
             2,
             part<hour_of>},
    function{{"minute", "the minute, 0 to 59", "minute(Date)"},
             1,
             2,
             part<[](integer ms) { return (ms - floor_div(ms, ms_per_hour) * ms_per_hour) / ms_per_minute; }>},
    function{{"second", "the second, 0 to 59", "second(Date)"},
             1,
             2,
             part<[](integer ms) { return (ms - floor_div(ms, ms_per_minute) * ms_per_minute) / ms_per_second; }>},
    function{{"day", "the day of the month, 1 to 31", "day(Date)"},
             1,
             2,
             part<[](integer ms) { return integer{date_of(ms).day}; }>},
    function{{"dow", "the day of the week, 0 is Monday", "dow(Date)"}, 1, 2, part<weekday_of>},
    function{{"is_weekend", "whether it is Saturday or Sunday", "is_weekend(Date)"}, 1, 2, is_weekend},
    function{{"doy", "the day of the year, 1 to 366", "doy(Date)"}, 1, 2, part<[](integer ms) {
               return floor_div(ms, ms_per_day)
                      - beginning_of(unit::year, number_of(unit::year, ms)).value_or(ms) / ms_per_day + 1;
             }>},
    function{{"month", "the month, 1 to 12", "month(Date)"},
             1,
             2,
             part<[](integer ms) { return integer{date_of(ms).month}; }>},
    function{{"quarter", "the quarter of the year, 1 to 4", "quarter(Date)"}, 1, 2, part<quarter_of>},
    function{{"year", "the year", "year(Date)"}, 1, 2, part<[](integer ms) { return date_of(ms).year; }>},
    function{
        {"date_trunc",
         "when the second, minute, hour, day, week (Monday), month, quarter or year of a timestamp began, UTC or in a "
         "time zone",
         "date_trunc('day', Date, 'Europe/Berlin')"},
        2,
        3,
        with_unit<1, type::timestamp, kernels::with_state<unit_there, integer, truncate, integer>>},
    function{{"date_diff", "how many units begin behind the first time, up to the second",
              "date_diff('hour', '2026-01-01', Date)"},
             3,
             4,
             with_unit<2, type::int64, kernels::with_state<unit_there, integer, difference, integer, integer>>},
    function{{"strptime", "the time that a text says in a format, UTC or in a time zone; null where it does not",
              "strptime(Location, '%d.%m.%Y %H:%M')"},
             2,
             3,
             with_format<type::string, type::timestamp, kernels::with_state<format_there, integer, parse, view>>},
    function{{"strftime", "a timestamp as a text in a format, UTC or in a time zone", "strftime(Date, '%Y-%m-%d')"},
             2,
             3,
             with_format<type::timestamp, type::string, kernels::with_state<format_there, view, write, integer>>},
    function{{"to_timestamp", "the time that is so many s, ms, us or ns behind the beginning of 1970",
              "to_timestamp(Amount, 's')"},
             2,
             2,
             to_timestamp},
    function{
        {"epoch", "how many s, ms, us or ns a time is behind the beginning of 1970", "epoch(Date, 's')"}, 2, 2, epoch},
};

} // namespace

std::span<const function> time_functions() {
  return table;
}

} // namespace weir::core
