#pragma once

#include "core/batch/batch.hpp"
#include "core/cluster/contest.hpp"
#include "models/scorer.hpp"

#include <mutex>
#include <optional>

namespace weir::models {

/// The models at one place of a pipeline: a champion, and perhaps a challenger that scores the same records and is
/// compared. Without a canary nobody sees what the challenger says (it is a shadow); with one, a share of the keys gets
/// its results: always the same keys, by a hash of theirs. A record without a key is the champion's.
class contest {
public:
  struct options {
    scorer_ptr champion;
    scorer_ptr challenger{};                ///< makes the same columns; null: there is none
    double canary = 0;                      ///< share of the keys, 0 to 1
    std::optional<core::column_id> truth{}; ///< holds what should have been said, null where that is not known
    std::optional<core::column_id> said{};  ///< a copy of what the champion says, null where it is not asked; the next
                                            ///< column is the challenger's. For labels that come later
  };

  explicit contest(options what);

  const options& what() const noexcept { return options_; }

  /// Something is counted.
  bool counts() const noexcept { return options_.challenger || options_.truth || options_.said; }

  /// Adds what was found out elsewhere. Thread-safe.
  void count(const core::contest_figures& more) const;

  /// Scores the rows that are alive. Safe to be called from several threads.
  void run(core::batch& b) const;

  /// Since it was made.
  core::contest_figures figures() const;

private:
  void run_as_shadow(core::batch& b, core::contest_figures& counted) const;
  void run_as_canary(core::batch& b, core::contest_figures& counted) const;
  void run_one(const scorer& one, core::batch& b, core::contest_side& counted) const;
  void compare(const core::batch& b, const core::batch& other, core::contest_figures& counted) const;
  void judge(const core::batch& b, core::contest_side& counted) const;
  void note_said(core::batch& b, const core::batch& other) const;

  options options_;
  core::column_id prediction_; ///< the first column that is made
  bool is_classifier_;
  mutable std::mutex mutex_;
  mutable core::contest_figures figures_;
};

} // namespace weir::models
