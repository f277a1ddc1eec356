#include "models/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weir::models {

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
    for (; i < order.size() && !(scores[order[i]] < score); ++i)
      (is_positive[order[i]] ? positives : negatives) += 1;
    step(positives, negatives);
  }
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

std::vector<curve_point> roc_curve(const std::vector<bool>& is_positive, std::span<const double> scores) {
  std::vector<curve_point> made{{}};
  for_each_score(is_positive, scores, [&](double positives, double negatives) {
    made.push_back({made.back().x + negatives, made.back().y + positives});
  });
  const auto all = made.back();
  if (all.x == 0 || all.y == 0)
    return {};
  for (auto& point : made)
    point = {point.x / all.x, point.y / all.y};
  return made;
}

std::vector<curve_point> precision_recall_curve(const std::vector<bool>& is_positive, std::span<const double> scores) {
  std::vector<curve_point> made{{0, 1}};
  double found = 0, seen = 0;
  for_each_score(is_positive, scores, [&](double positives, double negatives) {
    found += positives;
    seen += positives + negatives;
    made.push_back({found, found / seen});
  });
  if (found == 0)
    return {};
  for (auto& point : made)
    point.x /= found;
  return made;
}

std::vector<calibration_bin> calibrate(const std::vector<bool>& is_positive, std::span<const double> probabilities,
                                       std::size_t bins) {
  std::vector<double> bounds(bins - 1);
  for (std::size_t k = 0; k < bounds.size(); ++k)
    bounds[k] = static_cast<double>(k + 1) * (1 / static_cast<double>(bins));
  std::vector<calibration_bin> made(bins);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const auto at = std::lower_bound(bounds.begin(), bounds.end(), probabilities[i]) - bounds.begin();
    auto& bin = made[static_cast<std::size_t>(at)];
    ++bin.count;
    bin.predicted += probabilities[i];
    bin.share += is_positive[i] ? 1 : 0;
  }
  for (auto& bin : made) {
    bin.predicted /= static_cast<double>(bin.count);
    bin.share /= static_cast<double>(bin.count);
  }
  return made;
}

double calibration_error(std::span<const calibration_bin> bins) {
  double sum = 0, rows = 0;
  for (const auto& bin : bins)
    if (bin.count > 0) {
      sum += std::abs(bin.predicted - bin.share) * static_cast<double>(bin.count);
      rows += static_cast<double>(bin.count);
    }
  return rows > 0 ? sum / rows : nothing;
}

} // namespace weir::models
