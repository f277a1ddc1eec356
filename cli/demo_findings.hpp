#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace weir::cli {

/// A transaction as the demo's pipeline wrote it.
struct scored_transaction {
  std::string customer;
  double amount = 0;
  double rolling_mean = 0;
  double risk = 0;
  double z = 0;
  bool anomaly = false;  ///< what the detector says
  bool labelled = false; ///< what the generator knows
};

/// How well something that flags transactions agrees with the labels.
struct agreement {
  std::uint64_t flagged = 0;
  std::uint64_t right = 0; ///< flagged and labelled

  void count(bool flag, bool label) noexcept {
    flagged += flag;
    right += flag && label;
  }
  /// Of the flagged, the share that is labelled; 0 when nothing is flagged.
  double precision() const noexcept {
    return flagged == 0 ? 0 : static_cast<double>(right) / static_cast<double>(flagged);
  }
  /// Of the labelled, the share that is flagged; 0 when nothing is labelled.
  double recall(std::uint64_t labelled) const noexcept {
    return labelled == 0 ? 0 : static_cast<double>(right) / static_cast<double>(labelled);
  }
};

/// What the outputs of a demo say.
struct demo_findings {
  static constexpr double risky = 0.5;    ///< a risk above this counts as flagged
  static constexpr std::size_t shown = 3; ///< examples of a kind

  std::uint64_t records = 0;
  std::uint64_t labelled = 0;
  agreement by_zscore;
  agreement by_risk;
  agreement by_both;
  std::deque<scored_transaction> ordinary; ///< the last ones, when each customer is well known
  std::deque<scored_transaction> odd;      ///< the last labelled ones

  std::uint64_t alerts = 0; ///< that began
  std::uint64_t resolved = 0;
  std::vector<std::string> summaries;                ///< of the first alerts
  std::map<std::string, std::uint64_t> dead_letters; ///< by stage and reason, where the file says them
};

/// Reads them back. A record that is not as the pipeline writes it is an error with file and line. A file that is not
/// there counts as empty, but for the first.
core::result<demo_findings> read_findings(const std::string& scored, const std::string& alerts,
                                          const std::string& dead_letters);

} // namespace weir::cli
