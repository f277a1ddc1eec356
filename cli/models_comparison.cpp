#include "cli/card_reader.hpp"
#include "cli/csv_input.hpp"
#include "cli/measures.hpp"
#include "cli/model_facts.hpp"
#include "cli/models_verbs.hpp"
#include "cli/paired_judgement.hpp"
#include "cli/row_scorer.hpp"
#include "cli/text_columns.hpp"
#include "io/json_document.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

namespace {

struct compare_options {
  std::string first;
  std::string second;
  scored_file file; ///< the data; its model is set to each
  std::string target;
  std::uint64_t samples = 200;
  std::uint64_t random_state = 0;
  std::string format = "table";
};

struct both_models {
  models::model_ptr first;
  models::model_ptr second;
};

core::result<both_models> load(const compare_options& options) {
  auto first = models::model::load(options.first);
  if (!first)
    return tl::unexpected{first.error()};
  auto second = models::model::load(options.second);
  if (!second)
    return tl::unexpected{second.error()};
  return both_models{std::move(*first), std::move(*second)};
}

/// That of the option, or the one that the cards agree on; empty where the file has none, and predictions alone are
/// compared.
core::result<std::string> target_of(const compare_options& options, const both_models& both) {
  if (!options.target.empty())
    return options.target;
  const auto input = csv_input::open(options.file.data, options.file.delimiter);
  if (!input)
    return tl::unexpected{input.error()};
  const auto is_there = [&](const std::string& column) { return find_column(column, input->header()).has_value(); };
  const auto first = read_card(both.first->meaning().metadata);
  const auto second = read_card(both.second->meaning().metadata);
  if (first && second && first->target == second->target && !first->target.empty())
    return is_there(first->target) ? first->target : std::string{};
  return std::string{};
}

core::result<judged_rows> judge(const std::string& model, const compare_options& options, const std::string& target) {
  auto file = options.file;
  file.model = model;
  auto scorer = row_scorer::open(file);
  if (!scorer)
    return tl::unexpected{scorer.error()};
  auto rows = judge_rows(*scorer, {target, {}, 0, options.random_state});
  if (!rows) {
    rows.error().where = file.data;
    return rows;
  }
  rows->left_out.say_all(rows->read, "cannot be judged with " + scorer->model().version());
  return rows;
}

core::result<std::optional<paired_judgement>> judge_both(const compare_options& options, const both_models& both) {
  if (options.file.data.empty())
    return std::optional<paired_judgement>{};
  if (options.file.data == "-")
    return core::fail("both models read the rows, and standard input can be read once", {}, "name a file: --data");
  const auto target = target_of(options, both);
  if (!target)
    return tl::unexpected{target.error()};
  const auto first = judge(options.first, options, *target);
  if (!first)
    return tl::unexpected{first.error()};
  const auto second = judge(options.second, options, *target);
  if (!second)
    return tl::unexpected{second.error()};
  return judge_pair(*first, *second, options.samples, options.random_state).map([](paired_judgement&& made) {
    return std::optional{std::move(made)};
  });
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

void print_facts(const both_models& both, const std::vector<fact_pair>& pairs) {
  std::vector<std::vector<std::string>> rows{{"", "", both.first->version(), both.second->version()}};
  for (const auto& pair : pairs)
    if (!pair.is_same || pair.name != order_of_inputs) // long, and the lines before it say the same
      rows.push_back({pair.section, pair.name, or_dash(pair.first), or_dash(pair.second)});
  print_columns(rows, "");
}

constexpr std::array<std::string_view, 3> better_names{"neither", "first", "second"};

std::string_view name_of(better_model better) {
  return better_names[static_cast<std::size_t>(better)];
}

void print_table(const paired_judgement& of, const std::string& data) {
  std::printf("\n%zu rows of %s", of.rows, data.c_str());
  if (of.left_out > 0)
    std::printf(", %zu left out, which one model alone could be judged by", of.left_out);
  std::printf("\npredictions differ for %s of the rows", shown(of.apart.disagreement).c_str());
  if (std::isfinite(of.apart.difference))
    std::printf(", by %s in the mean, by %s at most", shown(of.apart.difference).c_str(),
                shown(of.apart.largest).c_str());
  std::printf("\n");
  if (of.measures.empty()) {
    std::printf("which model is better is not known: name the column with the truth by --target\n");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"measure", "first", "second", "second - first", "95 % in", "better"}};
  for (const auto& one : of.measures) {
    const auto interval = std::isfinite(one.difference.low)
                              ? shown(one.difference.low) + " .. " + shown(one.difference.high)
                              : std::string{"-"};
    rows.push_back({std::string{title_of(one.name)}, shown(one.first), shown(one.second), shown(one.second - one.first),
                    interval, std::string{name_of(one.better)}});
  }
  print_columns(rows, "");
}

void write(const paired_judgement& of, const std::string& data, io::json_document& out) {
  out.key("data").begin_object().member("file", data).member("rows", of.rows).member("left_out", of.left_out);
  write_number("disagreement", of.apart.disagreement, out);
  write_number("difference", of.apart.difference, out);
  write_number("largest_difference", of.apart.largest, out);
  out.key("measures").begin_object();
  for (const auto& one : of.measures) {
    out.key(one.name).begin_object();
    write_number("first", one.first, out);
    write_number("second", one.second, out);
    write_number("difference", one.second - one.first, out);
    write_number("low", one.difference.low, out);
    write_number("high", one.difference.high, out);
    out.member("better", name_of(one.better)).end_object();
  }
  out.end_object().end_object();
}

void write(const std::vector<fact_pair>& pairs, io::json_document& out) {
  const auto write_side = [&](std::string_view name, const std::string& text) {
    out.key(name);
    text.empty() ? out.null() : out.value(text);
  };
  out.begin_array();
  for (const auto& pair : pairs) {
    out.begin_object().member("section", pair.section).member("name", pair.name);
    write_side("first", pair.first);
    write_side("second", pair.second);
    out.member("same", pair.is_same).end_object();
  }
  out.end_array();
}

exit_code compare(const compare_options& options) {
  const auto both = load(options);
  if (!both)
    return report(both.error());
  const auto judged = judge_both(options, *both);
  if (!judged)
    return report(judged.error());
  const auto pairs = pairs_of(facts_of(*both->first), facts_of(*both->second));
  if (options.format == "table") {
    print_facts(*both, pairs);
    if (*judged)
      print_table(**judged, options.file.data);
    return exit_code::done;
  }
  io::json_document out;
  out.begin_object().member("first", both->first->version()).member("second", both->second->version()).key("facts");
  write(pairs, out);
  if (*judged)
    write(**judged, options.file.data, out);
  std::printf("%s", out.end_object().pretty_text().c_str());
  return exit_code::done;
}

exit_code diff(const compare_options& options) {
  const auto both = load(options);
  if (!both)
    return report(both.error());
  auto pairs = pairs_of(facts_of(*both->first), facts_of(*both->second));
  std::erase_if(pairs, [](const fact_pair& pair) { return pair.is_same; });
  if (options.format == "json") {
    io::json_document out;
    out.begin_object().member("first", both->first->version()).member("second", both->second->version());
    out.key("differences");
    write(pairs, out);
    std::printf("%s", out.end_object().pretty_text().c_str());
  } else if (pairs.empty()) {
    std::printf("%s and %s say the same of themselves\n", both->first->version().c_str(),
                both->second->version().c_str());
  } else {
    print_facts(*both, pairs);
  }
  return exit_code::done;
}

arguments declare_both(arguments& verb, std::string_view name, std::string_view help, compare_options& into) {
  auto made = verb.verb(name, help);
  made.option("FIRST", &into.first, "ONNX file, or REGISTRY/NAME@ALIAS").required();
  made.option("SECOND", &into.second, "Another one").required();
  made.option("-o,--output", &into.format, "table or json").one_of({"table", "json"}).with_default();
  return made;
}

} // namespace

void declare_comparisons(arguments& verb) {
  const auto compared = std::make_shared<compare_options>();
  auto compares = declare_both(verb, "compare", "two models side by side, on the same rows too", *compared);
  compares.option("--data", &compared->file.data, "CSV file with a header, to judge both by");
  compares.option("--target", &compared->target,
                  "Column with the truth; default: the models' target, where the file has it");
  compares.option("--delimiter", &compared->file.delimiter, "Between the fields of a row").with_default();
  compares.option("--bootstrap", &compared->samples, "Samples that the intervals come from; 0: no intervals")
      .with_default();
  compares.option("--random-state", &compared->random_state, "The same seed draws the same samples").with_default();
  compares.run([compared] { return compare(*compared); });

  const auto differing = std::make_shared<compare_options>();
  auto differs = declare_both(verb, "diff", "what differs between two models", *differing);
  differs.run([differing] { return diff(*differing); });
}

} // namespace weir::cli
