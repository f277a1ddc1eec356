#include "core/base/fnv1a.hpp"
#include "core/drift/adwin.hpp"
#include "core/drift/ddm.hpp"
#include "core/drift/eddm.hpp"
#include "core/drift/hddm_a.hpp"
#include "core/drift/hddm_w.hpp"
#include "core/drift/kswin.hpp"
#include "core/drift/page_hinkley.hpp"

#include <cstring>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <typeinfo>
#include <vector>

namespace weir::core {
namespace {

/// What a detector says of series, and what it remembers, whatever its kind.
struct watch {
  std::function<drift_level(double)> add;
  std::function<bool()> valid;
};

/// As river has it, it begins anew behind a change.
watch watch_of_adwin() {
  auto state = std::make_shared<adwin>(adwin{});
  const auto add = [state](double value) {
    const bool is_told = state->add(value, {});
    if (is_told)
      *state = {};
    return is_told ? drift_level::drift : drift_level::none;
  };
  return {add, [state] { return state->valid(); }};
}

template <class Detector, class Options>
watch watch_of(Options options) {
  auto state = std::make_shared<Detector>(Detector{});
  const auto add = [state, options](double value) {
    if constexpr (std::is_same_v<Detector, eddm>)
      return state->add(value != 0, options);
    else
      return state->add(value, options);
  };
  return {add, [state] { return state->valid(); }};
}

const std::map<std::string, std::function<watch()>>& detectors() {
  using mode = page_hinkley_mode;
  static const std::map<std::string, std::function<watch()>> all{
      {"ddm", [] { return watch_of<ddm>(ddm_options{}); }},
      {"ddm 20 1.5 2.5",
       [] {
         return watch_of<ddm>(ddm_options{20, 1.5, 2.5});
       }},
      {"eddm", [] { return watch_of<eddm>(eddm_options{}); }},
      {"eddm 30 0.9 0.8",
       [] {
         return watch_of<eddm>(eddm_options{30, 0.9, 0.8});
       }},
      {"hddm_a", [] { return watch_of<hddm_a>(hddm_a_options{}); }},
      {"hddm_a two_sided_test", [] { return watch_of<hddm_a>(hddm_a_options{.two_sided_test = true}); }},
      {"hddm_w", [] { return watch_of<hddm_w>(hddm_w_options{}); }},
      {"hddm_w two_sided_test", [] { return watch_of<hddm_w>(hddm_w_options{.two_sided_test = true}); }},
      {"page_hinkley up", [] { return watch_of<page_hinkley>(page_hinkley_options{.mode = mode::up}); }},
      {"page_hinkley down", [] { return watch_of<page_hinkley>(page_hinkley_options{.mode = mode::down}); }},
      {"page_hinkley both", [] { return watch_of<page_hinkley>(page_hinkley_options{}); }},
      {"page_hinkley both 10 0.1",
       [] { return watch_of<page_hinkley>(page_hinkley_options{.delta = 0.1, .threshold = 10}); }},
      {"kswin", [] { return watch_of<kswin>(kswin_options{.seed = 7}); }},
      {"kswin 200 100 0.0001",
       [] {
         return watch_of<kswin>(kswin_options{0.0001, 200, 100, 7});
       }},
      {"adwin", [] { return watch_of_adwin(); }},
      {"frouros ddm", [] { return watch_of<ddm>(ddm_options{}); }},
      {"frouros cusum",
       [] { return watch_of<page_hinkley>(page_hinkley_options{.min_instances = 1, .alpha = 1, .mode = mode::up}); }},
  };
  return all;
}

struct told {
  std::string detector, series, warnings, drifts;
};

struct known {
  std::map<std::string, std::vector<double>> series;
  std::vector<told> of;
};

/// As the oracle makes them.
double uniform_of(std::uint64_t seed, std::uint64_t part) {
  return static_cast<double>(mixed(seed * 0xd1342543de82ef95 + (part + 1) * 0x9e3779b97f4a7c15) >> 11) * 0x1p-53;
}

std::vector<double> made(std::uint64_t number, bool is_bits) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const auto shift = i >= 1000 && i < 2000 ? 0.125 * static_cast<double>(number % 5) : 0;
    const auto three = uniform_of(number, 3 * i) + uniform_of(number, 3 * i + 1) + uniform_of(number, 3 * i + 2);
    if (is_bits)
      values.push_back(uniform_of(number, i) < 0.0625 * static_cast<double>(1 + number % 3) + shift ? 1 : 0);
    else
      values.push_back(2 * (three - 1.5) + 4 * shift);
  }
  return values;
}

