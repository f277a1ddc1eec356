#include "models/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace weir::models {

row_split split_rows(std::size_t rows, double test_size, std::uint64_t seed, double holdout_size) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random{seed};
  for (auto left = rows; left > 1; --left)
    std::swap(order[left - 1], order[random() % left]);
  const auto part = [&](double share) {
    return static_cast<std::size_t>(std::ceil(static_cast<double>(rows) * share));
  };
  const auto tested = std::min(part(test_size), rows);
  const auto held = std::min(part(holdout_size), rows - tested);
  const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
  return {{at(tested + held), order.end()}, {order.begin(), at(tested)}, {at(tested), at(tested + held)}};
}

regression_metrics evaluate(std::span<const double> truth, std::span<const double> predicted) {
  const auto n = static_cast<double>(truth.size());
  const auto mean = std::accumulate(truth.begin(), truth.end(), 0.0) / n;
  double squares = 0;
  double absolute = 0;
  double relative = 0;
  double spread = 0;
  std::array<double, 3> pinball{};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto off = predicted[i] - truth[i];
    squares += off * off;
    absolute += std::abs(off);
    relative += std::abs(off) / std::max(std::abs(truth[i]), std::numeric_limits<double>::epsilon());
    spread += (truth[i] - mean) * (truth[i] - mean);
    for (std::size_t q = 0; q < pinball.size(); ++q)
      pinball[q] += std::max(-pinball_quantiles[q] * off, (1 - pinball_quantiles[q]) * off) / n;
  }
  const auto r2 = spread > 0 ? 1 - squares / spread : std::numeric_limits<double>::quiet_NaN();
  return {r2, absolute / n, std::sqrt(squares / n), relative / n, pinball};
}

std::vector<named_measure> regression_metrics::measures() const {
  return {{"rmse", rmse},
          {"mae", mae},
          {"r2", r2},
          {"mape", mape},
          {"pinball_0.1", pinball[0]},
          {"pinball_0.5", pinball[1]},
          {"pinball_0.9", pinball[2]}};
}

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

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

double macro(const std::vector<class_metrics>& classes, double class_metrics::*of) noexcept {
  double sum = 0, count = 0;
  for (const auto& one : classes)
    if (one.support + one.predicted > 0) {
      sum += one.*of;
      count += 1;
    }
  return count > 0 ? sum / count : nothing;
}

} // namespace

double classification_metrics::macro_precision() const noexcept {
  return macro(classes, &class_metrics::precision);
}

double classification_metrics::macro_recall() const noexcept {
  return macro(classes, &class_metrics::recall);
}

double classification_metrics::macro_f1() const noexcept {
  return macro(classes, &class_metrics::f1);
}

std::vector<named_measure> classification_metrics::measures() const {
  return {{"accuracy", accuracy},
          {"macro_precision", macro_precision()},
          {"macro_recall", macro_recall()},
          {"macro_f1", macro_f1()},
          {"roc_auc", roc_auc},
          {"pr_auc", pr_auc},
          {"log_loss", log_loss},
          {"brier", brier},
          {"calibration_error", calibration_error}};
}

namespace {

std::vector<calibration_bin> calibrate_classes(std::span<const std::size_t> truth,
                                               std::span<const std::size_t> predicted,
                                               std::span<const std::vector<double>> probabilities) {
  std::vector<bool> is_positive(truth.size());
  if (probabilities.size() == 2) {
    for (std::size_t i = 0; i < truth.size(); ++i)
      is_positive[i] = truth[i] == 1;
    return calibrate(is_positive, probabilities[1]);
  }
  std::vector<double> of_predicted(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    is_positive[i] = truth[i] == predicted[i];
    of_predicted[i] = probabilities[predicted[i]][i];
  }
  return calibrate(is_positive, of_predicted);
}

} // namespace

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
        {of_class, as_class, share(hits, as_class), share(hits, of_class), share(2 * hits, of_class + as_class)});
    right += hits;
  }
  made.accuracy = static_cast<double>(right) / n;
  made.log_loss = made.brier = made.roc_auc = made.pr_auc = made.calibration_error = nothing;
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
  made.calibration = calibrate_classes(truth, predicted, probabilities);
  made.calibration_error = calibration_error(made.calibration);
  return made;
}

} // namespace weir::models
