#include "cli/trials.hpp"

#include "cli/learning.hpp"
#include "cli/measures.hpp"
#include "models/kinds/global_search.hpp"
#include "models/kinds/prepared_training.hpp"
#include "models/onnx/reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>

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
  const auto trained = models::train_prepared(**models::find_trained_kind(of.model), pick(data, split.train),
                                              of.preparation(), of.split.random_state, options);
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

/// What is to be tried, one after the other.
class trial_options {
public:
  explicit trial_options(const config::training& of) : of_{of} {
    if (!of.search) {
      list_ = {of.options};
    } else if (of.search->by == config::search_method::global) {
      search_.emplace(of.search->choices, of.split.random_state);
    } else {
      list_ = of.search->by == config::search_method::grid
                  ? models::grid_of(of.search->choices)
                  : models::draw_options(of.search->choices, static_cast<std::size_t>(of.search->trials),
                                         of.split.random_state);
    }
    count_ = search_ ? static_cast<std::size_t>(of.search->trials) : list_.size();
  }

  std::size_t count() const noexcept { return count_; }

  models::option_texts next() {
    auto made = search_ ? search_->next() : list_[at_++];
    made.insert(of_.options.begin(), of_.options.end()); // what is searched stays
    return made;
  }

  /// How good they were.
  void tell(double score) {
    if (search_)
      search_->tell(is_best_high(config::score_of(of_)) ? score : -score);
  }

private:
  const config::training& of_;
  std::vector<models::option_texts> list_;
  std::size_t at_ = 0;
  std::optional<models::global_search> search_;
  std::size_t count_ = 0;
};

core::result<trial> run_trial(const config::training& of, const models::option_texts& options,
                              const models::training_data& data, const std::vector<models::row_split>& splits,
                              const std::function<bool()>& keep_going) {
  trial made{options, {}, 0, 0};
  for (const auto& split : splits) {
    if (!keep_going())
      return core::fail("the search was stopped");
    const auto scored = score_once(of, options, data, split);
    if (!scored)
      return tl::unexpected{scored.error()};
    made.scores.push_back(*scored);
  }
  average(made);
  return made;
}

} // namespace

core::result<std::vector<trial>> run_trials(const config::training& of, const models::training_data& data,
                                            const std::vector<models::row_split>& splits,
                                            const std::function<bool()>& keep_going) {
  trial_options to_try{of};
  const auto score = config::score_of(of);
  const trial_line line{to_try.count(), score};
  std::vector<trial> made;
  double best = std::nan("");
  for (std::size_t i = 0; i < to_try.count(); ++i) {
    const auto options = to_try.next();
    auto known = std::ranges::find(made, options, &trial::options);
    if (known == made.end()) {
      auto one = run_trial(of, options, data, splits, keep_going);
      if (!one)
        return tl::unexpected{one.error()};
      made.push_back(*std::move(one));
      known = std::prev(made.end());
    }
    to_try.tell(known->score);
    if (is_better(known->score, best, score))
      best = known->score;
    line.update(i + 1, best);
  }
  std::stable_sort(made.begin(), made.end(),
                   [&](const trial& a, const trial& b) { return is_better(a.score, b.score, score); });
  return made;
}

} // namespace weir::cli
