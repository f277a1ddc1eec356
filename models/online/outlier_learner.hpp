#pragma once

#include "models/online/learner.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace weir::models::online {

/// A learner that says how unusual each row is among those before it, and learns every row; the truth is not looked at
/// and may be null. `predicted` gets the score: from 0 to 1, more is more unusual. NaN: it is still warming up.
class outlier_learner : public learner {
public:
  /// Rows that are learned before the first one gets a score.
  virtual std::size_t warm_up() const noexcept = 0;

  /// Numbers of scratch that contributions() needs.
  virtual std::size_t contribution_scratch_size() const noexcept { return 0; }

  /// Which inputs make a row unusual: a share for each, none negative, together 1. Where nothing does, all the same.
  /// To be asked before run() learns the row. For the few rows that are outliers: costs more than a score.
  /// @param row as many finite numbers as inputs  @param shares as many  @returns false, and writes nothing, during the
  /// warm-up  @pre valid(state), which is aligned to 16
  virtual bool contributions(std::span<const std::byte> state, const double* row, std::span<double> shares,
                             std::span<double> scratch) const = 0;
};

using outlier_learner_ptr = std::shared_ptr<const outlier_learner>;

/// Takes numbers that are not negative to a sum of 1; all the same where all are 0. Infinite ones share it alone.
void make_shares(std::span<double> of) noexcept;

} // namespace weir::models::online
