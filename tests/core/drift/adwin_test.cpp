#include "core/drift/adwin.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace weir::core {
namespace {

struct told {
  std::string series;
  double delta = 0;
  bool begins_anew = false; ///< behind a change
  std::uint64_t width = 0;
  double mean = 0;
  std::string at;
};

/// What river's ADWIN says of three series; the first is a text of digits.
std::vector<told> river_says(std::string& steps) {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/drift/adwin.csv"};
  EXPECT_TRUE(file);
  std::vector<told> made;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields{line};
    std::string series, delta, begins_anew, width, mean, at;
    std::getline(fields, series, ',');
    std::getline(fields, delta, ',');
    if (series == "values of steps") {
      steps = delta;
      continue;
    }
    std::getline(fields, begins_anew, ',');
    std::getline(fields, width, ',');
    std::getline(fields, mean, ',');
    std::getline(fields, at);
    made.push_back({series, std::stod(delta), begins_anew == "1", std::stoull(width), std::stod(mean), at});
  }
  return made;
}

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// As the oracle makes them.
double uniform_of(std::uint64_t seed, std::uint64_t part) {
  return static_cast<double>(mixed(seed * 0xd1342543de82ef95 + (part + 1) * 0x9e3779b97f4a7c15) >> 11) * 0x1p-53;
}

std::map<std::string, std::vector<double>> series_of(const std::string& steps) {
  std::map<std::string, std::vector<double>> made;
  for (const char digit : steps)
    made["steps"].push_back(digit - '0');
  for (std::uint64_t row = 0; row < 6000; ++row) {
    made["slow"].push_back(uniform_of(5, row) + std::max(0.0, static_cast<double>(row) - 2000) / 4000);
    made["still"].push_back(uniform_of(6, row));
  }
  return made;
}

TEST(adwin_test, tells_changes_where_river_does) {
  std::string steps;
  const auto expected = river_says(steps);
  ASSERT_EQ(expected.size(), 18u);
  const auto series = series_of(steps);
  for (const auto& [name, delta, begins_anew, width, mean, at] : expected) {
    SCOPED_TRACE(name + " " + std::to_string(delta) + (begins_anew ? " anew" : ""));
    adwin window{};
    std::string got;
    bool is_told = false;
    const auto& values = series.at(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (is_told && begins_anew)
        window = {};
      is_told = window.add(values[i], {.delta = delta});
      if (is_told)
        got += (got.empty() ? "" : " ") + std::to_string(i);
      ASSERT_TRUE(window.valid()) << i;
    }
    EXPECT_EQ(got, at);
    EXPECT_EQ(window.width(), width);
    EXPECT_NEAR(window.mean(), mean, 1e-9);
  }
}

TEST(adwin_test, knows_mean_and_variance_of_its_window) {
  std::mt19937 random{1};
  std::normal_distribution<double> normal{1e6, 3};
  adwin window{};
  EXPECT_EQ(window.mean(), 0);
  EXPECT_EQ(window.variance(), 0);
  double sum = 0, squares = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto x = normal(random);
    sum += x - 1e6;
    squares += (x - 1e6) * (x - 1e6);
    ASSERT_FALSE(window.add(x, {}));
  }
  EXPECT_EQ(window.width(), 5000u);
  EXPECT_NEAR(window.mean(), 1e6 + sum / 5000, 1e-6);
  EXPECT_NEAR(window.variance(), squares / 5000 - sum / 5000 * sum / 5000, 1e-4);
}

TEST(adwin_test, values_that_stay_the_same_are_no_change) {
  adwin window{};
  for (int i = 0; i < 20'000; ++i)
    ASSERT_FALSE(window.add(0.1, {.delta = 0.5, .clock = 1})) << i;
}

TEST(adwin_test, bytes_that_were_copied_go_on_alike) {
  adwin window{};
  for (std::uint64_t i = 0; i < 1500; ++i)
    window.add(uniform_of(1, i), {});
  std::vector<std::byte> bytes(sizeof window);
  std::memcpy(bytes.data(), &window, sizeof window);
  adwin other{};
  std::memcpy(&other, bytes.data(), sizeof other);
  int told = 0;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    const auto value = 2 + uniform_of(2, i);
    const bool is_told = window.add(value, {});
    EXPECT_EQ(other.add(value, {}), is_told);
    told += is_told ? 1 : 0;
  }
  EXPECT_GE(told, 1);
  EXPECT_EQ(std::memcmp(&window, &other, sizeof window), 0);
}

TEST(adwin_test, bytes_that_were_changed_at_random_do_no_harm) {
  adwin good{};
  for (std::uint64_t i = 0; i < 700; ++i)
    good.add(uniform_of(3, i), {});
  std::mt19937 random{4};
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    auto window = good;
    auto* const bytes = reinterpret_cast<unsigned char*>(&window);
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      bytes[random() % sizeof window] = static_cast<unsigned char>(random());
    if (!window.valid()) {
      ++refused;
      continue;
    }
    for (std::uint64_t k = 0; k < 100; ++k)
      window.add(uniform_of(4, k), {.clock = 1});
  }
  EXPECT_GT(refused, 30);
}

} // namespace
} // namespace weir::core
