#include "core/base/fnv1a.hpp"
#include "core/drift/quantile_sketch.hpp"
#include "core/keyed/moments.hpp"
#include "core/window/distinct_sketch.hpp"
#include "core/window/window_statistic.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace weir::core {

namespace {

template <class State>
const State& as(const std::byte* bytes) noexcept {
  return *reinterpret_cast<const State*>(bytes);
}

double number_of(const column& of, row_index row) noexcept {
  return of.type == column_type::float64 ? of.f64[row] : static_cast<double>(of.i64[row]);
}

/// A statistic whose state is a `State`, which merges and is valid by members of its own.
template <class State>
class statistic_of : public window_statistic {
  static_assert(std::is_trivially_copyable_v<State> && sizeof(State) % 8 == 0);

public:
  std::size_t state_size() const noexcept override { return sizeof(State); }
  bool valid(const std::byte* state) const noexcept override { return as<State>(state).valid(); }
  void merge(std::byte* into, const std::byte* other) const noexcept override {
    reinterpret_cast<State*>(into)->merge(as<State>(other));
  }
};

/// One that numbers enter, each by `add`, and that says a number.
template <class State>
class statistic_of_numbers : public statistic_of<State> {
public:
  column_type type() const noexcept override { return column_type::float64; }
  void add(const column* of, const window_rows& in) const override {
    for (std::size_t i = 0; i < in.rows.size(); ++i)
      if (!of->is_null(in.rows[i]))
        in.template state<State>(i).add(number_of(*of, in.rows[i]));
  }
};

// --- counts and sums ---

struct counted {
  std::uint64_t count;
  void merge(const counted& other) noexcept { count += other.count; }
  bool valid() const noexcept { return count < std::uint64_t{1} << 62; }
};

class count final : public statistic_of<counted> {
public:
  column_type type() const noexcept override { return column_type::int64; }
  void add(const column* of, const window_rows& in) const override {
    for (std::size_t i = 0; i < in.rows.size(); ++i)
      in.state<counted>(i).count += of == nullptr || !of->is_null(in.rows[i]) ? 1 : 0;
  }
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    into.i64()[row] = static_cast<std::int64_t>(as<counted>(state).count);
  }
};

/// A sum with what its rounding has lost (Neumaier 1974).
struct exact_sum {
  double sum;
  double lost;
  std::uint64_t count;

  void add(double x) noexcept {
    const auto next = sum + x;
    lost += std::abs(sum) >= std::abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
    ++count;
  }
  void merge(const exact_sum& other) noexcept {
    const auto all = count + other.count;
    add(other.sum);
    lost += other.lost;
    count = all;
  }
  bool valid() const noexcept { return count < std::uint64_t{1} << 62; }
  double value() const noexcept { return std::isfinite(lost) ? sum + lost : sum; }
};

class sum final : public statistic_of_numbers<exact_sum> {
public:
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    if (as<exact_sum>(state).count == 0)
      return into.set_null(row);
    into.f64()[row] = as<exact_sum>(state).value();
  }
};

struct valid_moments : moments {
  bool valid() const noexcept { return count < std::uint64_t{1} << 62; }
};

using read_moments = double (*)(const moments&);

/// @tparam Read of moments that are not empty
template <read_moments Read>
class of_moments final : public statistic_of_numbers<valid_moments> {
public:
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    if (as<moments>(state).count == 0)
      return into.set_null(row);
    into.f64()[row] = Read(as<moments>(state));
  }
};

double mean_of(const moments& of) {
  return of.mean;
}
double min_of(const moments& of) {
  return of.min;
}
double max_of(const moments& of) {
  return of.max;
}
double stddev_of(const moments& of) {
  return of.stddev();
}

// --- first and last ---

/// A value and when it came.
struct timed_number {
  std::uint64_t is_there;
  std::int64_t time;
  std::uint64_t bits;

  bool valid() const noexcept { return is_there <= 1; }
};

struct timed_text {
  std::uint64_t is_there;
  std::int64_t time;
  std::uint64_t size;
  std::array<char, longest_kept_text> bytes;

  bool valid() const noexcept { return is_there <= 1 && size <= longest_kept_text; }
};

/// Of two values at one time, the first that came is the first, and the last that came the last.
template <bool Last>
bool replaces(const auto& kept, std::int64_t time) noexcept {
  return kept.is_there == 0 || (Last ? time >= kept.time : time < kept.time);
}

template <class State, bool Last>
struct kept_one : State {
  void merge(const kept_one& other) noexcept {
    if (other.is_there != 0 && replaces<Last>(*this, other.time))
      *this = other;
  }
};

template <bool Last>
class end_number final : public statistic_of<kept_one<timed_number, Last>> {
  using state_type = kept_one<timed_number, Last>;

public:
  explicit end_number(column_type type) : type_{type} {}
  column_type type() const noexcept override { return type_; }
  void add(const column* of, const window_rows& in) const override {
    for (std::size_t i = 0; i < in.rows.size(); ++i) {
      auto& kept = in.state<state_type>(i);
      const auto row = in.rows[i];
      if (of->is_null(row) || !replaces<Last>(kept, in.times[i]))
        continue;
      kept.is_there = 1;
      kept.time = in.times[i];
      kept.bits = type_ == column_type::float64 ? std::bit_cast<std::uint64_t>(of->f64[row])
                                                : std::bit_cast<std::uint64_t>(of->i64[row]);
    }
  }
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    const auto& kept = as<state_type>(state);
    if (kept.is_there == 0)
      return into.set_null(row);
    if (type_ == column_type::float64)
      into.f64()[row] = std::bit_cast<double>(kept.bits);
    else
      into.i64()[row] = std::bit_cast<std::int64_t>(kept.bits);
  }

