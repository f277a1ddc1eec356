#include "models/online/sgd.hpp"

#include "models/online/linear_classifier.hpp"
#include "models/online/linear_regressor.hpp"

namespace weir::models::online {

namespace {

struct regression_rule {
  regression_cost cost;
  gradient_descent how;

  bool has_l1() const noexcept { return how.l1 > 0; }
  bool learn(linear_weights& weights, const double* row, std::size_t inputs, double truth,
             double* scratch) const noexcept {
    return weights.step(how, row, inputs, cost.gradient(truth, weights.sum(row, inputs)), scratch);
  }
};

struct classification_rule {
  classification_loss loss;
  gradient_descent how;

  bool has_l1() const noexcept { return how.l1 > 0; }
  bool learn(linear_weights& weights, const double* row, std::size_t inputs, bool is_positive,
             double* scratch) const noexcept {
    return weights.step(how, row, inputs, gradient(loss, is_positive, weights.sum(row, inputs)), scratch);
  }
  /// Equal ones are the first's: so it matters that sigmoids of margins far from 0 are the same.
  double vote(double margin) const noexcept {
    return loss == classification_loss::log_loss ? sigmoid(margin) - 0.5 : margin;
  }
  double probability(double margin) const noexcept { return online::probability(loss, margin); }
};

} // namespace

learner_ptr sgd_regressor(std::size_t inputs, bool standardize, const regression_cost& cost,
                          const gradient_descent& how) {
  return std::make_shared<linear_regressor<regression_rule>>(inputs, standardize, regression_rule{cost, how});
}

learner_ptr sgd_classifier(std::size_t inputs, bool standardize, class_list classes, classification_loss loss,
                           const gradient_descent& how) {
  return std::make_shared<linear_classifier<classification_rule>>(inputs, standardize, std::move(classes),
                                                                  classification_rule{loss, how});
}

} // namespace weir::models::online
