#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct ewma_settings {
  detection common;
  double alpha = 0.1;
  std::uint32_t min_count = 5;
};

constexpr auto ewma_fields =
    join(std::array{field<&ewma_settings::common, &detection::columns, &keyed_columns::of>(
                        "ewma", "the column of numbers that is watched", required),
                    field<&ewma_settings::alpha>(
                        "alpha", "the weight of the newest value; those before it weigh 1 - alpha together",
                        above(0) | between(0, 1))},
         judgement_fields<&ewma_settings::common>, min_count_fields<&ewma_settings::min_count>);

/// Mean and variance with weights that fade exponentially, by the recurrence of West (1979) and Finch (2009):
/// mean += alpha d, variance = (1 - alpha) (variance + alpha d^2).
class from_fading_mean : public deviation {
public:
  explicit from_fading_mean(const ewma_settings& s) :
      alpha_{s.alpha}, values_{2 / s.alpha - 1}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "fading mean and variance, alpha " + std::to_string(alpha_); }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto delta = x - past.mean;
    scored found{.expected = past.mean, .count = std::min(static_cast<double>(past.count), values_)};
    if (past.count >= min_count_) {
      found.is_warm = true;
      found.score = past.variance > 0 ? delta / std::sqrt(past.variance) : 0;
    }
    if (past.count++ == 0) {
      past.mean = x;
    } else {
      past.mean += alpha_ * delta;
      past.variance = (1 - alpha_) * (past.variance + alpha_ * delta * delta);
    }
    return found;
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double variance;
  };

  double alpha_;
  double values_; ///< whose plain mean would be known as well
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind ewma =
    make_kind<ewma_settings, ewma_fields, bind_scored<ewma_settings, from_fading_mean>, complete_common<ewma_settings>>(
        "ewma", "how many standard deviations a value lies from a mean in which older values fade",
        "{ ewma: Amount, by: CustomerID, alpha: 0.1, as: unusual_now }");

} // namespace weir::steps
