#include "models/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace weir::models {

row_split split_rows(std::size_t rows, double test_size, std::uint64_t seed) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random{seed};
  for (auto left = rows; left > 1; --left)
    std::swap(order[left - 1], order[random() % left]);
  const auto tested = static_cast<std::ptrdiff_t>(std::ceil(static_cast<double>(rows) * test_size));
  return {{order.begin() + tested, order.end()}, {order.begin(), order.begin() + tested}};
}

regression_metrics evaluate(std::span<const double> truth, std::span<const double> predicted) {
  const auto n = static_cast<double>(truth.size());
  const auto mean = std::accumulate(truth.begin(), truth.end(), 0.0) / n;
  double squares = 0;
  double absolute = 0;
  double relative = 0;
  double spread = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto off = predicted[i] - truth[i];
    squares += off * off;
    absolute += std::abs(off);
    relative += std::abs(off) / std::max(std::abs(truth[i]), std::numeric_limits<double>::epsilon());
    spread += (truth[i] - mean) * (truth[i] - mean);
  }
  const auto r2 = spread > 0 ? 1 - squares / spread : std::numeric_limits<double>::quiet_NaN();
  return {r2, absolute / n, std::sqrt(squares / n), relative / n};
}

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Rows by falling score.
std::vector<std::size_t> by_score(std::span<const double> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

/// Calls `step(positives, negatives)` for each group of equal scores, from the highest on.
template <class Step>
void for_each_score(const std::vector<bool>& is_positive, std::span<const double> scores, const Step& step) {
  const auto order = by_score(scores);
  for (std::size_t i = 0; i < order.size();) {
    double positives = 0, negatives = 0;
    const auto score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i)
      (is_positive[order[i]] ? positives : negatives) += 1;
    step(positives, negatives);
  }
}

template <class Score>
double mean_over_classes(std::span<const std::size_t> truth, std::span<const std::vector<double>> probabilities,
                         const Score& score) {
  const auto of_class = [&](std::size_t k) {
    std::vector<bool> is_positive(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i)
      is_positive[i] = truth[i] == k;
    return score(is_positive, probabilities[k]);
  };
  if (probabilities.size() == 2)
    return of_class(1);
  double sum = 0;
  for (std::size_t k = 0; k < probabilities.size(); ++k)
    sum += of_class(k);
  return sum / static_cast<double>(probabilities.size());
}

} // namespace

double roc_auc(const std::vector<bool>& is_positive, std::span<const double> scores) {
  double above = 0, area = 0, all_negatives = 0;
  for_each_score(is_positive, scores, [&](double positives, double negatives) {
    area += negatives * (above + positives / 2);
    above += positives;
    all_negatives += negatives;
  });
  return above > 0 && all_negatives > 0 ? area / (above * all_negatives) : nothing;
}

double average_precision(const std::vector<bool>& is_positive, std::span<const double> scores) {
  double found = 0, seen = 0, sum = 0;
  for_each_score(is_positive, scores, [&](double positives, double negatives) {
    found += positives;
    seen += positives + negatives;
    sum += positives * found / seen;
  });
  return found > 0 ? sum / found : nothing;
}

double classification_metrics::macro_f1() const noexcept {
  double sum = 0;
  for (const auto& one : classes)
    sum += one.f1;
  return sum / static_cast<double>(classes.size());
}

classification_metrics evaluate_classes(std::span<const std::size_t> truth, std::span<const std::size_t> predicted,
                                        std::size_t classes, std::span<const std::vector<double>> probabilities) {
  const auto n = static_cast<double>(truth.size());
  classification_metrics made;
  made.confusion.resize(classes * classes);
  for (std::size_t i = 0; i < truth.size(); ++i)
    ++made.confusion[truth[i] * classes + predicted[i]];
  std::size_t right = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    const auto hits = made.confusion[k * classes + k];
    std::size_t of_class = 0, as_class = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      of_class += made.confusion[k * classes + other];
      as_class += made.confusion[other * classes + k];
    }
    const auto share = [](std::size_t part, std::size_t all) {
      return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
    };
    made.classes.push_back(
        {of_class, share(hits, as_class), share(hits, of_class), share(2 * hits, of_class + as_class)});
    right += hits;
  }
  made.accuracy = static_cast<double>(right) / n;
  made.log_loss = made.brier = made.roc_auc = made.pr_auc = nothing;
  if (probabilities.size() != classes)
    return made;
  double loss = 0, squares = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    double sum = 0;
    for (const auto& column : probabilities)
      sum += column[i];
    const auto least = std::numeric_limits<double>::epsilon();
    loss -= std::log(std::clamp(probabilities[truth[i]][i] / sum, least, 1.0));
    for (std::size_t k = classes == 2 ? 1 : 0; k < classes; ++k) {
      const auto off = probabilities[k][i] - (truth[i] == k ? 1 : 0);
      squares += off * off;
    }
  }
  made.log_loss = loss / n;
  made.brier = squares / n;
  made.roc_auc = mean_over_classes(truth, probabilities, roc_auc);
  made.pr_auc = mean_over_classes(truth, probabilities, average_precision);
  return made;
}

} // namespace weir::models
