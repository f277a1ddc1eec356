#include "core/commit/node_lifecycle.hpp"

namespace weir::core {

void node_lifecycle::start() {
  commands_.open_transaction();
  commands_.join_source();
}

void node_lifecycle::want(goal wanted) {
  if (goal_ == goal::stopped || goal_ == wanted)
    return;
  goal_ = wanted;
  if (state_ == state::over)
    return;
  commands_.show(goal_, false);
  if (!ends_lanes(goal_))
    commands_.hold_lanes(goal_ == goal::paused);
  advance();
}

// What the goal asks for in a state that waits for nothing.
void node_lifecycle::advance() {
  switch (state_) {
  case state::idle:
  case state::opening:
    if (ends_lanes(goal_)) {
      why_ = reason::rebuild;
      end_lanes();
    }
    break;
  case state::running:
    if (ends_lanes(goal_))
      finish(reason::rebuild, limits_.shutdown);
    break;
  case state::finishing:
    if (goal_ == goal::stopped && why_ == reason::exhausted) // it may have taken its time until now
      commands_.finish_lanes(limits_.shutdown);
    break;
  case state::left:
    if (goal_ == goal::stopped) {
      shut_down();
    } else if (goal_ != goal::drained) {
      state_ = state::idle;
      commands_.join_source();
    }
    break;
  case state::ending:
  case state::over: break;
  }
}

bool node_lifecycle::taken_up(std::uint64_t round) {
  if (state_ != state::idle || round != round_)
    return false;
  state_ = state::opening;
  commands_.open_transaction();
  return true;
}

void node_lifecycle::opened() {
  if (state_ != state::opening)
    return;
  if (!commands_.start_lanes()) {
    fail();
    return;
  }
  state_ = state::running;
  undone_ = false;
}

void node_lifecycle::revoked(bool lost) {
  switch (state_) {
  case state::idle:
  case state::opening:
    why_ = reason::give_back;
    end_lanes();
    break;
  case state::running:
  case state::finishing:
    if (lost) {
      why_ = reason::give_back;
      state_ = state::finishing;
      commands_.lose_lanes();
    } else {
      finish(reason::give_back, limits_.rebalance);
    }
    break;
  case state::ending: why_ = reason::give_back; break;
  case state::left:
  case state::over: break;
  }
}

void node_lifecycle::exhausted() {
  if (state_ == state::running)
    finish(reason::exhausted, limits_.source_end);
}

void node_lifecycle::rewound() {
  switch (state_) {
  case state::running:
    undone_ = true;
    why_ = reason::rebuild;
    end_lanes();
    break;
  case state::idle:
  case state::opening: // no lane has done anything: only the transaction is missing
  case state::left:
    if (goal_ == goal::stopped) // another has this node's name
      shut_down();
    else
      commands_.open_transaction();
    break;
  case state::finishing: // what was asked for comes after this: the answer to it says what happens to the lanes
  case state::ending:
  case state::over: break;
  }
}

void node_lifecycle::finished(bool complete) {
  if (state_ != state::finishing)
    return;
  undone_ = !complete;
  if (why_ == reason::exhausted) {
    exhausted_ = complete;
    if (!complete) // what was undone is read again
      why_ = reason::rebuild;
  }
  end_lanes();
}

void node_lifecycle::must_end() {
  goal_ = goal::stopped;
  undone_ = true;
}

void node_lifecycle::fail() {
  if (state_ == state::over)
    return;
  goal_ = goal::stopped;
  undone_ = true;
  if (state_ == state::left)
    shut_down();
  else if (state_ != state::ending)
    end_lanes();
}

void node_lifecycle::finish(reason why, std::chrono::milliseconds within) {
  why_ = why;
  state_ = state::finishing;
  commands_.finish_lanes(within);
}

void node_lifecycle::end_lanes() {
  state_ = state::ending;
  if (commands_.end_lanes())
    lanes_gone();
}

void node_lifecycle::lanes_gone() {
  if (state_ != state::ending)
    return;
  if (goal_ == goal::stopped || exhausted_) {
    shut_down();
    return;
  }
  if (why_ == reason::give_back)
    undone_ = false; // another reads it
  commands_.open_transaction();
  if (goal_ == goal::drained) {
    state_ = state::left;
    commands_.leave_source(++round_);
    commands_.show(goal_, true);
  } else {
    state_ = state::idle;
    commands_.give_back(++round_);
  }
}

void node_lifecycle::shut_down() {
  state_ = state::over;
  commands_.shut_down();
}

} // namespace weir::core
