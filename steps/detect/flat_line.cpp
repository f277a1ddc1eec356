#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct flat_line_settings {
  detection common;
  std::uint32_t at_least = 5;
};

constexpr auto flat_line_fields =
    join(std::array{field<&flat_line_settings::common, &detection::columns, &keyed_columns::of>(
                        "flat_line", "the column of numbers that is watched", required),
                    field<&flat_line_settings::at_least>("at_least", "shorter runs are none", between(2, 1'000'000))},
         judgement_fields<&flat_line_settings::common>);

class run_of_equals {
public:
  static constexpr core::tail_prior prior{};

  explicit run_of_equals(const flat_line_settings& s) : at_least_{s.at_least} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "the run, at least " + std::to_string(at_least_); }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    past.run = past.run != 0 && x == past.value ? past.run + 1 : 1;
    past.value = x;
    const auto run = static_cast<double>(past.run);
    return {.score = run, .expected = x, .is_warm = true, .can_be_anomalous = past.run >= at_least_};
  }

  static double strangeness(const scored& found) noexcept { return found.score - 1; }

  static std::string describe(double, const scored& found) {
    return "came " + core::short_number(found.score) + " times in a row";
  }

private:
  struct history {
    double value;
    std::uint64_t run;
  };

  std::uint32_t at_least_;
};

} // namespace

constexpr step_kind flat_line =
    make_kind<flat_line_settings, flat_line_fields, bind_scored<flat_line_settings, run_of_equals>,
              complete_common<flat_line_settings>>(
        "flat_line", "a sensor that hangs: the same value again and again, longer than the series usually does",
        "{ flat_line: Amount, by: CustomerID, at_least: 5, as: stuck }");

} // namespace weir::steps
