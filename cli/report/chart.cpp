#include "cli/report/chart.hpp"

#include "cli/measures.hpp"
#include "cli/report/markup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::cli {

namespace {

// In pixels; the page scales the picture.
constexpr double width = 420, height = 300;
constexpr double left = 58, right = 12, top = 12, bottom = 46;

std::string begin_svg(const std::string& title, double of_width, double of_height) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + coordinate(of_width) + " " + coordinate(of_height)
         + "\" role=\"img\" aria-label=\"" + escaped(title) + "\">\n";
}

std::string line(const char* style, double x1, double y1, double x2, double y2) {
  return std::string{"<line class=\""} + style + "\" x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\""
         + coordinate(x2) + "\" y2=\"" + coordinate(y2) + "\"/>\n";
}

/// @param anchor `start`, `middle` or `end`: which part of the text stands at the place
std::string text(double x, double y, const char* anchor, std::string_view what, const std::string& more = {}) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + anchor + "\"" + more + ">"
         + escaped(what) + "</text>\n";
}

/// A number on an axis: 50M for 50,000,000, so that neighbours keep apart.
std::string on_axis(double value) {
  constexpr double long_from = 1e4;
  for (const auto& [unit, name] : {std::pair{1e12, "T"}, std::pair{1e9, "G"}, std::pair{1e6, "M"}, std::pair{1e3, "k"}})
    if (std::abs(value) >= std::max(unit, long_from) && std::abs(value) < 1e15)
      return shown(value / unit) + name;
  return shown(value);
}

/// @param style of the page
std::string bar(double x, double y, double of_width, double of_height, std::string_view tip,
                const std::string& style = "bar") {
  return "<rect class=\"" + style + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" width=\""
         + coordinate(std::max(of_width, 0.0)) + "\" height=\"" + coordinate(std::max(of_height, 0.0)) + "\"><title>"
         + escaped(tip) + "</title></rect>\n";
}

} // namespace

axis axis_over(std::string title, std::span<const double> values) {
  auto least = std::numeric_limits<double>::infinity(), most = -least;
  for (const auto value : values)
    if (std::isfinite(value)) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  if (!(least <= most))
    return {std::move(title), 0, 1};
  const auto room = most > least ? (most - least) * 0.04 : std::max(std::abs(most) * 0.1, 0.5);
  return {std::move(title), least - room, most + room};
}

std::vector<double> ticks_of(const axis& of) {
  const auto rough = (of.to - of.from) / 5;
  if (!(rough > 0) || !std::isfinite(rough))
    return {};
  const auto ten = std::pow(10, std::floor(std::log10(rough)));
  const auto share = rough / ten;
  const auto step = ten * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
  std::vector<double> made;
  const auto first = std::ceil(of.from / step - 1e-9);
  for (auto k = first; k * step <= of.to + step * 1e-9 && made.size() < 20; k += 1)
    made.push_back(k == 0 ? 0 : k * step);
  return made;
}

chart::chart(std::string title, axis x, axis y) : title_{std::move(title)}, x_{std::move(x)}, y_{std::move(y)} {}

double chart::place_x(double value) const noexcept {
  return left + (value - x_.from) / (x_.to - x_.from) * (width - left - right);
}

double chart::place_y(double value) const noexcept {
  return height - bottom - (value - y_.from) / (y_.to - y_.from) * (height - top - bottom);
}

void chart::add_line(std::span<const models::curve_point> points, std::size_t series) {
  constexpr std::size_t colours = 6;
  std::string places;
  for (const auto& [x, y] : points)
    if (std::isfinite(x) && std::isfinite(y))
      places += (places.empty() ? "" : " ") + coordinate(place_x(x)) + "," + coordinate(place_y(y));
  marks_ += "<polyline class=\"line line-" + std::to_string(series % colours) + "\" points=\"" + places + "\"/>\n";
}

