#include "cli/transaction_generator.hpp"

#include "core/base/fnv1a.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace weir::cli {

namespace {

constexpr std::array<std::string_view, 3> genders{"F", "M", "X"};
constexpr std::array<std::string_view, 4> types{"deposit", "purchase", "transfer", "withdrawal"};
constexpr std::array<std::string_view, 12> locations{"Amsterdam", "Berlin", "Chicago", "Delhi", "Lagos", "Lima",
                                                     "London",    "Madrid", "Osaka",   "Paris", "Rome",  "Seoul"};
constexpr std::array<std::string_view, 4> devices{"atm", "mobile", "pos", "web"};

/// Writes `value` in `width` digits with leading zeros.
void write_padded(char* at, std::int64_t value, std::size_t width) noexcept {
  for (auto i = width; i-- > 0; value /= 10)
    at[i] = static_cast<char>('0' + value % 10);
}

/// `2026-01-05T13:45:10.123Z`.
void append_time(std::int64_t time, std::string& out) {
  using namespace std::chrono;
  const auto days = floor<std::chrono::days>(milliseconds{time});
  const auto in_day = milliseconds{time} - days;
  const year_month_day date{sys_days{days}};
  std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                            '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  write_padded(text.data(), static_cast<int>(date.year()), 4);
  write_padded(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  write_padded(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  write_padded(text.data() + 11, in_day.count() / 3'600'000, 2);
  write_padded(text.data() + 14, in_day.count() / 60'000 % 60, 2);
  write_padded(text.data() + 17, in_day.count() / 1000 % 60, 2);
  write_padded(text.data() + 20, in_day.count() % 1000, 3);
  out.append(text.data(), text.size());
}

void append_number(std::int64_t value, std::string& out) {
  std::array<char, 20> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

/// `123.45`, `123.4`, `123`.
void append_amount(std::int64_t cents, std::string& out) {
  append_number(cents / 100, out);
  if (const auto rest = static_cast<int>(cents % 100); rest != 0) {
    out += '.';
    out += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0)
      out += static_cast<char>('0' + rest % 10);
  }
}

void append_quoted(const std::optional<std::string_view>& text, std::string& out) {
  if (!text) {
    out += "null";
    return;
  }
  out += '"';
  out += *text;
  out += '"';
}

} // namespace

transaction_generator::transaction_generator(const transaction_options& options) :
    options_{options}, state_{options.seed} {
  customers_.resize(std::max(options_.customers, 1u));
  for (auto& c : customers_) {
    c.age = 18 + below(70);
    c.mean = 3000 + 27'000 * uniform();
    c.deviation = c.mean * (0.15 + 0.2 * uniform());
    c.gender = static_cast<std::uint8_t>(below(genders.size()));
  }
}

// splitmix64 (Steele, Lea, Flood 2014). The distributions are our own too: the standard library's differ between
// versions.
std::uint64_t transaction_generator::bits() noexcept {
  state_ += 0x9e3779b97f4a7c15u;
  return core::mixed(state_);
}

double transaction_generator::uniform() noexcept {
  return static_cast<double>(bits() >> 11) * 0x1p-53;
}

std::uint32_t transaction_generator::below(std::uint32_t bound) noexcept {
  return static_cast<std::uint32_t>(((bits() >> 32) * bound) >> 32);
}

std::int64_t transaction_generator::amount_of(const customer& c, bool anomaly) noexcept {
  // A sum of four uniforms is near enough to a normal deviate, and ends at 3.5 standard deviations.
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += uniform();
  const auto deviate = (sum - 2) * 1.7320508075688772;
  const auto cents = anomaly ? c.mean * (4 + 8 * uniform()) : c.mean + c.deviation * deviate;
  return std::max<std::int64_t>(static_cast<std::int64_t>(cents), 100);
}

const transaction& transaction_generator::next() {
  auto& t = recent_[count_ % remembered];
  if (count_ >= remembered && happens(options_.duplicates)) {
    t = recent_[below(remembered)];
    ++count_;
    return t;
  }
  const auto id = below(static_cast<std::uint32_t>(customers_.size()));
  const auto& c = customers_[id];
  t = {};
  t.customer = id;
  t.time = options_.start + static_cast<std::int64_t>(count_) * options_.interval;
  t.age = c.age;
  t.gender = genders[c.gender];
  t.type = types[below(types.size())];
  t.location = locations[below(locations.size())];
  t.device = devices[below(devices.size())];
  t.malformed = happens(options_.malformed);
  if (!happens(options_.missing_amount)) {
    t.anomaly = happens(options_.anomalies);
    t.cents = amount_of(c, t.anomaly);
  }
  if (happens(options_.missing_other))
    switch (below(3)) {
    case 0: t.age.reset(); break;
    case 1: t.location.reset(); break;
    default: t.device.reset(); break;
    }
  ++count_;
  return t;
}

std::array<char, transaction_generator::key_size> transaction_generator::key_of(const transaction& t) noexcept {
  std::array<char, key_size> key{'C'};
  write_padded(key.data() + 1, t.customer, key_size - 1);
  return key;
}

void transaction_generator::append_json(const transaction& t, std::string& out) const {
  const auto key = key_of(t);
  out += R"({"CustomerID":")";
  out.append(key.data(), key.size());
  if (t.malformed) {
    out += R"(","Date":oops)";
    return;
  }
  out += R"(","Date":")";
  append_time(t.time, out);
  out += R"(","Amount":)";
  if (t.cents)
    append_amount(*t.cents, out);
  else
    out += "null";
  out += R"(,"Age":)";
  if (t.age)
    append_number(*t.age, out);
  else
    out += "null";
  out += R"(,"Gender":")";
  out += t.gender;
  out += R"(","TransactionType":")";
  out += t.type;
  out += R"(","Location":)";
  append_quoted(t.location, out);
  out += R"(,"Device":)";
  append_quoted(t.device, out);
  if (options_.label)
    out += t.anomaly ? R"(,"is_anomaly":1)" : R"(,"is_anomaly":0)";
  out += '}';
}

void transaction_generator::append_csv(const transaction& t, std::string& out) const {
  const auto key = key_of(t);
  out.append(key.data(), key.size());
  out += ',';
  append_time(t.time, out);
  out += ',';
  if (t.cents)
    append_amount(*t.cents, out);
  out += ',';
  if (t.age)
    append_number(*t.age, out);
  for (const auto& text : {std::optional{t.gender}, std::optional{t.type}, t.location, t.device}) {
    out += ',';
    out += text.value_or(std::string_view{});
  }
  if (options_.label)
    out += t.anomaly ? ",1" : ",0";
}

std::string_view transaction_generator::csv_header() const noexcept {
  return options_.label ? "CustomerID,Date,Amount,Age,Gender,TransactionType,Location,Device,is_anomaly"
                        : "CustomerID,Date,Amount,Age,Gender,TransactionType,Location,Device";
}

} // namespace weir::cli
