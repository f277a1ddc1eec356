#include "core/keyed/deduplicator.hpp"

#include "core/base/fingerprint.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/long_keys.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir::core {

namespace {

/// The state of a key: when the record came that was let through. 0: none did.
using passed_at = std::int64_t;

constexpr passed_at stamp(std::int64_t time) noexcept {
  return time >= 0 ? time + 1 : time;
}

constexpr std::int64_t time_of(passed_at stamp) noexcept {
  return stamp > 0 ? stamp - 1 : stamp;
}

std::string name_of(const dedupe_options& how) {
  std::string listed;
  for (const auto& name : how.names)
    listed += (listed.empty() ? "" : ", ") + name;
  return "dedupe " + listed;
}

key_table::options table_of(const dedupe_options& how, std::uint8_t tag, std::uint8_t table, std::uint64_t bytes) {
  key_table::options settings;
  settings.state_size = sizeof(passed_at);
  settings.max_keys = how.max_keys;
  settings.max_bytes = bytes;
  settings.identity = {tag, table, fingerprint(name_of(how) + "; time"), name_of(how)};
  return settings;
}

/// Writes the values of several columns as one key: numbers as they are in memory, texts behind their length.
class key_writer {
public:
  key_writer() { keys_.type = column_type::string; }

  /// Dense; null where one of the values is.
  const column& write(const batch& b, const std::vector<column_id>& by) {
    const auto size = b.raw->size();
    keys_.text.assign(size, {});
    keys_.null.assign(size, 0);
    bytes_.clear();
    ends_.clear();
    for (const auto row : b.rows) {
      for (const auto id : by)
        append(b.at(id), row);
      ends_.push_back(bytes_.size());
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      keys_.text[b.rows[i]] = std::string_view{bytes_}.substr(begin, ends_[i] - begin);
      begin = ends_[i];
    }
    return keys_;
  }

private:
  void append(const column& from, row_index row) {
    if (from.is_null(row)) {
      keys_.null[row] = 1;
    } else if (from.type == column_type::string) {
      append_number(static_cast<std::int64_t>(from.text[row].size()));
      bytes_ += from.text[row];
    } else if (from.type == column_type::float64) {
      append_number(std::bit_cast<std::int64_t>(from.f64[row] + 0.0)); // -0 is 0
    } else {
      append_number(from.i64[row]);
    }
  }
  void append_number(std::int64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }

  column keys_;
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

class deduplicator final : public ordered_operator {
public:
  deduplicator(const dedupe_options& how, std::uint8_t tag, std::uint8_t table, std::uint64_t bytes) :
      how_{how}, name_{name_of(how)}, tag_{tag}, table_{table}, seen_{table_of(how, tag, table, bytes)} {}

  void process(batch& b) override {
    for (std::size_t i = 0; i < how_.by.size(); ++i)
      reject_long_keys(b, how_.by[i], how_.names[i]);
    const bool is_key = how_.by.size() == 1 && b.at(how_.by.front()).type != column_type::float64;
    const auto& keys = is_key ? b.at(how_.by.front()) : written_.write(b, how_.by);
    reject_long_keys(b, keys, "the key of '" + name_ + "'");
    times_.resize(b.rows.size());
    states_.resize(b.rows.size());
    read_times(b, how_.time, b.rows, times_.data());

    const std::span<const row_index> all{b.rows};
    auto kept = b.rows.begin();
    for (std::size_t done = 0; done < all.size();) {
      const auto count = seen_.find_or_insert(keys, all.subspan(done), states_.data());
      for (std::size_t i = 0; i < count; ++i) {
        const auto row = all[done + i];
        if (keys.is_null(row) || !is_repeat(states_[i], times_[done + i]))
          *kept++ = row;
      }
      done += count;
    }
    const auto repeats = static_cast<std::uint32_t>(b.rows.end() - kept);
    b.rows.erase(kept, b.rows.end());
    b.filtered += repeats;
    repeats_ += repeats;
  }

  std::uint8_t tag() const noexcept override { return tag_; }
  bool owns(std::string_view key) const noexcept override {
    return ordered_operator::owns(key) && key.size() > 1 && static_cast<std::uint8_t>(key[1]) == table_;
  }
  void collect_changes(record_block& into) override { seen_.collect_changes(into); }
  result<void> restore(std::string_view key, const std::string_view* value) override {
    return seen_.restore(key, value);
  }
  std::string describe(std::string_view) const override { return "the state of '" + name_ + "'"; }
  operator_counts counts() const noexcept override {
    return {.keys = seen_.size(), .evictions = seen_.evictions(), .bytes = seen_.bytes(), .duplicates = repeats_};
  }

private:
  /// Notes the time of one that is none.
  bool is_repeat(std::byte* state, std::int64_t time) const noexcept {
    passed_at passed = 0;
    std::memcpy(&passed, state, sizeof passed);
    if (how_.within_ms == 0) {
      if (passed != 0)
        return true;
      passed = stamp(0);
    } else {
      if (time == keyed_rows::no_time)
        return false;
      // Both times are far from the ends of their type (event_time_limit).
      if (passed != 0 && std::abs(time - time_of(passed)) < how_.within_ms)
        return true;
      passed = passed == 0 ? stamp(time) : std::max(passed, stamp(time));
    }
    std::memcpy(state, &passed, sizeof passed);
    return false;
  }

  dedupe_options how_;
  std::string name_;
  std::uint8_t tag_;
  std::uint8_t table_;
  key_table seen_;
  key_writer written_;
  std::vector<std::int64_t> times_;
  std::vector<std::byte*> states_;
  std::uint64_t repeats_ = 0;
};

} // namespace

std::shared_ptr<ordered_operator> make_deduplicator(const dedupe_options& how, std::uint8_t tag, std::uint8_t table,
                                                    std::uint64_t bytes) {
  return std::make_shared<deduplicator>(how, tag, table, bytes);
}

state_need deduplicator_need(const dedupe_options& how) {
  const auto of_one = key_table::bytes_per_key(sizeof(passed_at)) + max_key_bytes;
  return {name_of(how), of_one, how.max_keys * of_one};
}

} // namespace weir::core
