#include "core/cluster/panes.hpp"

#include "core/base/byte_codec.hpp"
#include "core/base/fingerprint.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/row_values.hpp"

#include <cmath>

namespace weir::core {

namespace {

constexpr std::int64_t never = INT64_MIN;
constexpr std::uint8_t format_version = 1;

constexpr std::size_t entry_bytes = sizeof(std::uint32_t) + sizeof(std::int64_t) + sizeof(moments);

bool plausible(const moments& m) noexcept {
  return m.count != 0 && std::isfinite(m.mean) && m.m2 >= 0 && m.min <= m.max;
}

bool plausible_time(std::int64_t time) noexcept {
  return time == never || (time > -event_time_limit && time < event_time_limit);
}

std::vector<pane_grid> grids_of(const std::vector<pane_aggregate>& aggregates) {
  std::vector<pane_grid> grids;
  for (const auto& a : aggregates)
    grids.emplace_back(a.window);
  return grids;
}

} // namespace

std::string encode(const pane_update& update) {
  std::string out;
  out.reserve(32 + update.newest.size() * 8 + update.entries.size() * entry_bytes);
  put(out, format_version);
  put(out, value_of(update.partition));
  put(out, value_of(update.at));
  put(out, value_of(update.next));
  put(out, static_cast<std::uint32_t>(update.newest.size()));
  for (const auto time : update.newest)
    put(out, time);
  for (const auto& e : update.entries) {
    put(out, e.aggregate);
    put(out, e.pane);
    put(out, e.total);
  }
  return out;
}

result<pane_update> decode_pane_update(std::string_view bytes) {
  const auto broken = [] {
    return fail("an update of rolling aggregates cannot be read", {}, "run one version on all nodes");
  };
  byte_reader in{bytes};
  pane_update update;
  std::uint8_t version = 0;
  std::int32_t partition = 0;
  std::uint64_t at = 0;
  std::int64_t next = 0;
  std::uint32_t aggregates = 0;
  if (!in.take(version) || version != format_version || !in.take(partition) || !in.take(at) || !in.take(next)
      || !in.take(aggregates) || partition < 0 || next < 0 || in.left() / sizeof(std::int64_t) < aggregates)
    return broken();
  update.partition = partition_id{partition};
  update.at = epoch{at};
  update.next = offset{next};
  update.newest.resize(aggregates);
  for (auto& time : update.newest)
    if (!in.take(time) || !plausible_time(time))
      return broken();
  if (in.left() % entry_bytes != 0)
    return broken();
  update.entries.resize(in.left() / entry_bytes);
  for (auto& e : update.entries)
    if (!in.take(e.aggregate) || !in.take(e.pane) || !in.take(e.total) || e.aggregate >= aggregates
        || !plausible(e.total))
      return broken();
  return update;
}

// --- the lane's side ---

state_need pane_collector::needs(const pane_aggregate& of) {
  const auto all = static_cast<std::uint64_t>(pane_grid{of.window}.most_panes()) * bytes_per_pane;
  return {of.name, all, all};
}

pane_collector::pane_collector(std::vector<pane_aggregate> aggregates, const layout& columns, std::uint8_t tag) :
    tag_{tag} {
  for (auto& a : aggregates) {
    const pane_grid grid{a.window};
    const auto text = "panes of " + std::to_string(grid.width()) + " ms over " + std::to_string(grid.over()) + " ms of "
                      + columns[a.of].name + (a.time ? " at " + columns[*a.time].name : "");
    series_.push_back({.what = std::move(a), .grid = grid, .fingerprint = fingerprint(text), .panes = {}, .gone = {}});
  }
}

void pane_collector::process(batch& b) {
  values_.resize(b.rows.size());
  times_.resize(b.rows.size());
  for (auto& s : series_) {
    read_values(b.at(s.what.of), b.rows, values_.data());
    read_times(b, s.what.time, b.rows, times_.data());
    fold(s, b.rows.size(), b.now_ms);
    forget_old(s);
  }
}

void pane_collector::fold(series& s, std::size_t rows, std::int64_t now) {
  pane_state* at_hand = nullptr; // records of one pane stand together: no search for most of them
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto time = times_[i];
    if (time == keyed_rows::no_time || !std::isfinite(values_[i]))
      continue;
    const auto inside = at_hand != nullptr && time >= begin && time - begin < s.grid.width();
    if (time > s.newest && s.grid.is_ahead(time, std::max(s.newest, now))) {
      ++s.ahead;
      continue;
    }
    if (time > s.newest) {
      s.newest = time;
    } else if (time <= s.newest - s.grid.over() && s.grid.pane_of(time) < s.grid.first_pane(s.newest)) {
      s.late += s.grid.is_late(time, s.newest) ? 1 : 0;
      s.changed = true;
      continue;
    }
    if (!inside) {
      const auto number = s.grid.pane_of(time);
      at_hand = &s.panes[number];
      at_hand->in_changelog = false;
      at_hand->sent = false;
      begin = number * s.grid.width();
      s.changed = true;
    }
    at_hand->total.add(values_[i]);
  }
}

