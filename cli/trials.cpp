#include "cli/trials.hpp"

#include "cli/learning.hpp"
#include "cli/measures.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace weir::cli {

namespace {

/// Of other measures the least is the best.
bool is_best_high(std::string_view measure) {
  constexpr std::array<std::string_view, 7> high{"r2",       "accuracy", "macro_precision", "macro_recall",
                                                 "macro_f1", "roc_auc",  "pr_auc"};
  return std::find(high.begin(), high.end(), measure) != high.end();
}

bool is_better(double one, double other, std::string_view measure) {
  if (!std::isfinite(one) || !std::isfinite(other))
    return std::isfinite(one) && !std::isfinite(other);
  return is_best_high(measure) ? one > other : one < other;
}

/// A line on a terminal that says how far the trials have come; silent in a pipe.
class trial_line {
public:
  trial_line(std::size_t all, std::string score) :
      all_{all}, score_{std::move(score)}, is_shown_{all > 1 && isatty(STDERR_FILENO) != 0} {}
  ~trial_line() {
    if (is_shown_)
      std::fputc('\n', stderr);
  }
  trial_line(const trial_line&) = delete;
  trial_line& operator=(const trial_line&) = delete;

  void update(std::size_t done, double best) const {
    constexpr std::size_t width = 30;
    if (!is_shown_)
      return;
    const auto full = done * width / all_;
    std::fprintf(stderr, "\r[%s%s] %zu of %zu trials, best %s %s  ", std::string(full, '#').c_str(),
                 std::string(width - full, ' ').c_str(), done, all_, score_.c_str(), shown(best).c_str());
  }

private:
  std::size_t all_;
  std::string score_;
  bool is_shown_;
};

core::result<double> score_once(const config::training& of, const models::option_texts& options,
                                const models::training_data& data, const models::row_split& split) {
  const auto trained =
      (*models::find_trained_kind(of.model))->train(pick(data, split.train), of.split.random_state, options);
  if (!trained)
    return tl::unexpected{trained.error()};
  return models::read_onnx(trained->file)
      .and_then([&](const models::model_ptr& model) { return measure(*model, pick(data, split.test)); })
      .map([&](const measured_model& measured) {
        const auto score = config::score_of(of);
        const auto all = measures_of(measured.measures);
        return std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == score; })->value;
      });
}

void average(trial& of) {
  const auto count = static_cast<double>(of.scores.size());
  of.score = 0;
  for (const auto score : of.scores)
    of.score += score / count;
  double squares = 0;
  for (const auto score : of.scores)
    squares += (score - of.score) * (score - of.score);
  of.deviation = std::sqrt(squares / count);
}

} // namespace

std::vector<models::option_texts> options_to_try(const config::training& of) {
  if (!of.search)
    return {of.options};
  auto all =
      of.search->is_random
          ? models::draw_options(of.search->choices, static_cast<std::size_t>(of.search->trials), of.split.random_state)
          : models::grid_of(of.search->choices);
  for (auto& one : all)
    one.insert(of.options.begin(), of.options.end()); // what is searched stays
  return all;
}

core::result<std::vector<trial>> run_trials(const config::training& of, const models::training_data& data,
                                            const std::vector<models::row_split>& splits,
                                            const std::function<bool()>& keep_going) {
  const auto all = options_to_try(of);
  const auto score = config::score_of(of);
  const trial_line line{all.size(), score};
  std::vector<trial> made;
  double best = std::nan("");
  for (const auto& options : all) {
    trial one{options, {}, 0, 0};
    for (const auto& split : splits) {
      if (!keep_going())
        return core::fail("the search was stopped");
      const auto scored = score_once(of, options, data, split);
      if (!scored)
        return tl::unexpected{scored.error()};
      one.scores.push_back(*scored);
    }
    average(one);
    if (is_better(one.score, best, score))
      best = one.score;
    made.push_back(std::move(one));
    line.update(made.size(), best);
  }
  std::stable_sort(made.begin(), made.end(),
                   [&](const trial& a, const trial& b) { return is_better(a.score, b.score, score); });
  return made;
}

} // namespace weir::cli
