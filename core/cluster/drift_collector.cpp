#include "core/cluster/drift_collector.hpp"

#include "core/base/byte_codec.hpp"
#include "core/base/fingerprint.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace weir::core {

namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t most_bytes_of_a_total = 24 * 1024;

constexpr char slot_at_hand = 0;
constexpr char slot_baseline = 1;

char slot_of(std::uint64_t window) noexcept {
  return window == baseline_window ? slot_baseline : static_cast<char>(2 + window % 2);
}

std::uint32_t fingerprint_of(const stream_drift_plan& plan) {
  std::string all = "drift of a stream";
  for (const auto& column : plan.columns)
    all += ", " + column.name + (column.is_text ? " text " : " number ") + std::to_string(column.how.bins) + ' '
           + std::to_string(static_cast<int>(column.how.binning)) + (column.how.has_sketch ? " sketch" : "")
           + (column.given ? " given" : "");
  return fingerprint(all);
}

} // namespace

state_need drift_collector::needs(const stream_drift_plan& plan) {
  const auto all = plan.columns.size() * bytes_per_column;
  return {"the drift of the stream", all, all};
}

drift_collector::drift_collector(std::shared_ptr<const stream_drift_plan> plan, std::shared_ptr<const drift_board> news,
                                 std::uint8_t tag) :
    plan_{std::move(plan)},
    news_{std::move(news)}, tag_{tag}, fingerprint_{fingerprint_of(*plan_)}, window_{first_window_of(*plan_)} {
  for (const auto& column : plan_->columns)
    monitors_.push_back(first_monitor_of(column));
}

std::uint64_t drift_collector::news_window() const {
  const auto progress = news_ ? news_->progress() : nullptr;
  return progress ? progress->window : 0;
}

void drift_collector::process(batch& b) {
  if (b.rows.empty())
    return;
  if (!is_seeded_) {
    for (auto& monitor : monitors_)
      monitor.seed(static_cast<std::uint64_t>(value_of(b.raw->partition)) + 1);
    is_seeded_ = true;
  }
  if (const auto next = news_window(); next > window_)
    begin(next);
  is_changed_ = true;
  told_window_ = no_window;
  records_ += b.rows.size();
  add(b);
}

void drift_collector::begin(std::uint64_t window) {
  const auto progress = news_->progress();
  if (records_ > 0 && is_kept(window_, window, plan_->has_sliding_baseline()))
    closed_[window_] = {.records = records_, .totals = totals()};
  window_ = window;
  records_ = 0;
  forget();
  for (std::size_t i = 0; i < monitors_.size(); ++i) {
    if (monitors_[i].is_watching()) {
      monitors_[i].next_window();
      continue;
    }
    monitors_[i].clear();
    if (progress->bins.size() == monitors_.size())
      (void)monitors_[i].begin_windows(progress->bins[i]); // of other columns: it goes on without
  }
}

void drift_collector::forget() {
  std::erase_if(closed_,
                [this](const auto& one) { return !is_kept(one.first, window_, plan_->has_sliding_baseline()); });
}

void drift_collector::add(const batch& b) {
  for (std::size_t i = 0; i < monitors_.size(); ++i) {
    const auto& column = plan_->columns[i];
    const auto& values = b.at(column.of);
    if (column.is_text) {
      for (const auto row : b.rows)
        if (values.is_null(row))
          monitors_[i].texts()->add_null(monitors_[i].options());
        else
          monitors_[i].texts()->add(values.text[row], monitors_[i].options());
    } else {
      values_.resize(b.rows.size());
      read_values(values, b.rows, values_.data());
      monitors_[i].numbers()->add(values_, monitors_[i].options());
    }
  }
}

std::vector<std::string> drift_collector::totals() const {
  std::vector<std::string> all(monitors_.size());
  for (std::size_t i = 0; i < monitors_.size(); ++i)
    monitors_[i].encode(all[i]);
  return all;
}

std::string drift_collector::value_of_slot(std::uint64_t window, std::uint64_t records, std::string_view total) const {
  std::string value;
  put(value, format_version);
  put(value, fingerprint_);
  put(value, window);
  put(value, records);
  return value.append(total);
}