void pane_collector::forget_old(series& s) {
  if (s.newest == never)
    return;
  const auto end = s.panes.lower_bound(s.grid.first_pane(s.newest));
  for (auto p = s.panes.begin(); p != end; ++p)
    s.gone.push_back(p->first);
  s.panes.erase(s.panes.begin(), end);
}

std::string pane_collector::key_of(std::size_t index) const {
  return {static_cast<char>(tag_), static_cast<char>(index)};
}

void pane_collector::collect_changes(record_block& into) {
  std::string value;
  const auto header = [&](const series& s) {
    value.clear();
    put(value, format_version);
    put(value, s.fingerprint);
  };
  for (std::size_t i = 0; i < series_.size(); ++i) {
    auto& s = series_[i];
    if (!s.changed)
      continue;
    s.changed = false;
    auto key = key_of(i);
    header(s);
    put(value, s.newest);
    put(value, s.late);
    into.append(key, value);
    const auto with_pane = [&](std::int64_t pane) {
      key.resize(2);
      put(key, pane);
      return std::string_view{key};
    };
    for (const auto pane : s.gone)
      into.append_tombstone(with_pane(pane));
    s.gone.clear();
    for (auto& [number, p] : s.panes)
      if (!p.in_changelog) {
        p.in_changelog = true;
        header(s);
        put(value, p.total);
        into.append(with_pane(number), value);
      }
  }
}

result<void> pane_collector::restore(std::string_view key, const std::string_view* value) {
  byte_reader name{key};
  std::uint8_t tag = 0;
  std::uint8_t index = 0;
  if (!name.take(tag) || !name.take(index) || tag != tag_ || index >= series_.size())
    return fail("the state holds a rolling aggregate that the pipeline does not have", {},
                "restore the steps of the pipeline, or delete its state");
  auto& s = series_[index];
  std::int64_t number = 0;
  const auto has_pane = name.left() != 0;
  const auto mismatch = [&](const char* how) {
    return fail("the state of '" + s.what.name + "' was written " + how, {},
                "restore what it was, or delete the pipeline's state");
  };
  if (has_pane && (!name.take(number) || name.left() != 0))
    return mismatch("by another version of weir");
  if (value == nullptr) {
    if (has_pane)
      s.panes.erase(number);
    return {};
  }
  byte_reader in{*value};
  std::uint8_t version = 0;
  std::uint32_t layout = 0;
  if (!in.take(version) || version != format_version || !in.take(layout))
    return mismatch("by another version of weir");
  if (layout != s.fingerprint)
    return mismatch("with other settings");
  if (has_pane) {
    pane_state p{.total = {}, .in_changelog = true, .sent = false};
    if (!in.take(p.total) || in.left() != 0)
      return mismatch("by another version of weir");
    s.panes[number] = p;
  } else if (!in.take(s.newest) || !in.take(s.late) || in.left() != 0) {
    return mismatch("by another version of weir");
  }
  return {};
}

