#include "cli/graph/graph_formats.hpp"
#include "cli/graph/wrapped_lines.hpp"
#include "cli/report/markup.hpp"

#include <algorithm>

namespace weir::cli {

namespace {

constexpr std::string_view style = R"(
svg { --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --dim: #5d6b7c; --line: #b9c3cf; --flow: #2563be;
  --refused: #b91c3c; --told: #c2570c; }
@media (prefers-color-scheme: dark) { svg { --page: #12161c; --card: #1b212a; --text: #e4e9f0; --dim: #97a4b4;
  --line: #465260; --flow: #6aa5f5; --refused: #f17c90; --told: #f0935a; } }
.page { fill: var(--page); }
.box { fill: var(--card); stroke: var(--line); }
text { fill: var(--dim); font: 12px ui-monospace, monospace; }
.name { fill: var(--text); font: 600 18px system-ui, sans-serif; }
.title { fill: var(--text); font-weight: 600; }
.says { fill: var(--text); }
.flow, .refused, .told { fill: none; stroke-width: 1.5; }
.flow { stroke: var(--flow); } .refused { stroke: var(--refused); stroke-dasharray: 5 4; }
.told { stroke: var(--told); stroke-dasharray: 2 3; }
.tip-flow { fill: var(--flow); } .tip-refused { fill: var(--refused); } .tip-told { fill: var(--told); }
)";

constexpr int margin = 20;
constexpr int line_height = 17;
constexpr int padding = 12;
constexpr int gap = 26;
constexpr int letter_width = 8; ///< no less than that of a letter of the font
constexpr int left_letters = 68;
constexpr int right_letters = 42;
constexpr int left_width = left_letters * letter_width + 2 * padding;
constexpr int right_width = right_letters * letter_width + 2 * padding;
constexpr int right_x = margin + left_width + 60;

struct place {
  int x, y, width, height;

  int bottom() const { return y + height; }
  int middle() const { return x + width / 2; }
};

class picture {
public:
  /// Draws boxes as one, its lines below each other.
  place box(int x, int y, int letters, const std::vector<graph_box>& of) {
    std::string lines;
    auto at = y + padding;
    const auto add = [&](std::string_view look, const std::string& text, std::string_view second = {}) {
      at += line_height;
      lines += "<text x=\"" + std::to_string(x + padding) + "\" y=\"" + std::to_string(at - 4) + "\"><tspan class=\""
               + std::string{look} + "\">" + escaped(text) + "</tspan>"
               + (second.empty() ? std::string{} : "  " + escaped(second)) + "</text>\n";
    };
    const auto width = static_cast<std::size_t>(letters);
    for (const auto& one : of) {
      auto title = wrapped(one.title, width - one.section.size() - 2);
      if (title.empty())
        title.emplace_back();
      for (const auto& line : title)
        add("title", line, &line == &title.front() ? one.section : "");
      for (const auto& line : wrapped(one.says, width))
        add("says", line);
      for (const auto& line : wrapped(one.reads.empty() ? "" : "reads " + joined(one.reads), width))
        add("columns", line);
      const auto* word = one.section == "source" ? "has " : "makes ";
      for (const auto& line : wrapped(one.makes.empty() ? "" : word + joined(one.makes), width))
        add("columns", line);
      at += &one == &of.back() ? 0 : line_height / 2;
    }
    const place made{x, y, letters * letter_width + 2 * padding, at + padding - y};
    marks_ += "<rect class=\"box\" x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\""
              + std::to_string(made.width) + "\" height=\"" + std::to_string(made.height) + "\" rx=\"8\"/>\n" + lines;
    height_ = std::max(height_, made.bottom());
    return made;
  }

  void down(const place& from, const place& to, std::string_view look) {
    line(look, std::to_string(from.middle()) + ' ' + std::to_string(from.bottom()), 'V' + std::to_string(to.y - 2));
  }

  void aside(const place& from, const place& to, std::string_view look) {
    const auto x = from.x + from.width;
    const auto y = from.y + line_height;
    line(look, std::to_string(x) + ' ' + std::to_string(y),
         'H' + std::to_string(x + (to.x - x) / 2) + 'V' + std::to_string(to.y + line_height) + 'H'
             + std::to_string(to.x - 2));
  }

  std::string svg(const std::string& name, bool has_right) const {
    const auto width = std::to_string(has_right ? right_x + right_width + margin : 2 * margin + left_width);
    const auto height = std::to_string(height_ + margin);
    std::string tips;
    for (const auto* look : {"flow", "refused", "told"})
      tips += std::string{"<marker id=\"tip-"} + look
              + "\" markerWidth=\"8\" markerHeight=\"8\" refX=\"6\" refY=\"4\" orient=\"auto\"><path class=\"tip-"
              + look + "\" d=\"M0 0L8 4L0 8z\"/></marker>";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + ' ' + height + "\" width=\"" + width
           + "\" height=\"" + height + "\" role=\"img\">\n<title>" + escaped(name) + "</title>\n<style>"
           + std::string{style} + "</style>\n<defs>" + tips + "</defs>\n<rect class=\"page\" width=\"" + width
           + "\" height=\"" + height + "\"/>\n<text class=\"name\" x=\"" + std::to_string(margin) + "\" y=\"34\">"
           + escaped(name) + "</text>\n" + marks_ + "</svg>\n";
  }

private:
  void line(std::string_view look, const std::string& from, const std::string& way) {
    marks_ += "<path class=\"" + std::string{look} + "\" d=\"M" + from + way + "\" marker-end=\"url(#tip-"
              + std::string{look} + ")\"/>\n";
  }

  std::string marks_;
  int height_ = 0;
};

} // namespace

std::string graph_svg(const pipeline_graph& of) {
  picture draws;
  constexpr int top = 52;
  const auto source = draws.box(margin, top, left_letters, {of.source});
  auto last = source;
  for (const auto& step : of.steps) {
    const auto next = draws.box(margin, last.bottom() + gap, left_letters, {step});
    draws.down(last, next, "flow");
    last = next;
  }
  if (!of.sinks.empty())
    draws.down(last, draws.box(margin, last.bottom() + gap, left_letters, of.sinks), "flow");
  auto right = top;
  if (!of.dead_letters.empty()) {
    const auto letters = draws.box(right_x, right, right_letters, of.dead_letters);
    draws.aside(source, letters, "refused");
    right = letters.bottom() + gap;
  }
  if (!of.alerts.empty()) {
    const auto rules = draws.box(right_x, std::max(right, last.y), right_letters, of.alerts);
    draws.aside(last, rules, "told");
    if (!of.alert_sinks.empty())
      draws.down(rules, draws.box(right_x, rules.bottom() + gap, right_letters, of.alert_sinks), "told");
  }
  return draws.svg(of.name, !of.dead_letters.empty() || !of.alerts.empty());
}

} // namespace weir::cli
