#include "cli/graph/graph_formats.hpp"
#include "cli/graph/wrapped_lines.hpp"

namespace weir::cli {

namespace {

constexpr std::size_t label_width = 48;

/// Within quotes. Mermaid's own way to write a character is `#` and its number.
std::string in_label(std::string_view text) {
  constexpr std::string_view special = "\"#&<>`;%\\*";
  std::string out;
  for (const auto c : text)
    if (special.find(c) == std::string_view::npos)
      out += c;
    else
      out += '#' + std::to_string(static_cast<int>(c)) + ';';
  return out;
}

std::string label_of(const graph_box& box) {
  std::string text = "<b>" + in_label(box.title) + "</b>";
  const auto add = [&](const std::string& more) {
    for (const auto& line : wrapped(more, label_width))
      text += "<br/>" + in_label(line);
  };
  add(box.says);
  if (!box.reads.empty())
    add("reads " + joined(box.reads));
  if (!box.makes.empty())
    add((box.section == "source" ? "has " : "makes ") + joined(box.makes));
  return '"' + text + '"';
}

class mermaid_writer {
public:
  std::string add(const graph_box& box, std::string_view opening, std::string_view closing,
                  std::string_view indent = "  ") {
    auto id = "n" + std::to_string(++nodes_);
    out_.append(indent).append(id).append(opening).append(label_of(box)).append(closing).append("\n");
    return id;
  }
  void open(std::string_view section) {
    out_ += "  subgraph s" + std::to_string(++sections_) + "[\"" + in_label(section) + "\"]\n";
  }
  void close() { out_ += "  end\n"; }
  void arrow(const std::string& from, std::string_view line, const std::string& to) {
    edges_.append("  ").append(from).append(" ").append(line).append(" ").append(to).append("\n");
  }
  std::string take() { return "flowchart LR\n" + out_ + edges_; }

private:
  int nodes_ = 0;
  int sections_ = 0;
  std::string out_;
  std::string edges_;
};

} // namespace

std::string graph_mermaid(const pipeline_graph& of) {
  mermaid_writer to;
  const auto source = to.add(of.source, "([", "])");
  auto last = source;
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    const auto& step = of.steps[i];
    if (i == 0 || of.steps[i - 1].section != step.section)
      to.open(step.section);
    const auto id = to.add(step, "[", "]", "    ");
    to.arrow(last, "-->", id);
    last = id;
    if (i + 1 == of.steps.size() || of.steps[i + 1].section != step.section)
      to.close();
  }
  for (const auto& sink : of.sinks)
    to.arrow(last, "-->", to.add(sink, "([", "])"));
  for (const auto& letters : of.dead_letters)
    to.arrow(source, "-. refused .->", to.add(letters, "([", "])"));
  std::vector<std::string> rules;
  for (const auto& rule : of.alerts) {
    rules.push_back(to.add(rule, "{{", "}}"));
    to.arrow(last, "-.->", rules.back());
  }
  for (const auto& sink : of.alert_sinks) {
    const auto id = to.add(sink, "([", "])");
    for (const auto& rule : rules)
      to.arrow(rule, "-->", id);
  }
  return to.take();
}

} // namespace weir::cli