known what_is_known() {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/drift/detectors.csv"};
  EXPECT_TRUE(file);
  known all;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields{line};
    told one;
    std::getline(fields, one.detector, ',');
    std::getline(fields, one.series, ',');
    std::getline(fields, one.warnings, ',');
    std::getline(fields, one.drifts);
    if (one.detector == "series") {
      std::istringstream values{one.warnings};
      for (double value = 0; values >> value;)
        all.series[one.series].push_back(value);
    } else {
      all.of.push_back(one);
    }
  }
  return all;
}

TEST(drift_detectors_test, tell_drifts_and_warnings_where_river_and_frouros_do) {
  const auto all = what_is_known();
  EXPECT_EQ(all.of.size(), 8u * 22 + 6 * 23 + 2);
  std::size_t drifts = 0;
  for (const auto& [detector, series, warnings, expected] : all.of) {
    SCOPED_TRACE(detector + " on " + series);
    const bool is_numbers = detector.starts_with("page_hinkley") || detector.starts_with("kswin");
    const auto values = series[0] == 'r' ? made(std::stoull(series.substr(1)), !is_numbers) : all.series.at(series);
    const auto watched = detectors().at(detector)();
    std::string got;
    int warned = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto level = watched.add(values[i]);
      if (level == drift_level::drift) {
        got += (got.empty() ? "" : " ") + std::to_string(i);
        ++drifts;
      }
      warned += level == drift_level::warning ? 1 : 0;
      if (detector == "frouros ddm" && level == drift_level::drift)
        break; // its example ends there
      ASSERT_TRUE(watched.valid()) << i;
    }
    EXPECT_EQ(got, expected);
    if (!warnings.empty()) {
      EXPECT_EQ(std::to_string(warned), warnings);
    }
  }
  EXPECT_GT(drifts, 300u);
}

template <class Detector, class Options>
void goes_on_from_copied_bytes(const Options& options, bool is_bits) {
  Detector one{};
  const auto values = made(4, is_bits);
  const auto add = [&](Detector& to, double value) {
    if constexpr (std::is_same_v<Detector, eddm>)
      return to.add(value != 0, options);
    else
      return to.add(value, options);
  };
  int drifts = 0;
  for (std::size_t stop : {0u, 29u, 500u, 1003u, 1400u}) {
    one = {};
    for (std::size_t i = 0; i < stop; ++i)
      add(one, values[i]);
    Detector other{};
    std::memcpy(&other, &one, sizeof one);
    ASSERT_TRUE(other.valid());
    for (std::size_t i = stop; i < values.size(); ++i) {
      const auto level = add(one, values[i]);
      ASSERT_EQ(add(other, values[i]), level);
      drifts += level == drift_level::drift ? 1 : 0;
      ASSERT_EQ(std::memcmp(&one, &other, sizeof one), 0);
    }
  }
  EXPECT_GT(drifts, 0);
}

/// As the oracle makes them.
std::vector<double> shifted(std::uint64_t seed, double shift, bool is_bits) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    auto total = i >= 1000 ? shift : 0;
    for (std::uint64_t part = 0; part < 12; ++part)
      total += uniform_of(1000 + seed, 12 * i + part);
    values.push_back(is_bits ? (total - 6 > 1.28 ? 1 : 0) : total - 6);
  }
  return values;
}

