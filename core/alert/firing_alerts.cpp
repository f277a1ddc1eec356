#include "core/alert/firing_alerts.hpp"

#include <utility>

namespace weir::core {

firing_alerts::change firing_alerts::update(std::size_t rule, std::string_view key, bool is_true, std::int64_t now,
                                            std::int64_t repeat_ms, std::int64_t& since) {
  auto& of_rule = by_rule_[rule];
  if (of_rule.empty() && !is_true)
    return change::none;
  const auto found = of_rule.find(key);
  if (found == of_rule.end()) {
    if (!is_true)
      return change::none;
    make_room(key.size());
    insert(rule, key, {now, now});
    changed_.insert({rule, std::string{key}});
    since = now;
    return change::firing;
  }
  since = found->second.since;
  if (is_true && (repeat_ms == 0 || now - found->second.said < repeat_ms))
    return change::none;
  changed_.insert({rule, found->first});
  if (!is_true) {
    remove(rule, found);
    return change::resolved;
  }
  by_age_.erase({found->second.said, rule, found->first});
  found->second.said = now;
  by_age_.insert({now, rule, found->first});
  return change::repeated;
}

const firing_alerts::state* firing_alerts::find(std::size_t rule, std::string_view key) const {
  const auto found = by_rule_[rule].find(key);
  return found == by_rule_[rule].end() ? nullptr : &found->second;
}

void firing_alerts::insert(std::size_t rule, std::string_view key, state kept) {
  erase(rule, key);
  const auto added = by_rule_[rule].emplace(key, kept).first;
  by_age_.insert({kept.said, rule, added->first});
  bytes_ += bytes_per_alert + key.size();
}

void firing_alerts::erase(std::size_t rule, std::string_view key) {
  if (const auto found = by_rule_[rule].find(key); found != by_rule_[rule].end())
    remove(rule, found);
}

std::set<firing_alerts::name> firing_alerts::take_changed() {
  return std::exchange(changed_, {});
}

void firing_alerts::make_room(std::size_t key_size) {
  const auto wanted = bytes_per_alert + key_size;
  while (!by_age_.empty() && (size() >= limits_.max_alerts || bytes_ + wanted > limits_.max_bytes)) {
    const auto oldest = *by_age_.begin();
    changed_.insert({oldest.rule, std::string{oldest.key}});
    remove(oldest.rule, by_rule_[oldest.rule].find(oldest.key));
    ++evictions_;
  }
}

void firing_alerts::remove(std::size_t rule, alerts::iterator which) {
  bytes_ -= bytes_per_alert + which->first.size();
  by_age_.erase({which->second.said, rule, which->first});
  by_rule_[rule].erase(which);
}

} // namespace weir::core
