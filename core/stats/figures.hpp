#pragma once

#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

// Every figure of a lane and of a node: how it is called, what it means, where it is shown and how it is read.
// Prometheus' text, the JSON of the stats, the report between nodes and `weir status` loop over these tables. A new
// figure is a line here, a member of lane_stats, and the place that counts it.

namespace weir::core {

enum class figure_kind : std::uint8_t { counter, gauge, histogram };
enum class figure_unit : std::uint8_t {
  records,
  bytes,
  batches,
  alerts,
  keys,
  lanes,
  offset,
  milliseconds,
  seconds,
  truth,
  none
};

/// What is said of a figure, for people.
struct figure {
  std::string_view name;   ///< in JSON and in code; empty: only Prometheus has it
  std::string_view metric; ///< in Prometheus, which takes milliseconds as seconds; empty: not there
  std::string_view help;   ///< a sentence
  figure_kind kind = figure_kind::gauge;
  figure_unit unit = figure_unit::none;
};

/// A lane at one moment: where its figures are read.
struct lane_moment {
  ledger_snapshot ledger; ///< of one instant; the rest may be some batches apart
  const lane_stats& stats;
  bool active = false; ///< the lane runs on this node now
};

/// Where a figure of a lane goes, beside Prometheus. Those of the cluster travel in the report between nodes.
namespace figure_place {
inline constexpr std::uint8_t lanes = 1;   ///< /api/v1/lanes
inline constexpr std::uint8_t cluster = 2; ///< /api/v1/cluster
inline constexpr std::uint8_t totals = 4;  ///< /api/v1/stats: the sum over the lanes, of absolute values
inline constexpr std::uint8_t all = lanes | cluster | totals;
} // namespace figure_place

struct lane_figure : figure {
  std::uint8_t places = 0; ///< of figure_place
  std::int64_t (*read)(const lane_moment&) = nullptr;
  bool may_be_unknown = false; ///< lane_stats::unknown is no value: null in JSON, left out in Prometheus
  std::string_view heading{};  ///< of its column of `weir status`; empty: none. To have one it goes to the cluster
  int width = 0;               ///< of the column

  constexpr bool is_known(std::int64_t value) const noexcept { return !may_be_unknown || value != lane_stats::unknown; }

