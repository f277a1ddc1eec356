#pragma once

#include "core/detect/tail_estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace weir::core {

/// How bad an anomaly is: by how rare its score is, and not by the score.
enum class severity : std::uint8_t { none, low, medium, high, critical };

/// `low`, ...; nothing of none.
std::string_view to_string(severity s) noexcept;

struct verdict_options {
  std::optional<double> threshold{}; ///< a score beyond it is an anomaly; absent: one that is rare enough
  double false_alarm_rate = 1e-5;    ///< how rare, without a threshold: a share of the records
  double clear_below = 1;            ///< an anomaly lasts until the score is below so many times what began it
  std::int64_t suppress_ms = 0;      ///< behind an anomaly no other is said for so long, in event time
  bool tells_probability = false;    ///< with a threshold too
  tail_prior prior{};
};

/// What is said of one record.
struct verdict {
  bool is_anomalous = false;
  double probability = std::numeric_limits<double>::quiet_NaN(); ///< of such a score; NaN: not known
};

/// The probability on a scale of 0 to 1: 0.1 for each power of ten. NaN stays NaN.
double anomaly_score_of(double probability) noexcept;

/// critical below 1e-10, high below 1e-8, medium below 1e-6; none of NaN.
severity severity_of(double probability) noexcept;

/// Makes verdicts of scores, with a memory of its own in flat state, all zero bytes at first. Immutable.
class verdict_rule {
public:
  explicit verdict_rule(const verdict_options& options) noexcept;

  /// A multiple of 8; 0: verdicts need no memory.
  std::size_t state_size() const noexcept {
    return (has_tail_ ? sizeof(tail_estimate) : 0) + (has_past_ ? sizeof(past) : 0);
  }
  bool has_tail() const noexcept { return has_tail_; }
  bool uses_time() const noexcept { return options_.suppress_ms > 0; }
  bool valid(const std::byte* state) const noexcept;

  /// Whether all strangeness up to this is the same to say(). @pre has_tail()
  bool is_ordinary(const std::byte* state, double strangeness) const noexcept {
    return is_by_rate_alone_ && reinterpret_cast<const tail_estimate*>(state)->is_ordinary(strangeness);
  }

  /// @param score compared with the threshold
  /// @param strangeness finite and not negative: the score on the scale whose tail is learned; not looked at without
  ///   has_tail()
  /// @param time event time in ms; INT64_MIN: not known
  verdict say(std::byte* state, double score, double strangeness, std::int64_t time) const noexcept {
    if (!is_by_rate_alone_)
      return say_all(state, score, strangeness, time);
    auto& tail = *reinterpret_cast<tail_estimate*>(state);
    verdict said;
    if (tail.is_ready(options_.prior))
      said.is_anomalous = tail.is_rarer(strangeness, options_.false_alarm_rate, options_.prior);
    tail.add(strangeness, options_.prior);
    return said;
  }

private:
  struct past {
    std::int64_t quiet_until; ///< ms; 0: nothing was said
    std::uint64_t is_anomalous;
  };

  verdict say_all(std::byte* state, double score, double strangeness, std::int64_t time) const noexcept;

  verdict_options options_;
  double rate_to_clear_ = 0;
  bool has_tail_ = false;
  bool has_past_ = false;
  bool is_by_rate_alone_ = false; ///< nothing else is asked for
};

} // namespace weir::core
