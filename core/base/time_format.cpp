#include "core/base/time_format.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/floor_div.hpp"

#include <chrono>
#include <locale>
#include <sstream>

#include <date/date.h>

namespace weir::core {

namespace {

using namespace std::chrono;

/// A stream is slow to make, so that each thread keeps one.
template <class Stream>
Stream& fresh_stream() {
  thread_local Stream stream = [] {
    Stream made;
    made.imbue(std::locale::classic());
    return made;
  }();
  stream.clear();
  return stream;
}

} // namespace

std::optional<std::int64_t> parse_time(std::string_view text, const std::string& format, const time_zone& zone) {
  auto& in = fresh_stream<std::istringstream>();
  in.str(std::string{text});
  date::fields<nanoseconds> fields;
  std::string abbreviation;
  auto offset = minutes::min();
  date::from_stream(in, format.c_str(), fields, &abbreviation, &offset);
  if (in.fail() || !fields.ymd.ok() || in.peek() != std::istringstream::traits_type::eof())
    return std::nullopt;
  const auto days = date::sys_days{fields.ymd}.time_since_epoch().count();
  const auto of_day = fields.has_tod ? floor<milliseconds>(fields.tod.to_duration()).count() : 0;
  const auto local = days * ms_per_day + of_day;
  return offset == minutes::min() ? zone.to_utc(local) : local - duration_cast<milliseconds>(offset).count();
}

std::string format_time(std::int64_t ms, const std::string& format, const time_zone& zone) {
  const auto local = zone.to_local(ms);
  auto& out = fresh_stream<std::ostringstream>();
  out.str({});
  const auto offset = duration_cast<seconds>(milliseconds{local - ms});
  const std::string abbreviation;
  if (floor_div(local, ms_per_second) * ms_per_second == local)
    date::to_stream(out, format.c_str(), date::local_time<seconds>{seconds{local / ms_per_second}}, &abbreviation,
                    &offset);
  else
    date::to_stream(out, format.c_str(), date::local_time<milliseconds>{milliseconds{local}}, &abbreviation, &offset);
  return out.str();
}

std::string wrong_time_format(std::string_view format) {
  static constexpr std::string_view known = "aAbBhCdDeFgGHIjmMnprRStTuUVwWyYz%";
  for (std::size_t i = 0; i < format.size(); ++i)
    if (format[i] == '%' && (++i == format.size() || known.find(format[i]) == std::string_view::npos))
      return "a format of times has no '%" + std::string{format.substr(i, 1)} + "'";
  return {};
}

} // namespace weir::core
