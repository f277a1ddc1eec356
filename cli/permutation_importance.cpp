#include "cli/permutation_importance.hpp"

#include "cli/measures.hpp"
#include "models/seeds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace weir::cli {

namespace {

/// Measures a model on some rows of the sample, with one feature as other rows have it.
class shuffled_rows {
public:
  shuffled_rows(const models::model& of, const judged_rows& rows, std::size_t count) :
      model_{of}, rows_{rows}, count_{count}, block_{of}, column_{of.first_column(of.meaning().prediction)} {
    for (std::size_t row = 0; row < count && !rows.has_classes(); ++row)
      truth_.push_back(rows.truth[rows.sample_of[row]]);
  }

  double measure() {
    return measure([&](std::size_t row) { set_row(block_, rows_.sample[row]); });
  }

  /// @param donor by row, whose value of the feature it has
  double measure(std::size_t feature, const std::vector<std::size_t>& donor) {
    return measure([&](std::size_t row) {
      const auto& features = rows_.sample[row];
      for (std::size_t f = 0; f < features.size(); ++f)
        std::visit([&](const auto& value) { block_.set(f, value); },
                   f == feature ? rows_.sample[donor[row]][f] : features[f]);
      block_.add_row();
    });
  }

private:
  /// @param set puts a row into the block
  template <class Set>
  double measure(const Set& set) {
    predicted_.clear();
    right_ = 0;
    block_.clear();
    std::size_t first = 0;
    for (std::size_t row = 0; row < count_; ++row) {
      set(row);
      if (!block_.is_full() && row + 1 < count_)
        continue;
      take(block_.predict()[column_], first);
      first = row + 1;
      block_.clear();
    }
    if (rows_.has_classes())
      return static_cast<double>(right_) / static_cast<double>(count_);
    const auto is_told = std::all_of(predicted_.begin(), predicted_.end(), [](double x) { return std::isfinite(x); });
    return is_told ? models::evaluate(truth_, predicted_).r2 : std::numeric_limits<double>::quiet_NaN();
  }

  void take(const void* column, std::size_t first) {
    const auto& made_of = model_.prediction();
    for (std::size_t r = 0; r < block_.rows(); ++r)
      if (!rows_.has_classes())
        predicted_.push_back(models::number_at(column, made_of.type, r));
      else if (label_at(column, made_of.type, r) == rows_.labels[rows_.true_class[rows_.sample_of[first + r]]])
        ++right_;
  }

  const models::model& model_;
  const judged_rows& rows_;
  std::size_t count_;
  models::row_block block_;
  std::size_t column_;
  std::vector<double> truth_;
  std::vector<double> predicted_;
  std::size_t right_ = 0; ///< of classes
};

std::size_t rows_for(const judged_rows& rows, std::size_t most_rows, std::size_t passes) {
  constexpr std::size_t least = 100; // fewer say nothing
  const auto affordable = std::max(most_permuted_predictions / std::max<std::size_t>(passes, 1), least);
  return std::min({rows.sample.size(), most_rows, affordable});
}

/// Draws an order in which each is as likely (Fisher and Yates 1938).
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random) {
  for (auto i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random() % i]);
}

permuted_feature spread_of(std::string feature, const std::vector<double>& falls) {
  const auto count = static_cast<double>(falls.size());
  const auto mean = std::accumulate(falls.begin(), falls.end(), 0.0) / count;
  double squares = 0;
  for (const auto fall : falls)
    squares += (fall - mean) * (fall - mean);
  return {std::move(feature), mean, std::sqrt(squares / count)};
}

} // namespace

permutation_importances permute_features(const models::model& of, const judged_rows& rows, std::size_t most_rows,
                                         std::size_t repeats, std::uint64_t random_state) {
  const auto& features = of.meaning().features;
  const auto count = rows_for(rows, most_rows, repeats * features.size());
  permutation_importances made{rows.has_classes() ? "accuracy" : "r2", 0, count, repeats, {}};
  if (count == 0)
    return made;
  shuffled_rows shuffled{of, rows, count};
  made.baseline = shuffled.measure();
  std::vector<std::size_t> donor(count);
  for (std::size_t f = 0; f < features.size(); ++f) {
    std::mt19937_64 random{models::seed_of(random_state, f)};
    std::iota(donor.begin(), donor.end(), std::size_t{0});
    std::vector<double> falls;
    for (std::size_t i = 0; i < repeats; ++i) {
      shuffle(donor, random);
      falls.push_back(made.baseline - shuffled.measure(f, donor));
    }
    made.features.push_back(spread_of(features[f].name, falls));
  }
  std::stable_sort(made.features.begin(), made.features.end(), [](const auto& a, const auto& b) {
    return std::isfinite(a.mean) && (!std::isfinite(b.mean) || a.mean > b.mean);
  });
  return made;
}

std::string title_of_fall(const permutation_importances& of) {
  return std::string{title_of(of.measure)} + " falls by";
}

std::string note_of(const permutation_importances& of) {
  return title_of_fall(of) + " so much when a feature's values are shuffled: the mean of " + std::to_string(of.repeats)
         + " times, on " + std::to_string(of.rows) + " rows, where it is " + shown(of.baseline) + ".";
}

} // namespace weir::cli
