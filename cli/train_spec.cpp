#include "cli/train_spec.hpp"

#include "cli/learning.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/stop_signal.hpp"
#include "cli/train_report.hpp"
#include "cli/training_reader.hpp"
#include "cli/trials.hpp"
#include "config/parse_training.hpp"
#include "io/kinds.hpp"
#include "models/file_digest.hpp"
#include "models/row_split.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <sys/resource.h>

namespace weir::cli {

namespace {

using core::fail;

/// The same rows give the same digest, in whatever order they came.
std::string digest_of(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  std::string bytes;
  for (const auto hash : hashes)
    for (int shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<char>((hash >> shift) & 0xff));
  return models::digest(bytes);
}

models::row_split split_of(const config::training& of, const training_rows& rows) {
  const models::part_sizes sizes{of.split.test, of.split.holdout};
  if (of.split.by == config::split_order::time)
    return models::split_by_time(rows.times, rows.hashes, sizes);
  const std::vector<double> none;
  return models::split_by_hash(rows.hashes, of.split.stratify ? rows.data.target : none, sizes, of.split.random_state);
}

/// Of rows alone: their hashes, times or classes.
template <class Value>
std::vector<Value> only(const std::vector<Value>& values, const std::vector<std::size_t>& rows) {
  std::vector<Value> made;
  for (const auto row : rows)
    made.push_back(values[row]);
  return made;
}

/// What trials learn from and are measured on: folds of the part that learns, or that and the test part.
core::result<std::vector<models::row_split>> splits_for_trials(const config::training& of, const training_rows& rows,
                                                               const models::row_split& split) {
  if (of.split.folds == 0)
    return std::vector{models::row_split{split.train, split.test, {}}};
  const auto folds = static_cast<std::size_t>(of.split.folds);
  if (folds >= split.train.size())
    return fail(std::to_string(split.train.size()) + " rows learn, too few for " + std::to_string(folds) + " folds");
  const auto hashes = only(rows.hashes, split.train);
  auto made = of.split.by == config::split_order::time
                  ? models::fold_by_time(only(rows.times, split.train), hashes, folds)
                  : models::fold_by_hash(
                      hashes, of.split.stratify ? only(rows.data.target, split.train) : std::vector<double>{}, folds,
                      of.split.random_state);
  for (auto& fold : made)
    for (auto* part : {&fold.train, &fold.test})
      *part = only(split.train, *part);
  return made;
}

core::result<std::vector<trial>> try_options(const config::training& of, const training_rows& rows,
                                             const models::row_split& split, const std::function<bool()>& keep_going) {
  if (!of.search && of.split.folds == 0)
    return std::vector<trial>{};
  return splits_for_trials(of, rows, split).and_then([&](const auto& splits) {
    return run_trials(of, rows.data, splits, keep_going);
  });
}

/// Says why nothing is left of the records.
core::result<void> check_rows(const training_rows& rows, const models::row_split& split) {
  const auto left = rows.hashes.size();
  if (left > 0 && !split.train.empty())
    return {};
  auto what = "of " + std::to_string(rows.read) + " records ";
  if (left > 0)
    return fail(what + std::to_string(left) + " are left, and the split takes them all: none learns", {},
                "make split.test and split.holdout smaller, or give more data");
  what += "none is left to learn from: " + std::to_string(rows.filtered) + " were filtered, "
          + std::to_string(rows.refused) + " refused, " + std::to_string(rows.dropped) + " dropped for a missing value";
  return fail(rows.first_refusal.empty() ? what : what + "; the first that was refused: " + rows.first_refusal);
}

/// Adds the model to its registry: with its alias, where its rule is true.
core::result<void> deliver_by_rule(const config::training& of, const training_rows& rows,
                                   const models::row_split& split, train_options& options, learned_model& learned) {
  if (of.has_rule()) {
    auto decided = decide(of, *learned.model, pick(rows.data, split.held.empty() ? split.test : split.held));
    if (!decided)
      return tl::unexpected{decided.error()};
    if (!decided->promotes)
      options.to.alias.clear();
    learned.report.decided = std::move(*decided);
  }
  return deliver(options, learned);
}

std::optional<config::training> load(const std::string& path) {
  auto of = config::parse_training(std::filesystem::path{path}, io::catalogue());
  if (!of) {
    report(of.error());
    return std::nullopt;
  }
  return std::move(*of);
}

void warn(const config::training& of, const train_report& made, const std::string& first_refusal) {
  if (made.is_constant)
    say(tone::warning,
        "weir: warning: the target '" + of.target.text + "' has one value alone: there is nothing to learn");
  if (made.refused_rows > 0)
    say(tone::warning, "weir: warning: " + std::to_string(made.refused_rows)
                           + " records were refused, as a pipeline would refuse them: " + first_refusal);
}

void print(const config::training& of, const train_report& made, const std::string& format) {
  (format == "json" ? print_json : print_table)(options_of(of), made);
  std::fflush(stdout); // who watches it wants to see it now
}

exit_code train_once(const config::training& of, const std::string& format) {
  const auto made = train(of, [] { return true; });
  if (!made)
    return report(made.error());
  print(of, *made, format);
  return exit_code::done;
}

void wait_until(std::chrono::steady_clock::time_point time) {
  constexpr std::chrono::milliseconds step{100};
  while (!stop_requested && std::chrono::steady_clock::now() < time)
    std::this_thread::sleep_for(step);
}

/// Trains again and again, until it is stopped. A mistake in the first round ends it; later ones are said, and the next
/// round tries again.
exit_code keep_training(const config::training& of, const std::string& format) {
  constexpr int lowest_priority = 19;
  ::setpriority(PRIO_PROCESS, 0, lowest_priority); // what runs beside it comes first; without it, it works too
  catch_stop_signals();
  for (bool is_first = true; !stop_requested; is_first = false) {
    const auto next = std::chrono::steady_clock::now() + *of.every;
    const auto made = train(of, [] { return !stop_requested.load(); });
    if (made)
      print(of, *made, format);
    else if (!stop_requested)
      if (const auto code = report(made.error()); is_first && code != exit_code::unavailable)
        return code;
    wait_until(next);
  }
  return exit_code::done;
}

} // namespace

bool is_training_file(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

train_options options_of(const config::training& of) {
  train_options options;
  for (const auto& entry : of.data)
    options.path += (options.path.empty() ? "" : ", ") + std::filesystem::path{entry.name()}.filename().string();
  options.columns.target = of.target.text;
  options.columns.sample_weight = of.sample_weight.text;
  options.columns.classify = config::learns_classes(of);
  options.test_size = of.split.test;
  options.holdout_size = of.split.holdout;
  options.model = of.model;
  options.settings = of.options;
  options.columns.impute = of.impute;
  options.transform = of.transform;
  for (const auto& name : of.categories)
    options.columns.categories.push_back(name.text);
  options.random_state = of.split.random_state;
  options.out = of.out;
  if (of.to)
    options.to = {of.to->model.text, of.to->alias.text, of.to->note};
  return options;
}

core::result<train_report> train(const config::training& of, const std::function<bool()>& keep_going) {
  const auto rows = read_training_rows(of, keep_going);
  if (!rows)
    return tl::unexpected{rows.error()};
  const auto split = split_of(of, *rows);
  if (auto good = check_rows(*rows, split); !good)
    return tl::unexpected{std::move(good.error())};
  auto trials = try_options(of, *rows, split, keep_going);
  if (!trials)
    return tl::unexpected{trials.error()};
  auto options = options_of(of);
  if (!trials->empty())
    options.settings = trials->front().options;
  auto learned = learn(options, rows->data, split, rows->dropped, digest_of(rows->hashes));
  if (!learned)
    return tl::unexpected{learned.error()};
  learned->report.trials = std::move(*trials);
  learned->report.score = config::score_of(of);
  learned->report.filtered_rows = rows->filtered;
  learned->report.refused_rows = rows->refused;
  if (auto good = deliver_by_rule(of, *rows, split, options, *learned); !good)
    return tl::unexpected{std::move(good.error())};
  warn(of, learned->report, rows->first_refusal);
  return std::move(learned->report);
}

exit_code run_training_file(const std::string& path, const std::string& format, bool once) {
  auto of = load(path);
  if (!of)
    return exit_code::bad_configuration;
  if (auto guessed = guess_schema(*of); !guessed)
    return report(guessed.error());
  if (const auto bound = config::bind_training(*of, core::json_format); !bound)
    return report(bound.error());
  return of->every && !once ? keep_training(*of, format) : train_once(*of, format);
}

} // namespace weir::cli