TEST(drift_detectors_test, are_as_soon_and_as_often_wrong_as_rivers) {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/drift/delays.csv"};
  ASSERT_TRUE(file);
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    SCOPED_TRACE(line);
    std::istringstream fields{line};
    std::string name;
    std::getline(fields, name, ',');
    double shift = 0, false_alarms = 0, times = 0, delay = 0;
    char comma = 0;
    ASSERT_TRUE(fields >> shift >> comma >> false_alarms >> comma >> times >> comma >> delay);
    double got_false = 0, got_times = 0, got_delay = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const bool is_bits = !name.starts_with("page_hinkley") && !name.starts_with("kswin") && name != "adwin";
      const auto values = shifted(seed, shift, is_bits);
      const auto watched = detectors().at(name)();
      bool is_told = false;
      for (std::size_t i = 0; i < values.size() && !is_told; ++i) {
        if (watched.add(values[i]) != drift_level::drift)
          continue;
        got_false += i < 1000 ? 1 : 0;
        is_told = i >= 1000;
        got_times += is_told ? 1 : 0;
        got_delay += is_told ? static_cast<double>(i - 1000) : 0;
      }
    }
    EXPECT_EQ(got_false, false_alarms);
    EXPECT_EQ(got_times, times);
    EXPECT_NEAR(got_delay / got_times, delay, 1e-9);
  }
  EXPECT_EQ(lines, 24);
}

TEST(drift_detectors_test, bytes_that_were_copied_go_on_alike) {
  goes_on_from_copied_bytes<ddm>(ddm_options{}, true);
  goes_on_from_copied_bytes<eddm>(eddm_options{}, true);
  goes_on_from_copied_bytes<hddm_a>(hddm_a_options{}, true);
  goes_on_from_copied_bytes<hddm_w>(hddm_w_options{}, true);
  goes_on_from_copied_bytes<page_hinkley>(page_hinkley_options{.delta = 0.1}, false);
  goes_on_from_copied_bytes<kswin>(kswin_options{.alpha = 1e-4}, false);
}

template <class Detector, class Options>
void does_no_harm_when_damaged(const Options& options) {
  Detector good{};
  const auto add = [&](Detector& to, double value) {
    if constexpr (std::is_same_v<Detector, eddm>)
      to.add(value != 0, options);
    else
      to.add(value, options);
  };
  for (std::size_t i = 0; i < 150; ++i)
    add(good, i % 3 == 0 ? 1 : 0);
  ASSERT_TRUE(good.valid());
  ASSERT_TRUE(Detector{}.valid());
  std::mt19937 random{4};
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    auto state = good;
    auto* const bytes = reinterpret_cast<unsigned char*>(&state);
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      bytes[random() % std::min<std::size_t>(sizeof state, 512)] = static_cast<unsigned char>(random());
    if (!state.valid()) {
      ++refused;
      continue;
    }
    for (int k = 0; k < 20; ++k) {
      add(state, k % 2);
      ASSERT_TRUE(state.valid()) << typeid(Detector).name() << ", change " << i << ", value " << k;
    }
  }
  EXPECT_GT(refused, 5);
}

TEST(drift_detectors_test, bytes_that_were_changed_at_random_do_no_harm) {
  does_no_harm_when_damaged<ddm>(ddm_options{});
  does_no_harm_when_damaged<eddm>(eddm_options{});
  does_no_harm_when_damaged<hddm_a>(hddm_a_options{.two_sided_test = true});
  does_no_harm_when_damaged<hddm_w>(hddm_w_options{.two_sided_test = true});
  does_no_harm_when_damaged<page_hinkley>(page_hinkley_options{});
  does_no_harm_when_damaged<kswin>(kswin_options{});
}

TEST(drift_detectors_test, page_hinkley_takes_the_largest_numbers) {
  page_hinkley state{};
  std::mt19937 random{1};
  for (int i = 0; i < 1000; ++i) {
    state.add(random() % 2 == 0 ? 1.7e308 : -1.7e308, {.mode = page_hinkley_mode::down});
    ASSERT_TRUE(state.valid()) << i;
  }
}

TEST(drift_detectors_test, kswin_takes_windows_up_to_its_largest) {
  kswin state{};
  const kswin_options options{.alpha = 1e-6, .window_size = kswin::max_window_size, .stat_size = 256};
  int drifts = 0;
  for (std::uint64_t i = 0; i < 2000; ++i)
    drifts += state.add(uniform_of(1, i) + (i < 1000 ? 0 : 0.5), options) == drift_level::drift ? 1 : 0;
  EXPECT_EQ(drifts, 1);
  EXPECT_TRUE(state.valid());
}

} // namespace
} // namespace weir::core
