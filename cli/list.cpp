#include "cli/reference/families.hpp"
#include "cli/text_columns.hpp"
#include "cli/verbs.hpp"
#include "core/base/nearest_name.hpp"
#include "io/json_document.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

struct list_options {
  std::string family;
  std::string kind;
  std::string format = "table";
};

void print_families() {
  std::vector<std::vector<std::string>> rows;
  for (const auto& family : families()) {
    std::string names;
    for (const auto& kind : family.kinds())
      names += (names.empty() ? "" : " ") + kind.name;
    rows.push_back({std::string{family.name}, names});
  }
  print_columns(rows, "");
  std::printf("\n`weir list detectors` says what each is, `weir list detector zscore` all of one.\n");
}

void print_kinds(const family& of) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& kind : of.kinds())
    rows.push_back({kind.name, kind.help});
  print_columns(rows, "");
}

void print_whole(const listed_kind& kind) {
  std::printf("%s: %s\n", kind.name.c_str(), kind.help.c_str());
  if (!kind.example.empty())
    std::printf("\n  %s\n", kind.example.c_str());
  if (kind.fields.empty())
    return;
  std::printf("\n");
  std::vector<std::vector<std::string>> rows{{"field", "type", "default", ""}};
  for (const auto& field : kind.fields)
    rows.push_back({field.name, field.type, field.usual, field.help});
  print_columns(rows, "  ");
}

std::string escaped(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

std::string code(const std::string& text) {
  return text.empty() ? text : "`" + escaped(text) + "`";
}

void print_markdown(const std::vector<listed_kind>& kinds, std::string_view example) {
  std::printf("| | | %.*s |\n| --- | --- | --- |\n", static_cast<int>(example.size()), example.data());
  for (const auto& kind : kinds)
    std::printf("| %s | %s | %s |\n", code(kind.name).c_str(), escaped(kind.help).c_str(), code(kind.example).c_str());
  for (const auto& kind : kinds) {
    if (kind.fields.size() < 2)
      continue;
    std::printf("\n| %s | | default | |\n| --- | --- | --- | --- |\n", code(kind.name).c_str());
    for (const auto& field : kind.fields)
      std::printf("| %s | %s | %s | %s |\n", code(field.name).c_str(), escaped(field.type).c_str(),
                  escaped(field.usual).c_str(), escaped(field.help).c_str());
  }
}

void write(io::json_document& out, const listed_kind& kind) {
  out.begin_object().member("name", kind.name).member("help", kind.help).member("example", kind.example);
  out.key("fields").begin_array();
  for (const auto& field : kind.fields)
    out.begin_object()
        .member("name", field.name)
        .member("type", field.type)
        .member("default", field.usual)
        .member("help", field.help)
        .end_object();
  out.end_array().end_object();
}

void print_json(const std::vector<listed_kind>& kinds) {
  io::json_document out;
  out.begin_array();
  for (const auto& kind : kinds)
    write(out, kind);
  out.end_array();
  std::printf("%s", out.text().c_str());
}

template <class Names>
exit_code unknown(const std::string& what, const std::string& name, const Names& names) {
  std::string listed;
  for (const auto& known : names)
    listed += (listed.empty() ? "known: " : ", ") + std::string{known};
  const auto meant = core::did_you_mean(name, names);
  return report({"there is no " + what + " '" + name + "'", {}, meant.empty() ? listed : meant}, exit_code::usage);
}

exit_code list(const list_options& options) {
  if (options.family.empty()) {
    print_families();
    return exit_code::done;
  }
  const auto* family = find_family(options.family);
  if (family == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : families())
      names.push_back(known.name);
    return unknown("family", options.family, names);
  }
  auto kinds = family->kinds();
  if (!options.kind.empty()) {
    std::vector<std::string> names;
    for (const auto& kind : kinds)
      names.push_back(kind.name);
    std::erase_if(kinds, [&](const listed_kind& kind) { return kind.name != options.kind; });
    if (kinds.empty())
      return unknown(std::string{family->singular}, options.kind, names);
  }
  if (options.format == "json")
    print_json(kinds);
  else if (options.format == "markdown")
    print_markdown(kinds, family->example);
  else if (options.kind.empty())
    print_kinds(*family);
  else
    print_whole(kinds.front());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<list_options>();
  verb.option("family", &options->family, "What to list: transforms, detectors, functions, ...");
  verb.option("kind", &options->kind, "One of them, in full");
  verb.option("-o,--output", &options->format, "table, json or markdown")
      .one_of({"table", "json", "markdown"})
      .with_default();
  verb.run([options] { return list(*options); });
}

} // namespace

constexpr verb verbs::list{"list", "list what a pipeline file and this program know", "weir list detector zscore",
                           declare};

} // namespace weir::cli
