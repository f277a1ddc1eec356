#include "models/linear/k_means.hpp"

#include "models/linear/weighted_mean.hpp"
#include "models/seeds.hpp"
#include "models/share_out.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>

namespace weir::models {

namespace {

using core::fail;

/// Bounds what a slip in an option can ask for.
constexpr std::size_t max_runs = 100'000;

/// Rows are looked at so many at a time, in loops of a length that the compiler knows.
constexpr std::size_t strip = 64;

/// What a thread takes at a time: worth more than it costs to start one.
constexpr std::size_t rows_of_part = 64 * strip;

/// Rows to share out, feature by feature, around their means. Rows of weight 0 fill the last strip.
struct points {
  std::size_t rows = 0; ///< a multiple of `strip`
  std::size_t features = 0;
  std::vector<double> values;
  std::vector<double> weights;

  const double* feature(std::size_t f) const { return values.data() + f * rows; }
};

points points_of(const training_data& data, const std::vector<weighted_mean>& means) {
  points made{(data.rows() + strip - 1) / strip * strip, data.features.size(), {}, row_weights(data)};
  made.weights.resize(made.rows);
  made.values.resize(made.rows * made.features);
  for (std::size_t f = 0; f < made.features; ++f)
    std::transform(data.features[f].begin(), data.features[f].end(),
                   made.values.begin() + static_cast<std::ptrdiff_t>(f * made.rows),
                   [&](double x) { return means[f].deviation(x); });
  return made;
}

class k_means_run {
public:
  k_means_run(const points& of, std::size_t count, std::size_t threads, std::uint64_t seed) :
      points_{of}, count_{count}, threads_{threads}, random_{seed}, cluster_(of.rows), distances_(of.rows) {}

  clusters run(std::size_t max_iter) {
    draw_centres();
    assign();
    for (std::size_t i = 0; i < max_iter; ++i) {
      move_centres();
      if (!assign())
        break;
    }
    return {std::move(centres_), weighted_sum(distances_)};
  }

private:
  using squares = std::array<double, strip>;

  /// Squared distances of the rows from `begin` on.
  squares distances_from(std::size_t begin, const std::vector<double>& centre) const {
    squares sums{};
    for (std::size_t f = 0; f < points_.features; ++f) {
      const auto* x = points_.feature(f) + begin;
      for (std::size_t i = 0; i < strip; ++i)
        sums[i] += (x[i] - centre[f]) * (x[i] - centre[f]);
    }
    return sums;
  }

  std::vector<double> point(std::size_t row) const {
    std::vector<double> made;
    for (std::size_t f = 0; f < points_.features; ++f)
      made.push_back(points_.feature(f)[row]);
    return made;
  }

  double weighted_sum(const std::vector<double>& of) const {
    return std::inner_product(of.begin(), of.end(), points_.weights.begin(), 0.0);
  }

  /// A row, as likely as its share of these, by their weights.
  std::size_t draw(const std::vector<double>& shares) {
    auto left = static_cast<double>(random_() >> 11) * 0x1p-53 * weighted_sum(shares);
    std::size_t last = 0;
    for (std::size_t r = 0; r < shares.size(); ++r) {
      const auto share = shares[r] * points_.weights[r];
      if (share == 0)
        continue;
      last = r;
      if ((left -= share) < 0)
        break;
    }
    return last;
  }

  /// Each centre is a row, the likelier the farther it is from the centres before it; of several such rows the one that
  /// helps most.
  void draw_centres() {
    const auto trials = 2 + static_cast<std::size_t>(std::log(static_cast<double>(count_)));
    distances_.assign(points_.rows, std::numeric_limits<double>::infinity());
    add_centre(draw(std::vector<double>(points_.rows, 1)));
    while (centres_.size() < count_) {
      std::size_t best = 0;
      auto least = std::numeric_limits<double>::infinity();
      for (std::size_t t = 0; t < trials; ++t) {
        const auto row = draw(distances_);
        if (const auto left = weighted_sum(with_centre(row)); left < least) {
          least = left;
          best = row;
        }
      }
      add_centre(best);
    }
  }

  /// Squared distances to the nearest centre, if that row were one too.
  std::vector<double> with_centre(std::size_t row) const {
    auto nearest = distances_;
    const auto centre = point(row);
    for (std::size_t begin = 0; begin < points_.rows; begin += strip) {
      const auto there = distances_from(begin, centre);
      for (std::size_t i = 0; i < strip; ++i)
        nearest[begin + i] = std::min(nearest[begin + i], there[i]);
    }
    return nearest;
  }

