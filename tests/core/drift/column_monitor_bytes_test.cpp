#include "tests/core/drift/watched_columns.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <iterator>
#include <limits>
#include <random>
#include <string>

namespace weir::core {
namespace {

TEST(column_monitor_bytes_test, numbers_at_the_ends_of_what_is_there_make_no_nan) {
  const double values[]{0, -0.0, 1e308, -1e308, 5e-324, std::numeric_limits<double>::infinity(), std::nan(""), 1};
  for (const auto binning : {bin_rule::quantile, bin_rule::width}) {
    auto monitor = column_monitor::of_numbers({.binning = binning});
    for (int i = 0; i < 5000; ++i)
      add(monitor, values[i % std::size(values)]);
    const auto told = monitor.verdict(all_methods, default_alpha);
    for (const auto& one : told.methods) {
      EXPECT_FALSE(std::isnan(one.statistic)) << name_of(one.method);
      EXPECT_TRUE(one.p_value >= 0 && one.p_value <= 1) << name_of(one.method);
    }
    auto copy = column_monitor::of_numbers({});
    const auto bytes = bytes_of(monitor);
    byte_reader from{bytes};
    EXPECT_TRUE(copy.decode(from));
  }
}

TEST(column_monitor_bytes_test, goes_on_bit_by_bit_from_its_bytes_at_any_record) {
  for (const auto& [name, from] : distributions()) {
    SCOPED_TRACE(name);
    std::mt19937_64 random{25};
    const monitor_options options{.baseline = drift_baseline::sliding, .seed = 3};
    auto one = monitor_of(name, options), other = one;
    for (int i = 0; i < 6000; ++i) {
      const auto value = from(random);
      const bool is_null = random() % 20 == 0;
      for (auto* to : {&one, &other})
        is_null ? add_null(*to) : add(*to, value);
      if (i % 2500 == 2499) {
        one.next_window();
        other.next_window();
      }
      if (i % 113 == 0) {
        const auto bytes = bytes_of(other) + "rest";
        EXPECT_LE(bytes.size(), 20u * 1024);
        other = monitor_of(name, options);
        byte_reader left{bytes};
        ASSERT_TRUE(other.decode(left)) << i;
        EXPECT_EQ(left.left(), 4u);
      }
    }
    EXPECT_EQ(bytes_of(one), bytes_of(other));
  }
}

TEST(column_monitor_bytes_test, damaged_bytes_are_refused_or_do_no_harm) {
  for (const auto* name : {"log-normal", "categories"}) {
    SCOPED_TRACE(name);
    std::mt19937_64 random{26};
    auto good = watching(name, random);
    fill(good, 1500, distributions().at(name), random);
    const auto bytes = bytes_of(good);
    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 40) {
      byte_reader from{std::string_view{bytes}.substr(0, length)};
      auto read = monitor_of(name, {});
      EXPECT_FALSE(read.decode(from)) << length;
      EXPECT_EQ(from.left(), length);
    }
    int refused = 0, taken = 0;
    for (int i = 0; i < 3000; ++i) {
      auto damaged = bytes;
      for (auto changes = 1 + random() % 3; changes > 0; --changes)
        damaged[random() % (i % 2 == 0 ? 400 : damaged.size())] = static_cast<char>(random());
      byte_reader from{damaged};
      auto read = monitor_of(name, {});
      if (!read.decode(from)) {
        ++refused;
        continue;
      }
      ++taken;
      fill(read, 50, distributions().at(name), random);
      for (const auto& one : read.verdict(all_methods, default_alpha).methods)
        ASSERT_TRUE(one.p_value >= 0 && one.p_value <= 1) << name_of(one.method);
      (void)read.merge(good);
      auto other = good;
      (void)other.merge(read);
    }
    EXPECT_GT(refused, 500);
    EXPECT_GT(taken, 10);
  }
  auto texts = monitor_of("categories", {});
  const auto of_numbers = bytes_of(monitor_of("normal", {}));
  byte_reader from{of_numbers};
  EXPECT_FALSE(texts.decode(from));
}

} // namespace
} // namespace weir::core
