#include "core/cluster/leadership.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

void leadership::lead_alone() {
  is_alone_ = true;
  is_assigned_ = true;
  begin();
}

void leadership::assigned(bool on) {
  if (is_assigned_ == on)
    return;
  is_assigned_ = on;
  announced_.reset();
  if (!on)
    end();
}

void leadership::announced(announcement newest) {
  newest_ = std::move(newest);
  if (std::exchange(has_line_, false))
    commands_.hang_up(false);
  call_at_ = {};
  backoff_ = options_.backoff;
  end(); // another has come, or this one begins anew
  if (is_assigned_ && is_own())
    begin();
}

void leadership::begin() {
  lives_here_ = true;
  commands_.begin_supervisor(newest_ ? newest_->term : 0);
}

void leadership::end() {
  if (std::exchange(lives_here_, false))
    commands_.end_supervisor();
}

bool leadership::answered(std::int64_t term, instant now) {
  calling_ = false;
  if (newest_->term != term || lives_here_)
    return false;
  has_line_ = true;
  line_since_ = now;
  return true;
}

void leadership::unanswered(std::int64_t term, instant now) {
  if (std::exchange(calling_, false) && newest_->term == term)
    call_later(now);
}

void leadership::line_lost(instant now) {
  if (has_line_)
    call_later(now);
}

void leadership::call_later(instant now) {
  if (std::exchange(has_line_, false))
    commands_.hang_up(true);
  call_at_ = now + backoff_;
  backoff_ = std::min(2 * backoff_, options_.longest_backoff);
}

void leadership::supervisor_ended() {
  lives_here_ = false;
  if (is_assigned_)
    begin();
}

bool leadership::hear(const cluster_view& view, instant now) {
  if (heard_term_ && view.term < *heard_term_)
    return false;
  if (!lives_here_ && !is_alone_ && view.supervisor == options_.node)
    return false;
  const bool is_new = !heard_term_ || *heard_term_ < view.term;
  heard_term_ = view.term;
  heard_ = now;
  lease_is_over_ = false;
  backoff_ = options_.backoff;
  if (is_new) { // only now it is sure that the supervisor listens
    told_all_ = now;
    commands_.tell_all();
  }
  return true;
}

void leadership::tick(instant now) {
  const bool is_ousted = !is_own() && !has_line_ && announced_ && now - *announced_ > options_.silence;
  if (is_assigned_ && !is_alone_ && (!announced_ || is_ousted)) {
    announced_ = now;
    commands_.announce();
  }
  if (!lives_here_ && newest_ && !is_own()) {
    if (has_line_ && now - std::max(heard_, line_since_) > options_.silence)
      call_later(now);
    if (!has_line_ && !calling_ && now >= call_at_) {
      calling_ = true;
      commands_.call(*newest_);
    }
  }
  if (now - told_all_ > options_.retell) {
    told_all_ = now;
    commands_.tell_all();
  }
  if (!lease_is_over_ && now - heard_ > options_.lease) {
    lease_is_over_ = true;
    commands_.go_alone();
  }
}

} // namespace weir::core