  void add_centre(std::size_t row) {
    distances_ = with_centre(row);
    centres_.push_back(point(row));
  }

  /// Each row to the nearest centre. False: all were there before.
  bool assign() {
    const auto before = cluster_;
    const auto parts = (points_.rows + rows_of_part - 1) / rows_of_part;
    share_out(parts, threads_, [this] {
      return [this](std::size_t part) {
        const auto end = std::min((part + 1) * rows_of_part, points_.rows);
        for (auto begin = part * rows_of_part; begin < end; begin += strip)
          assign_strip(begin);
      };
    });
    return cluster_ != before;
  }

  void assign_strip(std::size_t begin) {
    auto least = distances_from(begin, centres_[0]);
    std::array<std::uint32_t, strip> best{};
    for (std::uint32_t k = 1; k < count_; ++k) {
      const auto there = distances_from(begin, centres_[k]);
      for (std::size_t i = 0; i < strip; ++i) {
        best[i] = there[i] < least[i] ? k : best[i];
        least[i] = std::min(least[i], there[i]);
      }
    }
    std::copy(best.begin(), best.end(), cluster_.begin() + static_cast<std::ptrdiff_t>(begin));
    std::copy(least.begin(), least.end(), distances_.begin() + static_cast<std::ptrdiff_t>(begin));
  }

  /// Each centre to the mean of its rows.
  void move_centres() {
    std::vector<double> all(count_);
    for (std::size_t r = 0; r < points_.rows; ++r)
      all[cluster_[r]] += points_.weights[r];
    for (std::size_t f = 0; f < points_.features; ++f) {
      std::vector<double> sums(count_);
      for (std::size_t r = 0; r < points_.rows; ++r)
        sums[cluster_[r]] += points_.weights[r] * points_.feature(f)[r];
      for (std::size_t k = 0; k < count_; ++k)
        if (all[k] > 0)
          centres_[k][f] = sums[k] / all[k];
    }
    for (std::size_t k = 0; k < count_; ++k)
      if (all[k] == 0)
        restart(k);
  }

  /// A cluster that has lost its rows begins again at the row that is farthest from its centre.
  void restart(std::size_t k) {
    std::size_t farthest = 0;
    for (std::size_t r = 1; r < points_.rows; ++r)
      if (points_.weights[r] * distances_[r] > points_.weights[farthest] * distances_[farthest])
        farthest = r;
    centres_[k] = point(farthest);
    distances_[farthest] = 0;
  }

  const points& points_;
  std::size_t count_;
  std::size_t threads_;
  std::mt19937_64 random_;
  std::vector<std::vector<double>> centres_;
  std::vector<std::uint32_t> cluster_; ///< of each row
  std::vector<double> distances_;      ///< of each row to the nearest centre, squared
};

core::result<void> check_options(const k_means_options& options, std::size_t rows) {
  if (options.n_clusters == 0)
    return fail("n_clusters must be at least 1");
  if (options.n_clusters > rows)
    return fail("there are " + std::to_string(rows) + " rows for " + std::to_string(options.n_clusters) + " clusters",
                {}, "lower n_clusters");
  if (options.n_init == 0 || options.n_init > max_runs)
    return fail("n_init must be from 1 to " + std::to_string(max_runs));
  if (options.max_iter == 0)
    return fail("max_iter must be at least 1");
  return {};
}

} // namespace

core::result<clusters> fit_k_means(const training_data& data, const k_means_options& options) {
  if (auto good = check(data).and_then([&] { return check_nothing_is_missing(data); }).and_then([&] {
        return check_options(options, data.rows());
      });
      !good)
    return tl::unexpected{good.error()};
  std::vector<weighted_mean> means;
  for (const auto& values : data.features)
    means.push_back(mean_of(values, row_weights(data)));
  const auto all = points_of(data, means);
  clusters best;
  best.inertia = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < options.n_init; ++i) {
    k_means_run run{all, options.n_clusters, threads_for(options.threads), seed_of(options.random_state, i)};
    if (auto made = run.run(options.max_iter); made.inertia < best.inertia)
      best = std::move(made);
  }
  for (auto& centre : best.centres)
    for (std::size_t f = 0; f < means.size(); ++f)
      centre[f] += means[f].value();
  return best;
}

} // namespace weir::models
