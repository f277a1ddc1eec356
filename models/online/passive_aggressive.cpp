#include "models/online/passive_aggressive.hpp"

#include "models/online/linear_classifier.hpp"
#include "models/online/linear_regressor.hpp"
#include "models/online/losses.hpp"

namespace weir::models::online {

namespace {

/// How many times a row is added for a loss.
double times(const passive_aggressive& how, double loss, double square) noexcept {
  switch (how.mode) {
  case aggressiveness::pa: return square > 0 ? loss / square : 0;
  case aggressiveness::pa_1: return square > 0 ? std::min(how.C, loss / square) : 0;
  case aggressiveness::pa_2: return loss / (square + 0.5 / how.C);
  }
  return 0;
}

bool add(const passive_aggressive& how, linear_weights& weights, const double* row, std::size_t inputs, double loss,
         double sign, double* scratch) noexcept {
  const auto step = sign * times(how, loss, dot(row, row, inputs));
  return weights.add(step, row, inputs, how.learn_intercept ? step : 0, scratch);
}

struct regression_rule {
  passive_aggressive how;

  bool has_l1() const noexcept { return false; }
  bool learn(linear_weights& weights, const double* row, std::size_t inputs, double truth,
             double* scratch) const noexcept {
    const auto missing = truth - weights.sum(row, inputs);
    const double sign = missing > 0 ? 1 : missing < 0 ? -1 : 0;
    return add(how, weights, row, inputs, std::max(std::abs(missing) - how.eps, 0.0), sign, scratch);
  }
};

struct classification_rule {
  passive_aggressive how;

  bool has_l1() const noexcept { return false; }
  bool learn(linear_weights& weights, const double* row, std::size_t inputs, bool is_positive,
             double* scratch) const noexcept {
    const double sign = is_positive ? 1 : -1;
    const auto loss = std::max(1 - sign * weights.sum(row, inputs), 0.0);
    return add(how, weights, row, inputs, loss, sign, scratch);
  }
  double vote(double margin) const noexcept { return sigmoid(margin) - 0.5; }
  double probability(double margin) const noexcept { return sigmoid(margin); }
};

} // namespace

learner_ptr passive_aggressive_regressor(std::size_t inputs, bool standardize, const passive_aggressive& how) {
  return std::make_shared<linear_regressor<regression_rule>>(inputs, standardize, regression_rule{how});
}

learner_ptr passive_aggressive_classifier(std::size_t inputs, bool standardize, class_list classes,
                                          const passive_aggressive& how) {
  return std::make_shared<linear_classifier<classification_rule>>(inputs, standardize, std::move(classes),
                                                                  classification_rule{how});
}

} // namespace weir::models::online
