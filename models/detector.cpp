#include "models/detector.hpp"

#include "core/keyed/count_window.hpp"

#include <cmath>
#include <limits>

namespace weir::models {

using core::keyed_results;
using core::keyed_rows;

namespace {

void miss(keyed_results& into, std::size_t i) noexcept {
  into.value[i] = std::numeric_limits<double>::quiet_NaN();
  into.flag[i] = keyed_results::unknown;
}

class zscore final : public core::keyed_operator {
public:
  explicit zscore(zscore_options options) : options_{options} {}

  std::size_t state_size() const noexcept override { return sizeof(history); }
  std::string state_layout() const override { return "mean and spread since the start"; }
  bool valid(const std::byte*) const noexcept override { return true; } // it is only calculated with

  void process(const keyed_rows& rows, keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = values[i];
      if (!std::isfinite(x)) {
        miss(into, i);
        continue;
      }
      auto& past = rows.state<history>(i);
      const auto delta = x - past.mean;
      const auto score = past.count < options_.min_count || past.m2 <= 0
                             ? 0.0
                             : delta / std::sqrt(past.m2 / static_cast<double>(past.count));
      into.value[i] = score;
      into.flag[i] = std::abs(score) > options_.threshold ? keyed_results::anomalous : keyed_results::normal;
      ++past.count;
      past.mean += delta / static_cast<double>(past.count);
      past.m2 += delta * (x - past.mean);
    }
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double m2;
  };

  zscore_options options_;
};

class moving_average final : public core::keyed_operator {
public:
  explicit moving_average(moving_average_options options) : options_{options} {}

  std::size_t state_size() const noexcept override { return core::spread_window::bytes(options_.last); }
  std::string state_layout() const override { return "spreads of the last " + std::to_string(options_.last); }
  bool valid(const std::byte* state) const noexcept override {
    return reinterpret_cast<const core::spread_window*>(state)->at.valid(options_.last);
  }

  void process(const keyed_rows& rows, keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = values[i];
      if (!std::isfinite(x)) {
        miss(into, i);
        continue;
      }
      auto& window = rows.state<core::spread_window>(i);
      const auto count = window.at.size(options_.last);
      double score = 0;
      if (count != 0 && count >= options_.min_count)
        if (const auto past = window.value(options_.last); past.m2 > 0)
          score = (x - past.mean) / std::sqrt(past.m2 / static_cast<double>(count));
      into.value[i] = score;
      into.flag[i] = std::abs(score) > options_.threshold ? keyed_results::anomalous : keyed_results::normal;
      window.push(x, options_.last);
    }
  }

private:
  moving_average_options options_;
};

class threshold final : public core::keyed_operator {
public:
  explicit threshold(threshold_options options) :
      above_{options.above.value_or(std::numeric_limits<double>::infinity())},
      below_{options.below.value_or(-std::numeric_limits<double>::infinity())} {}

  std::size_t state_size() const noexcept override { return 0; }
  std::string state_layout() const override { return {}; }
  bool valid(const std::byte*) const noexcept override { return true; }

  void process(const keyed_rows& rows, keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = values[i];
      if (std::isnan(x)) {
        miss(into, i);
        continue;
      }
      into.value[i] = x > above_ ? x - above_ : x < below_ ? x - below_ : 0.0;
      into.flag[i] = x > above_ || x < below_ ? keyed_results::anomalous : keyed_results::normal;
    }
  }

private:
  double above_;
  double below_;
};

} // namespace

detector_ptr make_zscore(zscore_options options) {
  return std::make_shared<zscore>(options);
}
detector_ptr make_moving_average(moving_average_options options) {
  return std::make_shared<moving_average>(options);
}
detector_ptr make_threshold(threshold_options options) {
  return std::make_shared<threshold>(options);
}

} // namespace weir::models