std::string pane_collector::take_panes(partition_id partition, epoch at, offset next) {
  const auto update = take_changed(partition, at, next);
  return update.entries.empty() ? std::string{} : encode(update);
}

pane_update pane_collector::take(partition_id partition, epoch at, offset next, bool all) {
  pane_update update{.partition = partition, .at = at, .next = next, .newest = {}, .entries = {}};
  for (std::size_t i = 0; i < series_.size(); ++i) {
    update.newest.push_back(series_[i].newest);
    for (auto& [number, p] : series_[i].panes)
      if (all || !p.sent) {
        p.sent = true;
        update.entries.push_back({static_cast<std::uint32_t>(i), number, p.total});
      }
  }
  return update;
}

pane_update pane_collector::take_changed(partition_id partition, epoch at, offset next) {
  return take(partition, at, next, false);
}

pane_update pane_collector::take_all(partition_id partition, epoch at, offset next) {
  return take(partition, at, next, true);
}

operator_counts pane_collector::counts() const noexcept {
  operator_counts sum;
  for (const auto& s : series_)
    sum.ahead += s.ahead;
  sum.late = late();
  sum.bytes = bytes();
  return sum;
}

std::uint64_t pane_collector::late() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& s : series_)
    sum += s.late;
  return sum;
}

std::uint64_t pane_collector::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& s : series_)
    sum += s.panes.size() * bytes_per_pane;
  return sum;
}

// --- the supervisor's side ---

pane_merger::pane_merger(std::vector<pane_aggregate> aggregates) :
    aggregates_{std::move(aggregates)}, grids_{grids_of(aggregates_)}, newest_(aggregates_.size(), never) {}

bool pane_merger::add(const pane_update& update) {
  if (update.newest.size() != aggregates_.size())
    return false;
  const auto known = parts_.find(update.partition);
  if (known != parts_.end() && update.next < known->second.next)
    return false;
  auto& part = parts_[update.partition];
  part.next = update.next;
  part.panes.resize(aggregates_.size());
  for (const auto& e : update.entries)
    part.panes[e.aggregate][e.pane] = e.total;
  for (std::size_t i = 0; i < aggregates_.size(); ++i) {
    newest_[i] = std::max(newest_[i], update.newest[i]);
    if (newest_[i] != never)
      for (auto& [partition, p] : parts_)
        p.panes[i].erase(p.panes[i].begin(), p.panes[i].lower_bound(grids_[i].first_pane(newest_[i])));
  }
  return true;
}

std::optional<pane_merger::value> pane_merger::at(std::size_t aggregate) const {
  if (newest_[aggregate] == never)
    return std::nullopt;
  value all{.window = {}, .newest = newest_[aggregate]};
  for (const auto& [partition, part] : parts_)
    for (const auto& [pane, total] : part.panes[aggregate])
      all.window.merge(total);
  return all;
}

std::vector<pane_update> pane_merger::updates() const {
  std::vector<pane_update> all;
  for (const auto& [partition, part] : parts_) {
    auto& update = all.emplace_back();
    update.partition = partition;
    update.next = part.next;
    update.newest = newest_;
    for (std::size_t i = 0; i < aggregates_.size(); ++i)
      for (const auto& [pane, total] : part.panes[i])
        update.entries.push_back({static_cast<std::uint32_t>(i), pane, total});
  }
  return all;
}

std::optional<double> pane_merger::statistic_of(std::size_t aggregate) const {
  const auto all = at(aggregate);
  if (!all || all->window.count == 0)
    return std::nullopt;
  return aggregates_[aggregate].what->of(all->window);
}

} // namespace weir::core
