#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// What generated transactions look like. Rates are shares of all records, from 0 to 1.
struct transaction_options {
  std::uint64_t seed = 1;
  std::uint32_t customers = 10'000;
  double anomalies = 0.005; ///< amounts of 4 to 12 times the customer's own mean
  double missing_amount = 0.001;
  double missing_other = 0.001;           ///< Age, Location or Device is missing
  double duplicates = 0.001;              ///< an earlier record, once more
  double malformed = 0;                   ///< not JSON at all; NDJSON only
  std::int64_t start = 1'767'225'600'000; ///< of the first record, milliseconds since the epoch (2026-01-01T00:00:00Z)
  std::int64_t interval = 20;             ///< milliseconds between records
  bool label = false;                     ///< adds the column `is_anomaly` (0 or 1)
};

/// One transaction. Texts point to constants; nothing is missing unless it is an empty optional.
struct transaction {
  std::uint32_t customer = 0;        ///< `C` and six digits
  std::int64_t time = 0;             ///< milliseconds since the epoch
  std::optional<std::int64_t> cents; ///< Amount
  std::optional<std::uint32_t> age;
  std::string_view gender;
  std::string_view type;
  std::optional<std::string_view> location;
  std::optional<std::string_view> device;
  bool anomaly = false;
  bool malformed = false;
};

/// An endless stream of bank transactions: each customer has an age and a mean amount of their own. The same options
/// give the same stream on every machine. Not thread-safe.
class transaction_generator {
public:
  explicit transaction_generator(const transaction_options& options);

  const transaction& next();

  static constexpr std::size_t key_size = 7;

  /// The record's key: its CustomerID.
  static std::array<char, key_size> key_of(const transaction& t) noexcept;

  /// Appends the record as one JSON object, or a broken one if it is `malformed`; without a line end.
  void append_json(const transaction& t, std::string& out) const;

  /// Appends the record as one row of RFC 4180 in the order of csv_header(); without a line end.
  void append_csv(const transaction& t, std::string& out) const;

  std::string_view csv_header() const noexcept;

private:
  struct customer {
    std::uint32_t age = 0;
    double mean = 0;      ///< of the amounts, in cents
    double deviation = 0; ///< of the amounts, in cents
    std::uint8_t gender = 0;
  };

  std::uint64_t bits() noexcept;
  double uniform() noexcept;
  std::uint32_t below(std::uint32_t bound) noexcept;
  bool happens(double rate) noexcept { return rate > 0 && uniform() < rate; }
  std::int64_t amount_of(const customer& c, bool anomaly) noexcept;

  static constexpr std::size_t remembered = 64; ///< how far back a duplicate may lie, in records

  transaction_options options_;
  std::uint64_t state_;
  std::uint64_t count_ = 0;
  std::vector<customer> customers_;
  std::array<transaction, remembered> recent_{};
};

} // namespace weir::cli
