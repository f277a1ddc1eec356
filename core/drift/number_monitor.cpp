#include "core/drift/number_monitor.hpp"

#include "core/base/fnv1a.hpp"
#include "core/drift/distribution_steps.hpp"
#include "core/drift/kolmogorov_smirnov.hpp"
#include "core/drift/variance_ratio.hpp"
#include "core/drift/wasserstein_distance.hpp"
#include "core/drift/welch.hpp"

#include <limits>
#include <numbers>
#include <numeric>

namespace weir::core {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint64_t most_records = std::uint64_t{1} << 50;

bool is_ascending(std::span<const double> edges) {
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (!std::isfinite(edges[i]) || (i > 0 && edges[i] <= edges[i - 1]))
      return false;
  return true;
}

/// The integral of sqrt(F (1 - F)): what the Wasserstein distance is by chance grows with it.
double spread_of_steps(const quantile_view& view) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < view.values.size(); ++i) {
    const auto share = static_cast<double>(view.weights[i]) / static_cast<double>(view.count());
    sum += std::sqrt(share * (1 - share)) * (view.values[i + 1] - view.values[i]);
  }
  return sum;
}

} // namespace

void number_monitor::add_null(const monitor_options& options) noexcept {
  auto& at = is_watching() ? window_ : reference_;
  ++at.records;
  ++at.nulls;
  if (!is_watching())
    go_on(options);
}

void number_monitor::go_on(const monitor_options& options) noexcept {
  if (reference_.records == 1)
    seed_sketch(reference_, 0, options);
  const bool is_whole = reference_.records >= options.baseline_size;
  if (phase_ == choosing
      && (is_whole || (reference_.records >= options.baseline_size / 4 && reference_.moments.count > 0)))
    choose_bins(options);
  if (is_whole) {
    phase_ = watching;
    seed_sketch(window_, 1, options);
  }
}

void number_monitor::seed_sketch(summary& of, std::uint64_t part, const monitor_options& options) const noexcept {
  of.sketch.seed(mixed(options.seed * 0xd1342543de82ef95 + (2 * windows_ + part + 1) * 0x9e3779b97f4a7c15));
}

void number_monitor::choose_bins(const monitor_options& options) noexcept {
  const auto wanted = std::clamp<std::size_t>(options.bins, 2, max_bins);
  const auto& sketch = reference_.sketch;
  const auto low = sketch.min();
  const auto edge = [&](std::size_t i) {
    const auto share = static_cast<double>(i) / static_cast<double>(wanted);
    return options.binning == bin_rule::width ? std::lerp(low, sketch.max(), share) : sketch.quantile(share);
  };
  bins_ = 1;
  for (std::size_t i = 1; i < wanted; ++i) // values that repeat make fewer
    if (const auto next = edge(i); next > (bins_ == 1 ? low : edges_[bins_ - 2]))
      edges_[bins_++ - 1] = next;
  if (bins_ == 1 && reference_.moments.count > 0) {
    edges_[0] = low; // one value alone: what is below, it, and what is above
    edges_[1] = std::nextafter(low, std::numeric_limits<double>::infinity());
    bins_ = std::isfinite(edges_[1]) ? 3 : 2;
  }
  phase_ = counting;
  if (!options.has_sketch)
    reference_.sketch = {};
}

result<void> number_monitor::give(const number_baseline& baseline, const monitor_options& options) {
  const auto sum = std::accumulate(baseline.counts.begin(), baseline.counts.end(), std::uint64_t{0});
  if (baseline.counts.size() != baseline.edges.size() + 1 || baseline.edges.empty() || baseline.counts.size() > max_bins
      || !is_ascending(baseline.edges))
    return fail("the baseline's bins have no ascending edges, one fewer than counts", "",
                "give 1 to 31 edges, or take the first records as the baseline");
  if (sum == 0 || sum > most_records || baseline.records > most_records || baseline.nulls > baseline.records
      || !baseline.moments.valid())
    return fail("the baseline's counts and moments do not go together", "",
                "give counts of records, with no more nulls than records");
  number_monitor made{};
  std::copy(baseline.edges.begin(), baseline.edges.end(), made.edges_.begin());
  std::copy(baseline.counts.begin(), baseline.counts.end(), made.reference_.counts.begin());
  made.bins_ = static_cast<std::uint32_t>(baseline.counts.size());
  made.reference_.records = baseline.records;
  made.reference_.nulls = baseline.nulls;
  made.reference_.moments = baseline.moments;
  made.phase_ = watching;
  made.seed_sketch(made.window_, 1, options);
  *this = made;
  return {};
}

