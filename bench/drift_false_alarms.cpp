// How often each method of drift tells a change where there is none: shares of windows at core::default_alpha, by the
// distribution, the records of the baseline and of the window; one record in twenty is null, and each window has a
// baseline of its own. Run: build/release/bench/drift_false_alarms [SEED]; it takes minutes.

#include "core/drift/column_monitor.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace {

using namespace weir::core;
using draw = std::function<double(std::mt19937_64&)>;

constexpr std::array all{drift_method::population_stability_index,
                         drift_method::kolmogorov_smirnov,
                         drift_method::wasserstein_distance,
                         drift_method::jensen_shannon,
                         drift_method::chi_square,
                         drift_method::welch,
                         drift_method::variance_ratio,
                         drift_method::nulls};

void add(column_monitor& to, std::uint64_t records, const draw& from, std::mt19937_64& random) {
  for (std::uint64_t i = 0; i < records; ++i) {
    const auto value = from(random);
    const bool is_null = random() % 20 == 0;
    if (auto* const texts = to.texts())
      is_null ? texts->add_null(to.options()) : texts->add(std::to_string(static_cast<int>(value)), to.options());
    else
      is_null ? to.numbers()->add_null(to.options()) : to.numbers()->add(value, to.options());
  }
}

void measure(const std::string& name, const draw& from, std::uint64_t baseline, std::uint64_t window,
             std::mt19937_64& random) {
  const bool is_text = name == "categories";
  const auto windows = std::clamp<std::uint64_t>(6'000'000 / (baseline + window), 30, 4000);
  std::map<drift_method, int> told;
  int told_by_default = 0;
  for (std::uint64_t i = 0; i < windows; ++i) {
    const monitor_options options{.baseline_size = baseline, .seed = i};
    auto monitor = is_text ? column_monitor::of_texts(options) : column_monitor::of_numbers(options);
    add(monitor, baseline + window, from, random);
    for (const auto& one : monitor.verdict(all, default_alpha).methods)
      told[one.method] += one.is_drift ? 1 : 0;
    const auto verdict = is_text ? monitor.verdict(default_text_methods, default_alpha)
                                 : monitor.verdict(default_number_methods, default_alpha);
    told_by_default += verdict.is_drift ? 1 : 0;
  }
  const auto say = [&](int times) { std::printf(" %10.4f", times / static_cast<double>(windows)); };
  std::printf("%-12s %9llu %9llu %9llu", name.c_str(), static_cast<unsigned long long>(baseline),
              static_cast<unsigned long long>(window), static_cast<unsigned long long>(windows));
  for (const auto method : all)
    told.contains(method) ? say(told[method]) : static_cast<void>(std::printf(" %10s", "-"));
  say(told_by_default);
  std::puts("");
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  std::mt19937_64 random{argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1};
  const std::pair<std::string, draw> distributions[]{
      {"normal", [](auto& r) { return std::normal_distribution<double>{}(r); }},
      {"log-normal", [](auto& r) { return std::lognormal_distribution<double>{}(r); }},
      {"poisson", [](auto& r) { return static_cast<double>(std::poisson_distribution<int>{3}(r)); }},
      {"categories",
       [](auto& r) {
         return static_cast<double>(std::discrete_distribution<int>{50, 25, 12, 6, 4, 2, 1}(r));
       }},
  };
  std::printf("%-12s %9s %9s %9s", "", "baseline", "window", "windows");
  for (const auto method : all)
    std::printf(" %10.10s", name_of(method).data());
  std::printf(" %10s\n", "default");
  for (const auto& [name, from] : distributions)
    for (const std::uint64_t baseline : {200, 1000, 10'000})
      for (const std::uint64_t window : {50, 200, 1000, 10'000, 100'000})
        measure(name, from, baseline, window, random);
}
