#include "cli/report/page.hpp"

#include "cli/report/markup.hpp"

namespace weir::cli {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --dim: #5d6b7c; --line: #e1e6ec;
  --shade: 37 99 190; --c0: #2563be; --c1: #c2570c; --c2: #15803d; --c3: #9333b8; --c4: #b91c3c; --c5: #0e7490; }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1b212a; --text: #e4e9f0; --dim: #97a4b4;
  --line: #2f3945; --shade: 86 146 236; --c0: #6aa5f5; --c1: #f0935a; --c2: #5cc585; --c3: #c88be6; --c4: #f17c90;
  --c5: #55c1d6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { font-size: 24px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 4px; }
.note { color: var(--dim); margin: 2px 0 14px; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin-top: 18px; }
.cards, .figures { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); }
.figures { grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); gap: 20px; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; }
.card span { display: block; color: var(--dim); font-size: 13px; }
.card b { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--dim); }
figcaption b { color: var(--text); font-weight: 600; display: block; overflow-wrap: anywhere; }
.key { display: inline-block; margin-right: 10px; }
.key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 4px; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--dim); font: 11px system-ui, sans-serif; }
svg .title { fill: var(--text); }
.grid { stroke: var(--line); }
.guide { stroke: var(--dim); stroke-dasharray: 4 4; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.dot { fill: var(--c0); fill-opacity: 0.4; }
.knot, .bar, .bar-0 { fill: var(--c0); }
.bar-1 { fill: var(--c1); }
.line-0 { stroke: var(--c0); } .line-1 { stroke: var(--c1); } .line-2 { stroke: var(--c2); }
.line-3 { stroke: var(--c3); } .line-4 { stroke: var(--c4); } .line-5 { stroke: var(--c5); }
.key-0 { background: var(--c0); } .key-1 { background: var(--c1); } .key-2 { background: var(--c2); }
.key-3 { background: var(--c3); } .key-4 { background: var(--c4); } .key-5 { background: var(--c5); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: var(--dim); font-weight: 500; font-size: 13px; }
.shaded td { background: rgb(var(--shade) / calc(var(--share) * 0.65)); border: 2px solid var(--card); text-align: center; }
.shaded th { border: 0; text-align: center; }
.shaded td:first-child { text-align: center; }
)";

} // namespace

std::string page(std::string_view title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
         + escaped(title) + "</title>\n<style>" + std::string{style} + "</style>\n</head>\n<body>\n<main>\n" + body
         + "</main>\n</body>\n</html>\n";
}

std::string section(std::string_view heading, std::string_view note, const std::string& content) {
  const auto below = note.empty() ? std::string{} : "<p class=\"note\">" + escaped(note) + "</p>\n";
  return "<section>\n<h2>" + escaped(heading) + "</h2>\n" + below + content + "</section>\n";
}

std::string figures(std::span<const std::string> of) {
  std::string out = "<div class=\"figures\">\n";
  for (const auto& one : of)
    out += one;
  return out + "</div>\n";
}

std::string figure(std::string_view caption, const std::string& svg, std::span<const std::string> legend) {
  std::string keys;
  for (std::size_t i = 0; i < legend.size(); ++i)
    keys += "<span class=\"key\"><i class=\"key-" + std::to_string(i) + "\"></i>" + escaped(legend[i]) + "</span>";
  return "<figure>\n<figcaption><b>" + escaped(caption) + "</b>" + keys + "</figcaption>\n" + svg + "</figure>\n";
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"scroll\"><table>\n";
  for (const auto& row : rows) {
    const std::string tag = &row == rows.data() ? "th" : "td";
    out += "<tr>";
    for (const auto& cell : row)
      out.append("<").append(tag).append(">").append(escaped(cell)).append("</").append(tag).append(">");
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

} // namespace weir::cli
