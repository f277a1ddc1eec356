#pragma once

#include "core/keyed/paged_operator.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace weir::core::test {

/// The smallest step with paged state that uses all of it: for each key the set of values that it has had, sorted,
/// which is forgotten when it has `most`; for the lane how often each of 600 remainders came. It adds an int column
/// with 1,000,000 * (values of the key) + (how often the lane has seen the value's remainder).
class distinct_values final : public paged_operator {
public:
  struct options {
    column_id of = 0; ///< of doubles
    column_id by = 0;
    column_id as = 0;
    std::size_t most = 300; ///< values of a key
    std::size_t max_keys = 1000;
    std::size_t max_bytes = SIZE_MAX; ///< of the keys
    std::size_t max_lane_bytes = SIZE_MAX;
    std::uint8_t tag = 5;
    std::uint8_t first_table = 0;
    std::string name = "distinct";
  };

  explicit distinct_values(options how) : paged_operator{tables_of(how)}, how_{std::move(how)} {}

  void process(batch& b) override {
    reject_long_keys(b, how_.by, "key");
    b.columns.resize(std::max<std::size_t>(b.columns.size(), how_.as + 1));
    auto made = std::make_shared<column>();
    made->type = column_type::int64;
    made->i64.resize(b.raw->size());
    for (const auto row : b.rows)
      if (!process_row(b, row, made->i64[row]))
        return;
    b.columns[how_.as] = std::move(made);
  }

private:
  static constexpr std::size_t remainders = 600;

  static std::vector<paged_table::options> tables_of(const options& how) {
    paged_table::options keys;
    keys.max_keys = how.max_keys;
    keys.max_bytes = how.max_bytes;
    keys.identity = {how.tag, how.first_table, 1, how.name};
    keys.valid = [](std::span<const std::byte> bytes) { return bytes.size() % sizeof(double) == 0; };
    paged_table::options lane;
    lane.max_keys = 1;
    lane.max_bytes = how.max_lane_bytes;
    lane.identity = {how.tag, static_cast<std::uint8_t>(how.first_table + 1), 2, how.name};
    lane.valid = [](std::span<const std::byte> bytes) { return bytes.size() == remainders * sizeof(std::int64_t); };
    return {keys, lane};
  }

  bool process_row(const batch& b, row_index row, std::int64_t& into) {
    const auto value = b.at(how_.of).f64[row];
    auto& lane = table(1).find_or_insert(std::nullopt);
    if (lane.empty() && !grow(1, lane, remainders * sizeof(std::int64_t)))
      return false;
    const auto at = static_cast<std::size_t>(static_cast<std::int64_t>(value) % static_cast<std::int64_t>(remainders))
                    * sizeof(std::int64_t);
    std::int64_t count = 0;
    std::memcpy(&count, lane.bytes().data() + at, sizeof count);
    ++count;
    lane.write(at, std::as_bytes(std::span{&count, 1}));

    auto& blob = table(0).find_or_insert(b.at(how_.by), row);
    std::vector<double> values(blob.size() / sizeof(double));
    std::memcpy(values.data(), blob.bytes().data(), blob.size());
    const auto place = std::lower_bound(values.begin(), values.end(), value);
    if (place == values.end() || *place != value) {
      const auto first = static_cast<std::size_t>(place - values.begin());
      values.insert(place, value);
      if (values.size() > how_.most)
        values.assign(1, value);
      if (!grow(0, blob, values.size() * sizeof(double)))
        return false;
      const auto from = values.size() == 1 ? 0 : first;
      blob.write(from * sizeof(double), std::as_bytes(std::span{values}.subspan(from)));
    }
    into = 1'000'000 * static_cast<std::int64_t>(values.size()) + count;
    return true;
  }

  options how_;
};

} // namespace weir::core::test
