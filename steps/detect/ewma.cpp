#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct ewma_settings {
  detection common;
  double alpha = 0.02;
  std::uint32_t min_count = 5;
};

constexpr auto ewma_fields =
    join(std::array{field<&ewma_settings::common, &detection::columns, &keyed_columns::of>(
                        "ewma", "the column of numbers that is watched", required),
                    field<&ewma_settings::alpha>(
                        "alpha",
                        "the weight of the newest value; those before it weigh 1 - alpha together, once there are many",
                        above(0) | between(0, 1))},
         judgement_fields<&ewma_settings::common>, min_count_fields<&ewma_settings::min_count>);

/// Mean and variance with weights (1 - alpha)^k, of the value before the k last, by the recurrence of West (1979) and
/// Finch (2009): mean += w d, variance = (1 - w) (variance + w d^2), where w is the newest value's share of all
/// weights. So in the beginning they are those of all values, and the first one is worth no more than others.
class from_fading_mean : public deviation {
public:
  explicit from_fading_mean(const ewma_settings& s) : alpha_{s.alpha}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "fading mean and variance, alpha " + std::to_string(alpha_); }
  bool valid(const std::byte* state) const noexcept {
    const auto weights = reinterpret_cast<const history*>(state)->weights;
    return weights >= 0 && alpha_ * weights < 1 + 1e-9; // the rest is only calculated with
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto delta = x - past.mean;
    // As many values as would be known as well without weights.
    scored found{.expected = past.mean, .count = past.weights * (2 - alpha_) / (2 - alpha_ * past.weights)};
    if (past.count >= min_count_) {
      found.is_warm = true;
      found.score = past.variance > 0 ? delta / std::sqrt(past.variance) : 0;
    }
    ++past.count;
    past.weights = 1 + (1 - alpha_) * past.weights;
    const auto weight = 1 / past.weights;
    past.mean += weight * delta;
    past.variance = (1 - weight) * (past.variance + weight * delta * delta);
    return found;
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double variance;
    double weights; ///< of all values together; the newest has 1
  };

  double alpha_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind ewma =
    make_kind<ewma_settings, ewma_fields, bind_scored<ewma_settings, from_fading_mean>, complete_common<ewma_settings>>(
        "ewma", "how many standard deviations a value lies from a mean in which older values fade",
        "{ ewma: Amount, by: CustomerID, alpha: 0.02, as: unusual_now }");

} // namespace weir::steps
