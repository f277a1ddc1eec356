#include "cli/models_verbs.hpp"
#include "cli/text_columns.hpp"
#include "cli/verbs.hpp"
#include "io/json_document.hpp"
#include "models/class_names.hpp"
#include "models/model.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

struct show_options {
  std::string file;
  std::string format = "table";
};

const std::string* card_of(const models::model_meaning& meaning) {
  const auto found = meaning.metadata.find("card");
  return found == meaning.metadata.end() ? nullptr : &found->second;
}

std::string labels_of(const models::model_output& output) {
  std::string text;
  if (output.labels != nullptr)
    for (const auto& label : models::class_names(*output.labels))
      text += (text.empty() ? "" : ", ") + label;
  return text;
}

/// What it takes and what it gives.
void print_columns_of(const models::model& of) {
  std::vector<std::vector<std::string>> lines;
  for (const auto& feature : of.meaning().features)
    lines.push_back({"takes", feature.name, std::string{name_of(feature.type)}, ""});
  for (std::size_t i = 0; i < of.meaning().outputs.size(); ++i) {
    const auto& output = of.meaning().outputs[i];
    const auto count = output.columns == 1 ? std::string{} : " x " + std::to_string(output.columns);
    lines.push_back({i == of.meaning().prediction ? "predicts" : "gives", output.name,
                     std::string{name_of(output.type)} + count, labels_of(output)});
  }
  print_columns(lines, "");
}

void print_table(const models::model& of) {
  std::printf("model     %s\n", of.version().c_str());
  print_columns_of(of);
  if (const auto* card = card_of(of.meaning())) {
    io::json_document out;
    std::printf("card      %s", out.raw(*card).pretty_text().c_str());
  }
}

void print_json(const models::model& of) {
  io::json_document out;
  out.begin_object().member("version", of.version()).key("features").begin_array();
  for (const auto& feature : of.meaning().features)
    out.begin_object().member("name", feature.name).member("type", name_of(feature.type)).end_object();
  out.end_array().key("outputs").begin_array();
  for (const auto& output : of.meaning().outputs)
    out.begin_object()
        .member("name", output.name)
        .member("type", name_of(output.type))
        .member("columns", output.columns)
        .end_object();
  out.end_array();
  if (const auto* card = card_of(of.meaning()))
    out.key("card").raw(*card);
  std::printf("%s", out.end_object().pretty_text().c_str());
}

exit_code show(const show_options& options) {
  const auto loaded = models::model::load(options.file);
  if (!loaded)
    return report(loaded.error());
  if (options.format == "json")
    print_json(**loaded);
  else
    print_table(**loaded);
  return exit_code::done;
}

void declare(arguments verb) {
  declare_registry_views(verb);
  const auto options = std::make_shared<show_options>();
  auto shows = verb.verb("show", "what a model takes and gives, and how it was made");
  shows.option("FILE", &options->file, "ONNX file, or REGISTRY/NAME@ALIAS").required();
  shows.option("-o,--output", &options->format, "table or json").one_of({"table", "json"}).with_default();
  shows.run([options] { return show(*options); });
  declare_comparisons(verb);
  declare_registry_changes(verb);
}

} // namespace

constexpr verb verbs::models{"models", "keep models in a registry, look at them, compare them",
                             "weir models show price.onnx", declare};

} // namespace weir::cli