private:
  column_type type_;
};

template <bool Last>
class end_text final : public statistic_of<kept_one<timed_text, Last>> {
  using state_type = kept_one<timed_text, Last>;

public:
  column_type type() const noexcept override { return column_type::string; }
  void add(const column* of, const window_rows& in) const override {
    for (std::size_t i = 0; i < in.rows.size(); ++i) {
      auto& kept = in.state<state_type>(i);
      const auto row = in.rows[i];
      if (of->is_null(row) || !replaces<Last>(kept, in.times[i]))
        continue;
      const auto text = whole_characters(of->text[row], longest_kept_text);
      kept.is_there = 1;
      kept.time = in.times[i];
      kept.size = text.size();
      kept.bytes = {};
      std::copy(text.begin(), text.end(), kept.bytes.begin());
    }
  }
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    const auto& kept = as<state_type>(state);
    if (kept.is_there == 0)
      return into.set_null(row);
    const auto begin = into.arena().size();
    into.arena().append(kept.bytes.data(), kept.size);
    into.set_from_arena(row, begin);
  }

private:
  static std::string_view whole_characters(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most)
      return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
      --most;
    return text.substr(0, most);
  }
};

template <bool Last>
result<window_statistic_ptr> make_end(std::optional<column_type> type, double) {
  if (type == column_type::string)
    return std::make_shared<end_text<Last>>();
  return std::make_shared<end_number<Last>>(*type);
}

// --- sketches ---

class distinct final : public statistic_of<distinct_sketch> {
public:
  column_type type() const noexcept override { return column_type::int64; }
  void add(const column* of, const window_rows& in) const override {
    for (std::size_t i = 0; i < in.rows.size(); ++i)
      if (const auto row = in.rows[i]; !of->is_null(row))
        in.state<distinct_sketch>(i).add(hash_of(*of, row));
  }
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    into.i64()[row] = as<distinct_sketch>(state).count();
  }

private:
  static std::uint64_t hash_of(const column& of, row_index row) noexcept {
    if (of.type == column_type::string)
      return mixed(fnv1a(of.text[row]));
    return mixed(of.type == column_type::float64 ? std::bit_cast<std::uint64_t>(of.f64[row] + 0.0) // -0 is 0
                                                 : std::bit_cast<std::uint64_t>(of.i64[row]));
  }
};

class quantile final : public statistic_of_numbers<quantile_sketch> {
public:
  explicit quantile(double share) : share_{share} {}
  void read(const std::byte* state, row_index row, column_builder& into) const override {
    if (as<quantile_sketch>(state).count() == 0)
      return into.set_null(row);
    into.f64()[row] = as<quantile_sketch>(state).quantile(share_);
  }

private:
  double share_;
};

// --- the table ---

template <class Statistic>
result<window_statistic_ptr> make_any(std::optional<column_type>, double) {
  return std::make_shared<Statistic>();
}

result<window_statistic_ptr> not_of_text(std::optional<column_type> type, window_statistic_ptr made) {
  if (type == column_type::string)
    return fail("it takes numbers, and the column is a string");
  return made;
}

template <class Statistic>
result<window_statistic_ptr> make_of_numbers(std::optional<column_type> type, double) {
  return not_of_text(type, std::make_shared<Statistic>());
}

result<window_statistic_ptr> make_quantile(std::optional<column_type> type, double share) {
  if (!(share >= 0 && share <= 1))
    return fail("the share of a quantile is between 0 and 1");
  return not_of_text(type, std::make_shared<quantile>(share));
}

result<window_statistic_ptr> make_median(std::optional<column_type> type, double) {
  return make_quantile(type, 0.5);
}

constexpr auto optional_column = window_function::column_use::optional;
constexpr auto needed_column = window_function::column_use::needed;

constexpr std::array all_functions{
    window_function{"count", "how many records, or, of a column, how many that have a value", "count()",
                    optional_column, false, make_any<count>},
    window_function{"sum", "the sum of the values, exact to rounding", "sum(Amount)", needed_column, false,
                    make_of_numbers<sum>},
    window_function{"mean", "their mean", "mean(Amount)", needed_column, false, make_of_numbers<of_moments<mean_of>>},
    window_function{"min", "the smallest", "min(Amount)", needed_column, false, make_of_numbers<of_moments<min_of>>},
    window_function{"max", "the largest", "max(Amount)", needed_column, false, make_of_numbers<of_moments<max_of>>},
    window_function{"stddev", "their standard deviation, of the population", "stddev(Amount)", needed_column, false,
                    make_of_numbers<of_moments<stddev_of>>},
    window_function{"first", "the value of the earliest record that has one; of a text, its first 240 bytes",
                    "first(Device)", needed_column, false, make_end<false>},
    window_function{"last", "the value of the latest record that has one; of a text, its first 240 bytes",
                    "last(Device)", needed_column, false, make_end<true>},
    window_function{"distinct", "how many different values: exact up to 126, then with a standard error of 3.3 %",
                    "distinct(CustomerID)", needed_column, false, make_any<distinct>},
    window_function{"quantile", "a quantile: exact up to 900 values, then a rank that is wrong by 1.3 % at most",
                    "quantile(Amount, 0.95)", needed_column, true, make_quantile},
    window_function{"median", "the median: quantile(x, 0.5)", "median(Amount)", needed_column, false, make_median},
};

} // namespace

std::span<const window_function> window_functions() noexcept {
  return all_functions;
}

} // namespace weir::core
