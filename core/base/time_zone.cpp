#include "core/base/time_zone.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/floor_div.hpp"

#include <optional>

#include <date/tz.h>

namespace weir::core {

namespace {

using std::chrono::seconds;

/// How a zone differs from UTC for a while: [begin, end) in milliseconds.
struct period {
  const date::time_zone* zone = nullptr;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t offset = 0;
};

/// Years that the library can reckon with.
constexpr std::int64_t first_known = days_from_civil(-30'000, 1, 1) * ms_per_day;
constexpr std::int64_t last_known = days_from_civil(30'000, 1, 1) * ms_per_day;

/// The one that a time lies in. Times of records are close to each other: the last one found is tried first.
const period& period_of(const date::time_zone* zone, std::int64_t ms) {
  thread_local period last;
  if (last.zone == zone && ms >= last.begin && ms < last.end)
    return last;
  const auto known = std::clamp(ms, first_known, last_known);
  const auto info = zone->get_info(date::sys_seconds{seconds{floor_div(known, ms_per_second)}});
  const auto ms_of = [](date::sys_seconds time) {
    constexpr std::int64_t far = INT64_MAX / ms_per_second;
    return std::clamp<std::int64_t>(time.time_since_epoch().count(), -far, far) * ms_per_second;
  };
  last = {zone, ms_of(info.begin), ms_of(info.end), info.offset.count() * ms_per_second};
  return last;
}

/// Of `+02:00`, `-0530`, `+02`.
std::optional<std::int64_t> offset_of(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-'))
    return std::nullopt;
  const std::int64_t sign = text[0] == '-' ? -1 : 1;
  std::string digits;
  for (std::size_t i = 1; i < text.size(); ++i)
    if (!(i == 3 && text[i] == ':'))
      digits += text[i];
  if ((digits.size() != 2 && digits.size() != 4) || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const auto hours = std::stoi(digits.substr(0, 2));
  const auto minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
  if (hours > 18 || minutes > 59)
    return std::nullopt;
  return sign * (hours * 60 + minutes) * 60'000;
}

} // namespace

result<time_zone> time_zone::find(std::string_view name) {
  time_zone made;
  if (name == "UTC" || name == "Z")
    return made;
  if (const auto offset = offset_of(name)) {
    made.offset_ = *offset;
    return made;
  }
  try {
    made.zone_ = date::locate_zone(name);
    made.zone_->get_info(date::sys_seconds{seconds{0}});
    return made;
  } catch (const std::exception&) {
    return fail(
        "there is no time zone '" + std::string{name} + "'", {},
        "name one of the system's database, as Europe/Berlin, or an offset, as +02:00; the package tzdata has it");
  }
}

std::int64_t time_zone::to_local(std::int64_t ms) const {
  const auto offset = zone_ == nullptr ? offset_ : period_of(zone_, ms).offset;
  std::int64_t local = 0;
  return __builtin_add_overflow(ms, offset, &local) ? ms : local;
}

std::int64_t time_zone::to_utc(std::int64_t local) const {
  std::int64_t ms = 0;
  if (zone_ == nullptr)
    return __builtin_sub_overflow(local, offset_, &ms) ? local : ms;
  if (local < first_known || local > last_known)
    return local;
  // The offset a day before, and the one a day behind: where they differ, a clock is set in between, or not yet.
  const auto before = period_of(zone_, local - ms_per_day).offset;
  const auto behind = period_of(zone_, local + ms_per_day).offset;
  if (period_of(zone_, local - before).offset == before)
    return local - before;
  if (period_of(zone_, local - behind).offset == behind)
    return local - behind;
  return period_of(zone_, local - behind).end; // between both: it is left out
}

} // namespace weir::core
