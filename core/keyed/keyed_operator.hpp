#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace weir::core {

enum class severity : std::uint8_t;

/// Some consecutive records of one partition, as a keyed operator sees them: everything has one entry a record.
/// A value is NaN where the column is null; operators treat what is not finite as missing.
struct keyed_rows {
  std::size_t size = 0;
  std::span<const double* const> values; ///< one array for each input column
  const std::int64_t* times = nullptr;   ///< event time in ms; `no_time` where null; only if uses_time()
  std::byte* const* states = nullptr;    ///< the state of the record's key
  std::size_t state_offset = 0;          ///< of the operator's part in it
  std::int64_t now = 0;                  ///< the wall clock, ms since the epoch

  static constexpr std::int64_t no_time = INT64_MIN;

  template <class State>
  State& state(std::size_t i) const noexcept {
    return *reinterpret_cast<State*>(states[i] + state_offset);
  }
};

/// What a keyed operator says, one entry a record.
struct keyed_results {
  double* value = nullptr;         ///< the statistic or the score; NaN becomes null
  std::uint8_t* flag = nullptr;    ///< detectors only: one of the three below
  double* anomaly_score = nullptr; ///< detectors only, null: not asked for; NaN becomes null
  severity* severities = nullptr;  ///< of detectors, likewise; none in the beginning, which becomes null
  std::string* reasons = nullptr;  ///< likewise; empty in the beginning, which becomes null
  std::uint64_t late = 0;          ///< to be increased for each record that came too late for its window
  std::uint64_t ahead = 0;         ///< to be increased for each record whose time is too far in the future

  static constexpr std::uint8_t normal = 0;
  static constexpr std::uint8_t anomalous = 1;
  static constexpr std::uint8_t unknown = 2; ///< becomes null
};

/// A statistic or a detector over the records of a key, in order. It holds settings only and is shared by all lanes;
/// what it remembers stands in flat state of fixed size for each key, all zero bytes in the beginning, which is copied
/// as bytes to the changelog and back: no pointers in it.
class keyed_operator {
public:
  virtual ~keyed_operator() = default;

  /// Bytes for each key, a multiple of 8; 0 for one that remembers nothing.
  virtual std::size_t state_size() const noexcept = 0;

  /// All settings that the meaning of the state depends on, as text: state of another layout is not restored.
  virtual std::string state_layout() const = 0;

  /// Whether these bytes can be a state that process() left. Asked of state that is read back, which is not trusted:
  /// what process() takes for an index, a count of entries or a time must be in range. Numbers that it only calculates
  /// with need no check. @param state state_size() bytes, aligned to 8
  virtual bool valid(const std::byte* state) const noexcept = 0;

  virtual bool uses_time() const noexcept { return false; }

  /// Called with one or more parts of each batch, in order.
  virtual void process(const keyed_rows& rows, keyed_results& into) const = 0;
};

using keyed_operator_ptr = std::shared_ptr<const keyed_operator>;

} // namespace weir::core
