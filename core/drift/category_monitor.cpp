#include "core/drift/category_monitor.hpp"

#include "core/base/content_hash.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir::core {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint64_t most_records = std::uint64_t{1} << 50;

} // namespace

std::size_t category_monitor::find(std::uint64_t hash) const noexcept {
  for (auto slot = hash % slots; table_[slot] != 0; slot = (slot + 1) % slots)
    if (names_[table_[slot] - 1].hash == hash)
      return table_[slot] - std::size_t{1};
  return used_;
}

void category_monitor::put_in(std::uint64_t hash, std::string_view text, std::uint64_t count) noexcept {
  auto slot = hash % slots;
  while (table_[slot] != 0)
    slot = (slot + 1) % slots;
  auto& made = names_[used_++];
  table_[slot] = static_cast<std::uint16_t>(used_);
  made = {hash, count, static_cast<std::uint8_t>(std::min(text.size(), max_name)), {}};
  std::copy_n(text.begin(), made.size, made.text.begin());
}

void category_monitor::add(std::string_view text, const monitor_options& options) noexcept {
  const auto hash = content_hash(text, 0);
  const auto at = find(hash);
  if (phase_ == watching) {
    ++window_.records;
    ++window_.counts[at];
    return;
  }
  ++reference_.records;
  if (phase_ == counting)
    ++reference_.counts[at];
  else if (at < used_)
    ++names_[at].count;
  else if (used_ < max_candidates)
    put_in(hash, text, 1);
  go_on(options);
}

void category_monitor::add_null(const monitor_options& options) noexcept {
  auto& at = is_watching() ? window_ : reference_;
  ++at.records;
  ++at.nulls;
  if (!is_watching())
    go_on(options);
}

void category_monitor::go_on(const monitor_options& options) noexcept {
  const bool is_whole = reference_.records >= options.baseline_size;
  if (phase_ == choosing && (is_whole || (reference_.records >= options.baseline_size / 4 && used_ > 0))) {
    keep_most_frequent();
    phase_ = counting;
  }
  if (is_whole)
    phase_ = watching;
}

void category_monitor::keep_most_frequent() noexcept {
  auto kept = names_;
  const auto end = kept.begin() + used_;
  std::sort(kept.begin(), end, [](const category& a, const category& b) {
    return std::pair{b.count, a.hash} < std::pair{a.count, b.hash};
  });
  const auto left = std::min<std::size_t>(used_, max_categories);
  used_ = 0;
  table_ = {};
  names_ = {};
  for (std::size_t i = 0; i < left; ++i)
    put_in(kept[i].hash, {kept[i].text.data(), kept[i].size}, 0);
}

result<void> category_monitor::give(const category_baseline& baseline) {
  const auto fits = [](std::uint64_t count) { return count <= most_records; };
  if (baseline.names.size() != baseline.counts.size() || !fits(baseline.rest) || !fits(baseline.records)
      || baseline.nulls > baseline.records || !std::all_of(baseline.counts.begin(), baseline.counts.end(), fits))
    return fail("the baseline's names and counts do not go together", "",
                "give a count for each category, with no more nulls than records");
  std::vector<std::size_t> order(baseline.names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return baseline.counts[a] > baseline.counts[b]; });
  category_monitor made{};
  auto& counts = made.reference_.counts;
  auto rest = baseline.rest;
  for (const auto i : order) {
    const auto hash = content_hash(baseline.names[i], 0);
    if (made.find(hash) < made.used_)
      return fail("the baseline has the category '" + baseline.names[i] + "' twice", "", "give each category once");
    if (made.used_ == max_categories) {
      rest += baseline.counts[i];
      continue;
    }
    counts[made.used_] = baseline.counts[i];
    made.put_in(hash, baseline.names[i], 0);
  }
  counts[made.used_] = rest;
  if (std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) == 0)
    return fail("the baseline has counted nothing", "", "give the counts of categories");
  made.reference_.records = baseline.records;
  made.reference_.nulls = baseline.nulls;
  made.phase_ = watching;
  *this = made;
  return {};
}

column_verdict category_monitor::verdict(std::span<const drift_method> methods, double alpha) const {
  column_verdict made;
  if (!is_watching() || window_.records == 0)
    return made;
  judge_bins({counts_of(reference_), counts_of(window_)}, methods, alpha, made);
  judge_nulls({reference_.nulls, reference_.records}, {window_.nulls, window_.records}, methods, alpha, made);
  made.conclude(alpha);
  return made;
}

void category_monitor::next_window(const monitor_options& options) noexcept {
  if (!is_watching())
    return;
  if (options.baseline == drift_baseline::sliding && window_.records > window_.nulls)
    reference_ = window_;
  window_ = {};
}

