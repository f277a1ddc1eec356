#pragma once

#include "core/cluster/contest.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace weir::core {

/// What a model that learns on has said on a node, in any of its lanes, beside what was true: each record is told
/// before it is learned from (prequential, Dawid 1984). Counts from the node's start. Thread-safe.
class model_figures {
public:
  void add(const contest_side& more) {
    const std::lock_guard lock{mutex_};
    sum_ += more;
  }

  contest_side sum() const {
    const std::lock_guard lock{mutex_};
    return sum_;
  }

private:
  mutable std::mutex mutex_;
  contest_side sum_;
};

/// Those of one step.
struct step_figures {
  std::string step; ///< the first column that it makes
  std::shared_ptr<model_figures> figures;
};

} // namespace weir::core