  // For the table:
  consteval lane_figure unknown_at_first() const {
    auto changed = *this;
    changed.may_be_unknown = true;
    return changed;
  }
  consteval lane_figure column(std::string_view title, int characters) const {
    auto changed = *this;
    changed.heading = title;
    changed.width = characters;
    return changed;
  }
};

namespace detail {

template <auto Member>
std::int64_t of_ledger(const lane_moment& lane) {
  return static_cast<std::int64_t>(lane.ledger.*Member);
}
template <auto Member>
std::int64_t of_stats(const lane_moment& lane) {
  return static_cast<std::int64_t>((lane.stats.*Member).load(std::memory_order_relaxed));
}
/// 0 for a lane that is elsewhere.
template <auto Member>
std::int64_t while_active(const lane_moment& lane) {
  return lane.active ? of_stats<Member>(lane) : 0;
}

consteval lane_figure entry(std::string_view name, std::string_view metric, std::string_view help, figure_kind kind,
                            figure_unit unit, std::uint8_t places, std::int64_t (*read)(const lane_moment&)) {
  lane_figure made;
  static_cast<figure&>(made) = {name, metric, help, kind, unit};
  made.places = places;
  made.read = read;
  return made;
}

using enum figure_kind;
using unit = figure_unit;
namespace to = figure_place;
using counts = ledger_snapshot;
using stats = lane_stats;

inline std::int64_t imbalance_of(const lane_moment& lane) {
  return lane.ledger.imbalance();
}
/// Of a lane that is elsewhere the node there knows it.
inline std::int64_t lag_of(const lane_moment& lane) {
  return lane.active ? lane.stats.lag() : stats::unknown;
}
inline std::int64_t activity_of(const lane_moment& lane) {
  return lane.active ? 1 : 0;
}

template <std::size_t Reason>
std::int64_t dead_letters_by(const lane_moment& lane) {
  return static_cast<std::int64_t>(lane.stats.dead_by[Reason].load(std::memory_order_relaxed));
}

/// One for each reason of dead letters; Prometheus has them as one metric with labels.
template <std::size_t... Reason>
consteval auto dead_letter_figures(std::index_sequence<Reason...>) {
  return std::array{entry(dead_letter_reason_table[Reason].figure, "", "Dead letters of this reason, committed.",
                          counter, unit::records, to::all, dead_letters_by<Reason>)...};
}

template <std::size_t First, std::size_t Second>
consteval auto joined(const std::array<lane_figure, First>& first, const std::array<lane_figure, Second>& second) {
  std::array<lane_figure, First + Second> out;
  std::ranges::copy(second, std::ranges::copy(first, out.begin()).out);
  return out;
}

// What goes back to the last commit after an abort (received, in flight) may fall: Prometheus takes that for a restart.
inline constexpr auto plain_lane_figures = std::to_array<lane_figure>({
    entry("received", "weir_records_received_total", "Records read from the source.", counter, unit::records, to::all,
          of_ledger<&counts::received>)
        .column("received", 13),
    entry("emitted", "weir_records_emitted_total", "Records written to the sinks and committed.", counter,
          unit::records, to::all, of_ledger<&counts::emitted>)
        .column("emitted", 13),
    entry("filtered", "weir_records_filtered_total", "Records that a filter let go, committed.", counter, unit::records,
          to::all, of_ledger<&counts::filtered>)
        .column("filtered", 11),
    entry("dead_lettered", "weir_records_dead_lettered_total", "Records that ended in the dead letters, committed.",
          counter, unit::records, to::all, of_ledger<&counts::dead_lettered>)
        .column("dead", 9),
    entry("in_flight", "weir_records_in_flight", "Records that were received and are not committed.", gauge,
          unit::records, to::all, of_ledger<&counts::in_flight>)
        .column("in flight", 10),
    entry("windowed", "weir_records_windowed_total", "Records that a window took to make others of them, committed.",
          counter, unit::records, to::all, of_ledger<&counts::windowed>),
    entry("made", "weir_records_made_total", "Records that windows made, committed.", counter, unit::records, to::all,
          of_ledger<&counts::made>),
    entry("imbalance", "weir_ledger_imbalance_records",
          "Records that the ledger cannot account for; other than 0 is an error.", gauge, unit::records, to::all,
          imbalance_of),
    entry("lag", "weir_lag_records",
          "Records of the partition that have not been read; absent while the broker does not say.", gauge,
          unit::records, to::all, lag_of)
        .unknown_at_first()
        .column("lag", 11),
    entry("last_offset", "weir_last_offset", "Offset of the last record that was read.", gauge, unit::offset, to::lanes,
          of_stats<&stats::last_offset>)
        .unknown_at_first(),
    entry("committed", "weir_committed_offset", "Where the lane would read on after a restart.", gauge, unit::offset,
          to::lanes, of_stats<&stats::committed>)
        .unknown_at_first(),
    entry("high_watermark", "", "End of the partition.", gauge, unit::offset, to::lanes,
          of_stats<&stats::high_watermark>)
        .unknown_at_first(),
    entry("last_timestamp_ms", "weir_last_record_timestamp_seconds",
          "Time of the last record that left, as its source gives it.", gauge, unit::milliseconds, to::lanes,
          of_stats<&stats::last_timestamp>)
        .unknown_at_first(),
    entry("last_progress_ms", "weir_last_progress_timestamp_seconds", "When a batch last left the lane.", gauge,
          unit::milliseconds, to::lanes, of_stats<&stats::last_progress>)
        .unknown_at_first(),
    entry("model_choice", "weir_model_choice",
          "Number of the choice of models that what is read is scored with; 0: those of the pipeline file.", gauge,
          unit::none, to::lanes | to::cluster, of_stats<&stats::model_choice>),
    entry("model_choice_from", "", "Offset of the first record that they score.", gauge, unit::offset,
          to::lanes | to::cluster, of_stats<&stats::model_choice_from>)
        .unknown_at_first(),
    entry("bytes", "weir_received_bytes_total", "Bytes of the values that were read.", counter, unit::bytes, to::lanes,
          of_stats<&stats::bytes>),
    entry("batches", "weir_batches_total", "Batches that were read.", counter, unit::batches, to::lanes,
          of_stats<&stats::batches>),
    entry("bytes_out", "weir_emitted_bytes_total", "Bytes of values and keys handed to the sinks.", counter,
          unit::bytes, to::lanes, of_stats<&stats::bytes_out>),
    entry("alerts", "weir_alerts_total", "Alerts of rules over records.", counter, unit::alerts, to::all,
          of_stats<&stats::alerts>),
    entry("bytes_in_flight", "", "Bytes that count against the lane's credit.", gauge, unit::bytes, to::cluster,
          while_active<&stats::bytes_in_flight>),
    entry("keys", "weir_keys", "Keys that windows and detectors remember.", gauge, unit::keys, to::lanes,
          of_stats<&stats::keys>),
    entry("evictions", "weir_key_evictions_total",
          "Keys and firing alerts that went because max_keys or the lane's share of state.memory_limit was reached.",
          counter, unit::keys, to::lanes, of_stats<&stats::evictions>),
    entry("lost", "weir_lost_records_total",
          "Offsets that retention had removed before they were read (accept_data_loss).", counter, unit::records,
          to::all, of_stats<&stats::lost>),
    entry("late", "weir_late_records_total", "Records too late for an event-time window.", counter, unit::records,
          to::lanes, of_stats<&stats::late>),
    entry("ahead", "weir_ahead_records_total",
          "Records whose time is too far in the future for an event-time window (max_ahead).", counter, unit::records,
          to::lanes, of_stats<&stats::ahead>),
    entry("state_bytes", "weir_state_bytes", "Bytes of what windows, detectors, alert rules and other steps remember.",
          gauge, unit::bytes, to::lanes, of_stats<&stats::state_bytes>),
    entry("learned", "weir_learned_records_total",
          "Records that models have learned from, counted for each model that learns on.", counter, unit::records,
          to::lanes, of_stats<&stats::learned>),
    entry(
        "not_learned", "weir_not_learned_records_total",
        "Records that a model could not learn from: a weight would not have been finite, or a class was one too many.",
        counter, unit::records, to::lanes, of_stats<&stats::not_learned>),
    entry("unlearned", "weir_unlearned_records_total",
          "Old rows of updates and deletes that models have un-learned, counted for each model.", counter,
          unit::records, to::lanes, of_stats<&stats::unlearned>),
    entry("not_unlearned", "weir_not_unlearned_records_total",
          "Old rows of updates and deletes that a model could not un-learn: it had not learned them, or too little "
          "would have been left.",
          counter, unit::records, to::lanes, of_stats<&stats::not_unlearned>),
    entry("repeats", "weir_repeated_changes_total",
          "Change events that were let go because they had come before; filtered has them too.", counter, unit::records,
          to::lanes, of_stats<&stats::repeats>),
    entry("labels", "weir_labels_total", "Records that were read from the topic of labels.", counter, unit::records,
          to::lanes, of_stats<&stats::labels>),
    entry("duplicates", "weir_duplicate_records_total",
          "Records that `dedupe` let go because their key had come before; filtered has them too.", counter,
          unit::records, to::lanes, of_stats<&stats::duplicates>),
    entry("", "weir_lane_active", "Whether the lane runs on this node.", gauge, unit::truth, 0, activity_of),
});

inline constexpr auto lane_figure_table =
    joined(plain_lane_figures, dead_letter_figures(std::make_index_sequence<dead_letter_reasons_count>{}));

} // namespace detail

constexpr std::span<const lane_figure> lane_figures() noexcept {
  return detail::lane_figure_table;
}

/// The index of a figure in lane_figures(), by its name; does not compile for a name that there is not.
class lane_figure_name {
public:
  consteval lane_figure_name(const char* name) :
      index_{static_cast<std::size_t>(
          std::ranges::find(detail::lane_figure_table, std::string_view{name}, &lane_figure::name)
          - detail::lane_figure_table.begin())} {
    if (index_ == detail::lane_figure_table.size())
      throw "there is no figure of this name";
  }
  constexpr std::size_t index() const noexcept { return index_; }

private:
  std::size_t index_;
};

/// One value for each of lane_figures(): `values["lag"]`.
struct lane_values {
  std::array<std::int64_t, detail::lane_figure_table.size()> by_index{};

  constexpr std::int64_t& operator[](lane_figure_name name) noexcept { return by_index[name.index()]; }
  constexpr std::int64_t operator[](lane_figure_name name) const noexcept { return by_index[name.index()]; }

  bool operator==(const lane_values&) const = default;
};

/// Dead letters by their reasons.
dead_letter_counts dead_letters_by_reason(const lane_values& of) noexcept;

/// All figures of a lane as of now.
lane_values read_figures(const lane_moment& lane);

} // namespace weir::core