void category_monitor::begin_windows() noexcept {
  if (phase_ == choosing)
    keep_most_frequent();
  phase_ = watching;
  reference_ = {};
  window_ = {};
}

void category_monitor::rebase() noexcept {
  reference_ = window_;
  window_ = {};
}

result<void> category_monitor::merge(const category_monitor& other) {
  if (reference_.records + other.reference_.records + window_.records + other.window_.records > most_records)
    return fail("lanes have more records together than can be counted", "", "begin the next window");
  const auto from = other; // it may be this one
  if (phase_ == choosing && from.phase_ == choosing) {
    reference_.records += from.reference_.records;
    reference_.nulls += from.reference_.nulls;
    for (std::size_t i = 0; i < from.used_; ++i) {
      const auto& more = from.names_[i];
      if (const auto at = find(more.hash); at < used_)
        names_[at].count += more.count;
      else if (used_ < max_candidates)
        put_in(more.hash, from.name(i), more.count);
    }
    return {};
  }
  if (!is_watching() || !other.is_watching())
    return fail("a column has no baseline yet", "", "merge lanes that have one");
  const auto add = [&](summary& to, const summary& more) {
    to.records += more.records;
    to.nulls += more.nulls;
    for (std::size_t i = 0; i <= from.used_; ++i)
      to.counts[i == from.used_ ? used_ : find(from.names_[i].hash)] += more.counts[i];
  };
  if (!is_of_same_baseline(from))
    add(reference_, from.reference_);
  add(window_, from.window_);
  return {};
}

bool category_monitor::is_of_same_baseline(const category_monitor& other) const noexcept {
  return used_ == other.used_ && reference_.records == other.reference_.records
         && reference_.nulls == other.reference_.nulls && reference_.counts == other.reference_.counts
         && std::equal(names_.begin(), names_.begin() + used_, other.names_.begin(),
                       [](const category& a, const category& b) { return a.hash == b.hash; });
}

bool category_monitor::summary::valid(std::size_t categories) const noexcept {
  return records <= most_records && nulls <= records
         && std::all_of(counts.begin(), counts.end(), [](auto count) { return count <= most_records; })
         && std::all_of(counts.begin() + static_cast<std::ptrdiff_t>(categories) + 1, counts.end(),
                        [](auto count) { return count == 0; });
}

void category_monitor::encode_bins(std::string& into) const {
  put(into, used_);
  for (std::size_t i = 0; i < used_; ++i) {
    put(into, names_[i].hash);
    put_text(into, name(i));
  }
}

bool category_monitor::begin_windows(byte_reader& bins) {
  auto left = bins;
  category_monitor made{};
  std::uint32_t used = 0;
  if (!left.take(used) || used > max_categories)
    return false;
  for (std::uint32_t i = 0; i < used; ++i) {
    std::uint64_t hash = 0;
    std::string text;
    if (!left.take(hash) || !left.take_text(text) || text.size() > max_name || made.find(hash) < made.used_)
      return false;
    made.put_in(hash, text, 0);
  }
  made.phase_ = watching;
  *this = made;
  bins = left;
  return true;
}

void category_monitor::encode(std::string& into) const {
  put(into, version);
  put(into, phase_);
  put(into, used_);
  for (std::size_t i = 0; i < used_; ++i) {
    put(into, names_[i].hash);
    put(into, names_[i].count);
    put_text(into, name(i));
  }
  put(into, reference_);
  put(into, window_);
}

bool category_monitor::decode(byte_reader& from) {
  auto left = from;
  category_monitor made{};
  std::uint8_t written = 0;
  std::uint32_t phase = 0, used = 0;
  if (!left.take(written) || written != version || !left.take(phase) || !left.take(used) || phase > watching
      || used > (phase == choosing ? max_candidates : max_categories))
    return false;
  made.phase_ = phase;
  for (std::uint32_t i = 0; i < used; ++i) {
    std::uint64_t hash = 0, count = 0;
    std::string text;
    if (!left.take(hash) || !left.take(count) || !left.take_text(text) || text.size() > max_name || count > most_records
        || made.find(hash) < made.used_)
      return false;
    made.put_in(hash, text, count);
  }
  if (!left.take(made.reference_) || !left.take(made.window_))
    return false;
  const auto categories = phase == choosing ? 0 : std::size_t{used};
  const auto sum = std::accumulate(made.window_.counts.begin(), made.window_.counts.end(), std::uint64_t{0});
  if (!made.reference_.valid(categories) || !made.window_.valid(categories)
      || made.window_.records != made.window_.nulls + sum || (phase != watching && made.window_.records > 0))
    return false;
  *this = made;
  from = left;
  return true;
}

} // namespace weir::core
