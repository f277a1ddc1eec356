#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <string>

namespace weir::cli {

/// An answer of Kafka that a short time cures: the broker has just started, a partition has just been made or moved.
bool is_transient(rd_kafka_resp_err_t error) noexcept;

/// Bears transient answers until a bound, and says once on stderr that it waits. Pure but for that line: the caller
/// says what time it is, and sleeps.
class kafka_patience {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds bound{30};
  static constexpr std::chrono::seconds silent{2}; ///< a wait so short is not worth a line

  /// @param what is waited for: `topic 'scored'`
  explicit kafka_patience(std::string what) : what_{std::move(what)} {}

  /// Takes a failure of `now`. @returns true when it is worth another try.
  bool bears(rd_kafka_resp_err_t error, clock::time_point now);

  /// There was a good answer: the next failure has the whole bound again.
  void end_wait() noexcept { waits_ = false; }

  /// A wait that has lasted longer than the bound.
  bool is_over(clock::time_point now) const noexcept { return waits_ && now - since_ >= bound; }

  /// The failure that is waited for, in words.
  const char* reason() const noexcept { return rd_kafka_err2str(last_); }

private:
  std::string what_;
  clock::time_point since_{};
  rd_kafka_resp_err_t last_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  bool waits_ = false;
  bool said_ = false;
};

} // namespace weir::cli