column_verdict number_monitor::verdict(std::span<const drift_method> methods, double alpha) const {
  column_verdict made;
  if (!is_watching() || window_.records == 0)
    return made;
  judge_bins({counts_of(reference_), counts_of(window_)}, methods, alpha, made);
  judge_sketches(reference_, window_, methods, alpha, made);
  judge_nulls({reference_.nulls, reference_.records}, {window_.nulls, window_.records}, methods, alpha, made);
  for (const auto method : methods) {
    if (method == drift_method::welch && reference_.moments.count > 1 && window_.moments.count > 1) {
      const auto told = welch(reference_.moments, window_.moments);
      made.add(method, told.statistic, told.p_value, told.cohens_d, alpha);
    } else if (method == drift_method::variance_ratio && reference_.moments.count > 1 && window_.moments.count > 1) {
      const auto told = variance_ratio(reference_.moments, window_.moments);
      made.add(method, told.statistic, told.p_value, told.statistic, alpha);
    }
  }
  made.conclude(alpha);
  return made;
}

void number_monitor::judge_sketches(const summary& reference, const summary& window,
                                    std::span<const drift_method> methods, double alpha, column_verdict& into) {
  const auto is_for_sketches = [](drift_method method) {
    return method == drift_method::kolmogorov_smirnov || method == drift_method::wasserstein_distance;
  };
  if (reference.sketch.count() == 0 || window.sketch.count() == 0
      || std::none_of(methods.begin(), methods.end(), is_for_sketches))
    return;
  const auto one = reference.sketch.view(), other = window.sketch.view();
  const auto n = static_cast<double>(one.count()), m = static_cast<double>(other.count());
  const auto error = reference.sketch.rank_error() + window.sketch.rank_error();
  for (const auto method : methods) {
    if (method == drift_method::kolmogorov_smirnov) {
      const auto distance = kolmogorov_smirnov_distance(one, other);
      constexpr double most_paths = 1e6; // a verdict takes some milliseconds at worst
      const auto p =
          kolmogorov_smirnov_p_value(std::max(0.0, distance - error), one.count(), other.count(), most_paths);
      into.add(method, distance, p, distance, alpha);
    } else if (method == drift_method::wasserstein_distance) {
      // By chance the distance is near its mean, and beyond it as a normal variable of at most the values' variance is
      // (concentration of Lipschitz functions, del Barrio, Gine and Matran 1999): so p is a bound.
      const auto deviation = std::sqrt(std::max(reference.moments.variance(), 0.0));
      const auto distance = wasserstein_distance(one, other);
      if (!(deviation > 0))
        continue;
      const auto scale = std::sqrt(1 / n + 1 / m);
      const auto spread = std::max(spread_of_steps(one), spread_of_steps(other));
      const auto by_chance = scale * std::sqrt(2 / std::numbers::pi) * spread + error * spread;
      const auto beyond = std::max(0.0, distance - by_chance) / (scale * deviation);
      into.add(method, distance / deviation, std::exp(-beyond * beyond / 2), distance / deviation, alpha);
    }
  }
}

void number_monitor::next_window(const monitor_options& options) noexcept {
  if (!is_watching())
    return;
  if (options.baseline == drift_baseline::sliding && window_.moments.count > 0)
    reference_ = window_;
  window_ = {};
  ++windows_;
  seed_sketch(window_, 1, options);
}

std::vector<std::uint64_t> number_monitor::counted_anew(const summary& of) const {
  const auto view = of.sketch.view();
  std::vector<std::uint64_t> made(bins_, 0);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < view.values.size(); ++i) {
    made[bin_of(view.values[i])] += view.weights[i] - before;
    before = view.weights[i];
  }
  return made;
}

void number_monitor::begin_windows(const monitor_options& options) noexcept {
  if (phase_ == choosing)
    choose_bins(options);
  phase_ = watching;
  reference_ = {};
  window_ = {};
  seed_sketch(window_, 1, options);
}

void number_monitor::rebase(const monitor_options& options) noexcept {
  reference_ = window_;
  window_ = {};
  ++windows_;
  seed_sketch(window_, 1, options);
}

