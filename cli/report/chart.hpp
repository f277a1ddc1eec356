#pragma once

#include "models/curves.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// One direction of a chart. Values outside are not shown.
struct axis {
  std::string title;
  double from = 0;
  double to = 1;
};

/// An axis over all of these that are finite, with some room beside them.
axis axis_over(std::string title, std::span<const double> values);

/// Where the ticks of an axis stand: at round numbers, about five of them.
std::vector<double> ticks_of(const axis& of);

/// A picture in SVG of things in a plane. Its colours are classes of the page: `line-0`, `dot`, `bar`, ...
class chart {
public:
  /// @param title for those who do not see it
  chart(std::string title, axis x, axis y);

  /// @param series which of the colours it has, from 0 on
  void add_line(std::span<const models::curve_point> points, std::size_t series = 0);
  void add_dots(std::span<const models::curve_point> points, bool are_large = false);
  /// A bar from the axis of x up.
  void add_bar(double from, double to, double height, std::string_view tip);
  /// A thin dashed line: what is perfect, or mere chance.
  void add_guide(models::curve_point from, models::curve_point to);

  std::string svg() const;

private:
  double place_x(double value) const noexcept;
  double place_y(double value) const noexcept;
  std::string axes() const;

  std::string title_;
  axis x_;
  axis y_;
  std::string marks_;
};

/// Bars that lie, each with its name in front.
struct named_share {
  std::string name;
  double share = 0;
};
std::string lying_bars(const std::string& title, std::span<const named_share> bars);

/// Two bars below each other for each name, in the colours of the first two series.
struct named_pair {
  std::string name;
  double before = 0;
  double after = 0;
};
std::string lying_pairs(const std::string& title, std::span<const named_pair> pairs);

} // namespace weir::cli
