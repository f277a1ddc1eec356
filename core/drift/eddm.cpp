#include "core/drift/eddm.hpp"

#include <cmath>

namespace weir::core {

drift_level eddm::add(bool is_error, const eddm_options& options) noexcept {
  ++count_;
  if (is_error) {
    const auto distance = static_cast<double>(count_ - last_error_);
    const auto before = distances_.mean;
    distances_.add(distance);
    squares_ += (distance - before) * (distance - distances_.mean);
    last_error_ = count_;
    if (count_ > options.warm_start && judge(options) == drift_level::drift) {
      *this = {};
      return drift_level::drift;
    }
  }
  return is_warned_ != 0 ? drift_level::warning : drift_level::none;
}

drift_level eddm::judge(const eddm_options& options) noexcept {
  const auto variance = distances_.count > 1 ? squares_ / (distances_.size() - 1) : 0;
  const auto now = distances_.mean + 2 * std::sqrt(variance);
  if (now > largest_) {
    largest_ = now;
    return drift_level::none;
  }
  if (distances_.count <= options.warm_start)
    return drift_level::none;
  const auto level = now / largest_;
  if (level < options.beta)
    return drift_level::drift;
  is_warned_ = level < options.alpha ? 1 : 0;
  return drift_level::none;
}

bool eddm::valid() const noexcept {
  constexpr double most = 1e300; // of which no addition makes infinity
  return count_ < std::uint64_t{1} << 53 && last_error_ <= count_ && distances_.is_finite()
         && distances_.count <= last_error_ && distances_.mean >= 0
         && distances_.mean <= 2 * static_cast<double>(last_error_) && squares_ >= 0 && squares_ <= most
         && largest_ >= 0 && largest_ <= most && is_warned_ <= 1;
}

} // namespace weir::core
