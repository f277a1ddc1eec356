#include "core/drift/quantile_sketch.hpp"
#include "core/drift/sort_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace weir::core {
namespace {

/// Series whose ranks a sketch may find hard.
const std::map<std::string, std::function<std::vector<double>(std::size_t, std::mt19937&)>>& orders() {
  static const std::map<std::string, std::function<std::vector<double>(std::size_t, std::mt19937&)>> all{
      {"random",
       [](std::size_t n, std::mt19937& random) {
         std::vector<double> made(n);
         std::lognormal_distribution<double> draw{0, 2};
         std::generate(made.begin(), made.end(), [&] { return draw(random); });
         return made;
       }},
      {"ascending",
       [](std::size_t n, std::mt19937&) {
         std::vector<double> made;
         for (std::size_t i = 0; i < n; ++i)
           made.push_back(static_cast<double>(i));
         return made;
       }},
      {"descending",
       [](std::size_t n, std::mt19937&) {
         std::vector<double> made;
         for (std::size_t i = n; i-- > 0;)
           made.push_back(static_cast<double>(i));
         return made;
       }},
      {"zig-zag, outwards in",
       [](std::size_t n, std::mt19937&) {
         std::vector<double> made;
         for (std::size_t i = 0; i < n; ++i)
           made.push_back(static_cast<double>(i % 2 == 0 ? i / 2 : n - 1 - i / 2));
         return made;
       }},
      {"zig-zag, inwards out",
       [](std::size_t n, std::mt19937&) {
         std::vector<double> made;
         for (std::size_t i = n; i-- > 0;)
           made.push_back(static_cast<double>(i % 2 == 0 ? i / 2 : n - 1 - i / 2));
         return made;
       }},
      {"saw",
       [](std::size_t n, std::mt19937&) {
         std::vector<double> made;
         for (std::size_t i = 0; i < n; ++i)
           made.push_back(static_cast<double>(i % 173) + static_cast<double>(i) * 1e-9);
         return made;
       }},
      {"few that repeat",
       [](std::size_t n, std::mt19937& random) {
         std::vector<double> made(n);
         std::geometric_distribution<int> draw{0.3};
         std::generate(made.begin(), made.end(), [&] { return draw(random); });
         return made;
       }},
  };
  return all;
}

/// The largest error of all ranks, as a share of the count.
double largest_error(const quantile_sketch& sketch, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const auto view = sketch.view();
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (i + 1 == values.size() || values[i + 1] != values[i])
      largest = std::max(largest, std::abs(view.rank(values[i]) - static_cast<double>(i + 1) / n));
  return largest;
}

TEST(quantile_sketch_test, ranks_are_within_the_error_in_any_order) {
  for (const auto& [name, make] : orders()) {
    SCOPED_TRACE(name);
    int beyond = 0, single_beyond = 0;
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
      std::mt19937 random{seed};
      const auto values = make(1'000 + seed * 100, random);
      quantile_sketch sketch{};
      sketch.seed(seed);
      for (const auto value : values)
        sketch.add(value);
      ASSERT_EQ(sketch.count(), values.size());
      ASSERT_TRUE(sketch.valid());
      beyond += largest_error(sketch, values) > quantile_sketch::all_ranks_error ? 1 : 0;
      const auto middle = values[values.size() / 3];
      const auto exact =
          static_cast<double>(std::count_if(values.begin(), values.end(), [&](double x) { return x <= middle; }))
          / static_cast<double>(values.size());
      single_beyond += std::abs(sketch.rank(middle) - exact) > quantile_sketch::single_rank_error ? 1 : 0;
    }
    EXPECT_LE(beyond, 1);
    EXPECT_LE(single_beyond, 1);
  }
}

TEST(quantile_sketch_test, a_merge_is_as_good_as_one_stream) {
  for (const auto& [name, make] : orders()) {
    SCOPED_TRACE(name);
    int beyond = 0;
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
      std::mt19937 random{seed};
      const auto values = make(6'000, random);
      std::vector<quantile_sketch> parts(1 + seed % 7, quantile_sketch{});
      for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].seed(seed * 100 + i);
      for (std::size_t i = 0; i < values.size(); ++i) // parts of different lengths
        parts[i % (parts.size() * (parts.size() + 1) / 2) % parts.size()].add(values[i]);
      quantile_sketch whole{};
      whole.seed(seed);
      for (const auto& part : parts) {
        whole.merge(part);
        ASSERT_TRUE(whole.valid());
      }
      ASSERT_EQ(whole.count(), values.size());
      EXPECT_EQ(whole.min(), *std::min_element(values.begin(), values.end()));
      EXPECT_EQ(whole.max(), *std::max_element(values.begin(), values.end()));
      beyond += largest_error(whole, values) > quantile_sketch::all_ranks_error ? 1 : 0;
    }
    EXPECT_LE(beyond, 1);
  }
}