result<void> number_monitor::merge(const number_monitor& other) {
  if (reference_.records + other.reference_.records + window_.records + other.window_.records > most_records)
    return fail("lanes have more records together than can be counted", "", "begin the next window");
  if (phase_ == choosing && other.phase_ == choosing) {
    reference_.records += other.reference_.records;
    reference_.nulls += other.reference_.nulls;
    reference_.moments.merge(other.reference_.moments);
    reference_.sketch.merge(other.reference_.sketch);
    return {};
  }
  if (!is_watching() || !other.is_watching())
    return fail("a column has no baseline yet", "", "merge lanes that have one");
  const bool is_alike = std::equal(edges().begin(), edges().end(), other.edges().begin(), other.edges().end());
  const auto has_all = [](const summary& of) { return of.sketch.count() == of.moments.count; };
  if (!is_alike && (!has_all(other.reference_) || !has_all(other.window_)))
    return fail("lanes have other bins, and no sketches to count anew by", "",
                "give all lanes one baseline, or let them keep sketches");
  const auto add = [&](summary& to, const summary& more) {
    const auto counts = is_alike ? std::vector(more.counts.begin(), more.counts.begin() + bins_) : counted_anew(more);
    for (std::size_t i = 0; i < counts.size(); ++i)
      to.counts[i] += counts[i];
    to.records += more.records;
    to.nulls += more.nulls;
    to.moments.merge(more.moments);
    to.sketch.merge(more.sketch);
  };
  const auto from = other; // it may be this one
  if (!reference_.is_same(from.reference_))
    add(reference_, from.reference_);
  add(window_, from.window_);
  return {};
}

void number_monitor::summary::encode(std::string& into) const {
  put(into, records);
  put(into, nulls);
  put(into, moments);
  for (const auto count : counts)
    put(into, count);
  sketch.encode(into);
}

bool number_monitor::summary::is_same(const summary& other) const {
  std::string one, another;
  encode(one);
  other.encode(another);
  return one == another;
}

bool number_monitor::summary::decode(byte_reader& from) {
  if (!from.take(records) || !from.take(nulls) || !from.take(moments) || !from.take(counts) || !sketch.decode(from))
    return false;
  return records <= most_records && nulls <= records && moments.valid() && moments.count <= most_records
         && std::all_of(counts.begin(), counts.end(), [](auto count) { return count <= most_records; });
}

bool number_monitor::has_baseline_of(const number_monitor& other) const {
  return std::equal(edges().begin(), edges().end(), other.edges().begin(), other.edges().end())
         && reference_.is_same(other.reference_);
}

void number_monitor::encode_bins(std::string& into) const {
  put(into, bins_);
  for (const auto edge : edges())
    put(into, edge);
}

bool number_monitor::begin_windows(byte_reader& bins, const monitor_options& options) {
  auto left = bins;
  number_monitor made{};
  if (!left.take(made.bins_) || made.bins_ == 0 || made.bins_ > max_bins)
    return false;
  for (std::size_t i = 0; i + 1 < made.bins_; ++i)
    if (!left.take(made.edges_[i]))
      return false;
  if (!is_ascending(made.edges()))
    return false;
  made.phase_ = watching;
  made.seed_sketch(made.window_, 1, options);
  *this = made;
  bins = left;
  return true;
}

void number_monitor::encode(std::string& into) const {
  put(into, version);
  put(into, phase_);
  put(into, bins_);
  put(into, windows_);
  put(into, edges_);
  reference_.encode(into);
  window_.encode(into);
}

bool number_monitor::decode(byte_reader& from) {
  auto left = from;
  number_monitor made{};
  std::uint8_t written = 0;
  if (!left.take(written) || written != version || !left.take(made.phase_) || !left.take(made.bins_)
      || !left.take(made.windows_) || !left.take(made.edges_) || made.phase_ > watching || made.bins_ > max_bins
      || (made.bins_ == 0) != (made.phase_ == choosing) || !is_ascending(made.edges()) || !made.reference_.decode(left)
      || !made.window_.decode(left))
    return false;
  const auto sum = [](const summary& of) {
    return std::accumulate(of.counts.begin(), of.counts.end(), std::uint64_t{0});
  };
  const auto has_none_behind = [&](const summary& of) {
    return std::all_of(of.counts.begin() + made.bins_, of.counts.end(), [](auto count) { return count == 0; });
  };
  const auto has_no_larger_sketch = [](const summary& of) { return of.sketch.count() <= of.moments.count; };
  if (made.window_.records != made.window_.nulls + made.window_.moments.count
      || sum(made.window_) != made.window_.moments.count || !has_none_behind(made.window_)
      || !has_none_behind(made.reference_) || !has_no_larger_sketch(made.window_)
      || !has_no_larger_sketch(made.reference_) || (made.phase_ != watching && made.window_.records > 0))
    return false;
  *this = made;
  from = left;
  return true;
}

} // namespace weir::core
