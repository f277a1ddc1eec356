#include "simulated_broker.hpp"

#include <set>

namespace weir::core {

simulated_broker::producer simulated_broker::init(int of) {
  auto& n = names_[static_cast<std::size_t>(of)];
  if (n.last != none && transactions_[n.last].state == transaction::open)
    finish(transactions_[n.last], false);
  n.last = none;
  return {of, ++n.incarnation};
}

bool simulated_broker::begin(producer who) {
  auto& n = names_[static_cast<std::size_t>(who.name)];
  if (n.incarnation != who.incarnation)
    return false;
  n.last = transactions_.size();
  transactions_.emplace_back();
  return true;
}

simulated_broker::transaction* simulated_broker::open_of(producer who) {
  const auto& n = names_[static_cast<std::size_t>(who.name)];
  if (n.incarnation != who.incarnation || n.last == none || transactions_[n.last].state != transaction::open)
    return nullptr;
  return &transactions_[n.last];
}

bool simulated_broker::append(producer who, topic to, int partition, const record& r, instant now) {
  auto* open = open_of(who);
  if (open == nullptr)
    return false;
  if (!open->since)
    open->since = now;
  log_of(to, partition).entries.push_back({r, names_[static_cast<std::size_t>(who.name)].last});
  return true;
}

bool simulated_broker::send_offsets(producer who, const std::vector<partition_offset>& offsets) {
  auto* open = open_of(who);
  if (open == nullptr)
    return false;
  open->offsets = offsets;
  return true;
}

bool simulated_broker::end(producer who, bool commit) {
  const auto& n = names_[static_cast<std::size_t>(who.name)];
  if (n.incarnation != who.incarnation || n.last == none)
    return false;
  auto& t = transactions_[n.last];
  if (t.state == transaction::open)
    finish(t, commit);
  return t.state == (commit ? transaction::committed : transaction::aborted);
}

void simulated_broker::finish(transaction& t, bool commit) {
  t.state = commit ? transaction::committed : transaction::aborted;
  if (commit)
    for (const auto& entry : t.offsets)
      group_offset_of(value_of(entry.partition)) = value_of(entry.next);
}

void simulated_broker::expire(instant now) {
  for (auto& n : names_)
    if (n.last != none) {
      auto& t = transactions_[n.last];
      if (t.state == transaction::open && t.since && now - *t.since > transaction_timeout_) {
        finish(t, false);
        ++n.incarnation;
      }
    }
}

void simulated_broker::clean(std::mt19937_64& random, cleanup how) {
  auto& log = log_of(topic::state, static_cast<int>(random() % partitions_.size()));
  if (random() % 2 == 0) {
    log.active = log.entries.size();
  } else if (how == cleanup::compact) {
    compact(log, random);
  } else {
    for (std::size_t i = 0; i < log.active; ++i)
      log.entries[i].is_removed = true;
  }
}

// What is newest of a key in the part that is cleaned stays; what was aborted goes.
void simulated_broker::compact(partition_log& log, std::mt19937_64& random) {
  std::size_t end = 0;
  while (end < log.active && !is_open(log.entries[end]))
    ++end;
  std::set<std::string> newer;
  const bool retention_is_over = random() % 2 == 0;
  for (auto i = end; i-- > 0;) {
    auto& e = log.entries[i];
    if (e.is_removed)
      continue;
    if (!is_committed(e) || !newer.insert(e.what.key).second)
      e.is_removed = true;
    else if (!e.what.value)
      e.is_removed = retention_is_over;
  }
}

simulated_broker::stable_state simulated_broker::state_of(int partition) const {
  const auto& log = partitions_[static_cast<std::size_t>(partition)].logs[static_cast<std::size_t>(topic::state)];
  stable_state out;
  for (const auto& e : log.entries) {
    if (is_open(e)) {
      if (e.what.key == marker::opening_key)
        out.opened_by = std::stoi(*e.what.value);
      return out;
    }
    if (is_committed(e) && !e.is_removed)
      static_cast<void>(out.replay.apply(e.what.key, e.what.value));
  }
  out.at_end = true;
  return out;
}

std::optional<std::int64_t> simulated_broker::stable_offset(int partition) const {
  for (const auto& n : names_)
    if (n.last != none && transactions_[n.last].state == transaction::open)
      for (const auto& entry : transactions_[n.last].offsets)
        if (value_of(entry.partition) == partition)
          return std::nullopt;
  return partitions_[static_cast<std::size_t>(partition)].offset;
}

} // namespace weir::core