TEST(quantile_sketch_test, is_exact_while_it_holds_all_values) {
  std::mt19937 random{3};
  std::normal_distribution<double> draw;
  quantile_sketch sketch{};
  std::vector<double> values;
  EXPECT_EQ(sketch.rank(1), 0);
  EXPECT_EQ(sketch.quantile(0.5), 0);
  for (int i = 0; i < 900; ++i) {
    values.push_back(draw(random));
    sketch.add(values.back());
    if (i % 97 == 0) {
      EXPECT_EQ(largest_error(sketch, values), 0);
    }
  }
  std::sort(values.begin(), values.end());
  EXPECT_EQ(sketch.quantile(0), values.front());
  EXPECT_EQ(sketch.quantile(0.5), values[449]);
  EXPECT_EQ(sketch.quantile(0.501), values[450]);
  EXPECT_EQ(sketch.quantile(1), values.back());
  const std::vector<double> points{values[10], values[10] + 1e-12, values[700]};
  EXPECT_EQ(sketch.cdf(points), (std::vector<double>{11.0 / 900, 11.0 / 900, 701.0 / 900}));
}

TEST(quantile_sketch_test, a_merge_with_itself_changes_no_rank) {
  quantile_sketch sketch{};
  for (int i = 0; i < 400; ++i)
    sketch.add(i);
  sketch.merge(sketch);
  EXPECT_EQ(sketch.count(), 800u);
  EXPECT_EQ(sketch.rank(199), 0.5);
  EXPECT_TRUE(sketch.valid());
}

TEST(quantile_sketch_test, ranks_of_many_values_are_within_the_error) {
  std::mt19937 random{1};
  for (const auto& [name, make] : orders()) {
    const auto values = make(400'000, random);
    quantile_sketch sketch{};
    for (const auto value : values)
      sketch.add(value);
    EXPECT_LE(largest_error(sketch, values), quantile_sketch::all_ranks_error) << name;
  }
}

TEST(quantile_sketch_test, a_block_is_sorted_as_the_library_sorts_it) {
  std::mt19937 random{7};
  std::array<double, 2048> room;
  for (std::size_t size = 0; size < 900; size += 1 + size / 7) {
    std::vector<double> values(size);
    std::generate(values.begin(), values.end(), [&] { return static_cast<double>(random() % (size + 1)) - 9; });
    if (size > 20)
      values[9] = std::numeric_limits<double>::infinity();
    auto expected = values;
    std::sort(expected.begin(), expected.end());
    sort_block(values, room);
    EXPECT_EQ(values, expected);
  }
}

TEST(quantile_sketch_test, takes_no_nan_and_takes_infinity) {
  quantile_sketch sketch{};
  sketch.add(std::nan(""));
  EXPECT_EQ(sketch.count(), 0u);
  sketch.add(-std::numeric_limits<double>::infinity());
  sketch.add(2);
  EXPECT_EQ(sketch.rank(1), 0.5);
  EXPECT_TRUE(sketch.valid());
}

TEST(quantile_sketch_test, a_replay_and_bytes_that_were_copied_go_on_bit_by_bit) {
  std::mt19937 random{5};
  std::normal_distribution<double> draw;
  quantile_sketch one{}, replay{};
  one.seed(9);
  replay.seed(9);
  for (int i = 0; i < 30'000; ++i) {
    const auto value = draw(random);
    one.add(value);
    replay.add(value);
    if (i % 4001 == 0) { // through the changelog
      std::string bytes;
      replay.encode(bytes);
      EXPECT_LE(bytes.size(), sizeof one);
      bytes += "rest";
      byte_reader from{bytes};
      replay = {};
      ASSERT_TRUE(replay.decode(from));
      EXPECT_EQ(from.left(), 4u);
    }
  }
  EXPECT_EQ(std::memcmp(&one, &replay, sizeof one), 0);
}

TEST(quantile_sketch_test, damaged_bytes_are_refused_or_do_no_harm) {
  std::mt19937 random{6};
  std::normal_distribution<double> draw;
  quantile_sketch good{};
  for (int i = 0; i < 3000; ++i)
    good.add(draw(random));
  std::string bytes;
  good.encode(bytes);
  for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 50) {
    byte_reader from{std::string_view{bytes}.substr(0, length)};
    quantile_sketch read{};
    EXPECT_FALSE(read.decode(from)) << length;
    EXPECT_EQ(from.left(), length);
  }
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    auto damaged = bytes;
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      damaged[random() % (i % 2 == 0 ? 80 : damaged.size())] = static_cast<char>(random());
    byte_reader from{damaged};
    quantile_sketch read{};
    if (!read.decode(from)) {
      ++refused;
      continue;
    }
    for (int k = 0; k < 1000; ++k)
      read.add(k);
    read.merge(good);
    ASSERT_FALSE(std::isnan(read.quantile(0.3)));
  }
  EXPECT_GT(refused, 1000);
}

} // namespace
} // namespace weir::core
