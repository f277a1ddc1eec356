#include "cli/graph/graph_formats.hpp"
#include "cli/graph/wrapped_lines.hpp"

#include <algorithm>
#include <utility>

namespace weir::cli {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t most_title = 36; ///< a longer one has a line of its own
constexpr std::string_view line_down = "│";

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, characters_of(text)), ' ');
}

class text_writer {
public:
  explicit text_writer(const pipeline_graph& of) {
    const auto measure = [&](const std::vector<graph_box>& boxes) {
      for (const auto& box : boxes)
        if (const auto length = characters_of(box.title); length <= most_title)
          title_width_ = std::max(title_width_, length);
    };
    for (const auto* boxes : {&of.steps, &of.sinks, &of.dead_letters, &of.alerts, &of.alert_sinks})
      measure(*boxes);
    title_width_ = std::max(title_width_, characters_of(of.source.title)) + 2;
  }

  /// @param sign what stands in front, three characters; @param beside what stands in front of the lines below
  void box(const graph_box& of, std::string_view sign, std::string_view beside) {
    begin(std::string{sign} + padded(of.title, title_width_), of.title, beside);
    said(of.says, beside);
    if (!of.reads.empty())
      said("reads " + joined(of.reads), beside);
    if (!of.makes.empty())
      said((of.section == "source" ? "has " : "makes ") + joined(of.makes), beside);
    end();
  }

  void heading(std::string_view text, std::string_view beside) { line(std::string{beside} + std::string{text}); }
  void line(std::string text) {
    while (text.ends_with(' '))
      text.pop_back();
    out_ += text + '\n';
  }

  std::string take() { return std::move(out_); }

private:
  void begin(std::string first, const std::string& title, std::string_view beside) {
    next_ = std::move(first);
    if (characters_of(title) + 2 > title_width_) {
      line(next_);
      next_ = std::string{beside} + std::string(title_width_, ' ');
    }
  }

  void said(const std::string& text, std::string_view beside) {
    const auto room = page_width - 3 - title_width_;
    std::size_t hanging = 0;
    for (const auto& part : wrapped(text, room - 2)) {
      line(next_ + std::string(hanging, ' ') + part);
      next_ = std::string{beside} + std::string(title_width_, ' ');
      hanging = 2;
      is_said_ = true;
    }
  }

  void end() {
    if (!std::exchange(is_said_, false))
      line(next_);
  }

  std::size_t title_width_ = 0;
  std::string next_; ///< what stands in front of the next line
  bool is_said_ = false;
  std::string out_;
};

} // namespace

std::string graph_text(const pipeline_graph& of) {
  const auto beside = std::string{line_down} + "  ";
  text_writer to{of};
  to.line(of.name);
  to.line("");
  to.heading("source", "");
  to.box(of.source, "┌─ ", beside);
  std::string_view section;
  for (const auto& step : of.steps) {
    if (step.section != section) {
      to.line(std::string{line_down});
      to.heading(step.section, beside);
    }
    section = step.section;
    to.box(step, "├─ ", beside);
  }
  const auto branch = [&](std::string_view name, const std::vector<graph_box>& boxes, std::string_view sign) {
    if (boxes.empty())
      return;
    to.line(std::string{line_down});
    to.heading(name, beside);
    for (const auto& box : boxes)
      to.box(box, sign, beside);
  };
  branch("alerts", of.alerts, "├─ ");
  branch("alert_sink", of.alert_sinks, "├▶ ");
  branch("dead_letter", of.dead_letters, "├▶ ");
  to.line(std::string{line_down});
  to.heading("sink", beside);
  for (const auto& sink : of.sinks) {
    const bool is_last = &sink == &of.sinks.back();
    to.box(sink, is_last ? "└▶ " : "├▶ ", is_last ? "   " : beside);
  }
  return to.take();
}

} // namespace weir::cli