void drift_collector::collect_changes(record_block& into) {
  if (!is_changed_)
    return;
  is_changed_ = false;
  std::string key(3, static_cast<char>(tag_));
  const auto append = [&](std::size_t column, char slot, const std::string& value) {
    key[1] = static_cast<char>(column);
    key[2] = slot;
    into.append(key, value);
  };
  for (auto& [window, closed] : closed_)
    if (!std::exchange(closed.is_stored, true))
      for (std::size_t i = 0; i < closed.totals.size(); ++i)
        append(i, slot_of(window), value_of_slot(window, closed.records, closed.totals[i]));
  const auto all = totals();
  for (std::size_t i = 0; i < all.size(); ++i)
    append(i, slot_at_hand, value_of_slot(window_, records_, all[i]));
}

result<void> drift_collector::restore(std::string_view key, const std::string_view* value) {
  const auto mismatch = [](const char* how) {
    return fail(std::string{"the state of the drift of the stream was written "} + how, {},
                "restore what it was, or delete the pipeline's state");
  };
  if (key.size() != 3 || static_cast<std::uint8_t>(key[1]) >= monitors_.size() || key[2] < 0 || key[2] > 3)
    return mismatch("with other columns");
  if (value == nullptr)
    return {};
  byte_reader in{*value};
  std::uint8_t version = 0;
  std::uint32_t layout = 0;
  std::uint64_t window = 0, records = 0;
  if (!in.take(version) || version != format_version || !in.take(layout))
    return mismatch("by another version of weir");
  if (layout != fingerprint_)
    return mismatch("with other settings");
  const auto column = static_cast<std::uint8_t>(key[1]);
  auto monitor = first_monitor_of(plan_->columns[column]);
  if (!in.take(window) || !in.take(records))
    return mismatch("by another version of weir");
  const auto total = std::string{in.rest()};
  if (!monitor.decode(in) || in.left() != 0 || total.size() > most_bytes_of_a_total)
    return mismatch("by another version of weir");
  restored_.resize(monitors_.size());
  if (key[2] == slot_at_hand) {
    monitors_[column] = monitor;
    restored_[column] = {window, records};
  } else {
    auto& closed = closed_[window];
    closed.totals.resize(monitors_.size());
    closed.totals[column] = total;
    closed.records = records;
    closed.is_stored = true;
  }
  return {};
}

result<void> drift_collector::finish_restore() {
  if (restored_.empty())
    return {};
  const auto is_other = [this](const auto& one) { return one != restored_.front(); };
  const auto has_hole = [](const auto& one) {
    return std::any_of(one.second.totals.begin(), one.second.totals.end(),
                       [](const auto& total) { return total.empty(); });
  };
  std::tie(window_, records_) = restored_.front();
  for (std::size_t i = 0; i < monitors_.size(); ++i)
    if (const auto begun = first_monitor_of(plan_->columns[i]);
        begun.is_watching() && !monitors_[i].has_baseline_of(begun))
      monitors_[i] = begun; // another baseline was given since
  forget();
  if (std::any_of(restored_.begin(), restored_.end(), is_other)
      || std::any_of(closed_.begin(), closed_.end(), has_hole))
    return fail("the state of the drift of the stream is damaged: its columns are not of one commit", {},
                "restore what it was, or delete the pipeline's state");
  return {};
}

operator_counts drift_collector::counts() const noexcept {
  operator_counts sum;
  sum.bytes = monitors_.size() * sizeof(column_monitor);
  for (const auto& [window, closed] : closed_)
    for (const auto& total : closed.totals)
      sum.bytes += total.size();
  return sum;
}

void drift_collector::take_windows(partition_id partition, offset next, std::vector<std::string>& into) {
  const auto at = std::max(window_, news_window());
  drift_update update{.partition = partition, .next = next, .window = at, .sizes = {}, .entries = {}};
  const auto tell = [&](std::uint64_t window, std::vector<std::string> totals) {
    for (std::size_t i = 0; i < totals.size(); ++i)
      update.entries.push_back({static_cast<std::uint32_t>(i), window, std::move(totals[i])});
  };
  const bool is_news = at != told_window_;
  for (auto& [window, closed] : closed_) {
    update.sizes.push_back({window, closed.records});
    if (!std::exchange(closed.is_told, true))
      tell(window, closed.totals);
  }
  update.sizes.push_back({window_, records_});
  if (at > window_ && is_news && records_ > 0)
    tell(window_, totals()); // nothing has come since, so it is over
  if (!is_news && update.entries.empty())
    return;
  told_window_ = at;
  for (auto& part : encode_in_parts(update))
    into.push_back(std::move(part));
}

} // namespace weir::core