void chart::add_dots(std::span<const models::curve_point> points, bool are_large) {
  for (const auto& [x, y] : points)
    if (x >= x_.from && x <= x_.to && y >= y_.from && y <= y_.to)
      marks_ += "<circle class=\"" + std::string{are_large ? "knot" : "dot"} + "\" cx=\"" + coordinate(place_x(x))
                + "\" cy=\"" + coordinate(place_y(y)) + "\" r=\"" + (are_large ? "3.5" : "2") + "\"/>\n";
}

void chart::add_bar(double from, double to, double of_height, std::string_view tip) {
  const auto y = place_y(of_height);
  marks_ += bar(place_x(from) + 0.5, y, place_x(to) - place_x(from) - 1, place_y(y_.from) - y, tip);
}

void chart::add_guide(models::curve_point from, models::curve_point to) {
  marks_ += line("guide", place_x(from.x), place_y(from.y), place_x(to.x), place_y(to.y));
}

std::string chart::axes() const {
  std::string out;
  for (const auto tick : ticks_of(y_)) {
    out += line("grid", left, place_y(tick), width - right, place_y(tick));
    out += text(left - 6, place_y(tick) + 4, "end", on_axis(tick));
  }
  for (const auto tick : ticks_of(x_)) {
    out += line("grid", place_x(tick), top, place_x(tick), height - bottom);
    out += text(place_x(tick), height - bottom + 16, "middle", on_axis(tick));
  }
  const auto middle = top + (height - top - bottom) / 2;
  out += text(left + (width - left - right) / 2, height - 6, "middle", x_.title, " class=\"title\"");
  return out
         + text(14, middle, "middle", y_.title,
                " class=\"title\" transform=\"rotate(-90 14 " + coordinate(middle) + ")\"");
}

std::string chart::svg() const {
  return begin_svg(title_, width, height) + axes() + marks_ + "</svg>\n";
}

namespace {

/// A name in front of a bar, cut where it is too long.
std::string name_beside(double x, double y, const std::string& name) {
  constexpr std::size_t longest = 22; // characters, as far as they are bytes
  return text(x, y, "end", name.size() > longest ? name.substr(0, longest - 3) + "..." : name);
}

constexpr double names = 150, numbers = 60; ///< room for them

} // namespace

std::string lying_bars(const std::string& title, std::span<const named_share> bars) {
  constexpr double line_height = 24;
  double most = 0;
  for (const auto& one : bars)
    most = std::max(most, one.share);
  auto out = begin_svg(title, width, line_height * static_cast<double>(bars.size()) + 4);
  double y = 2;
  for (const auto& [name, share] : bars) {
    out += name_beside(names - 8, y + 16, name);
    const auto length = most > 0 ? std::max(share, 0.0) / most * (width - names - numbers) : 0;
    out += bar(names, y + 3, length, line_height - 6, name + ": " + shown(share));
    out += text(names + length + 6, y + 16, "start", shown(share));
    y += line_height;
  }
  return out + "</svg>\n";
}

std::string lying_pairs(const std::string& title, std::span<const named_pair> pairs) {
  constexpr double line_height = 40, bar_height = 15;
  double most = 0;
  for (const auto& one : pairs)
    most = std::max({most, one.before, one.after});
  auto out = begin_svg(title, width, line_height * static_cast<double>(pairs.size()) + 4);
  double y = 2;
  for (const auto& [name, before, after] : pairs) {
    out += name_beside(names - 8, y + 22, name);
    for (const auto& [share, series] : {std::pair{before, 0}, std::pair{after, 1}}) {
      const auto length = most > 0 ? share / most * (width - names - numbers) : 0;
      const auto top_of_bar = y + 3 + series * bar_height;
      out +=
          bar(names, top_of_bar, length, bar_height - 2, name + ": " + shown(share), "bar-" + std::to_string(series));
      out += text(names + length + 6, top_of_bar + bar_height - 4, "start", shown(share));
    }
    y += line_height;
  }
  return out + "</svg>\n";
}

} // namespace weir::cli
