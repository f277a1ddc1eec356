#include "steps/kinds.hpp"
#include "tests/steps/keyed_step_fixture.hpp"

#include <random>
#include <string>

namespace weir::steps {
namespace {

class drifts_test : public test::keyed_step_fixture {
protected:
  void watch(const std::string& yaml) { add_alone(drifts(), yaml); }
  std::string wrong(const std::string& yaml) { return errors(drifts(), yaml); }

  /// 1 with a probability of `first`, and of `then` from record 2000 on.
  static std::deque<record> make_records(double first, double then) {
    std::mt19937_64 random{3};
    std::deque<record> records;
    for (std::size_t i = 0; i < 4000; ++i)
      records.push_back({i % 2 == 0 ? "a" : "b",
                         static_cast<double>(random() % 1000) < 1000 * (i < 2000 ? first : then) ? 1.0 : 0.0, 0});
    return records;
  }

  /// The kinds that say of each value whether it is a drift.
  static std::vector<const config::step_kind*> by_values() {
    std::vector<const config::step_kind*> some;
    for (const auto* kind : drifts().kinds)
      if (kind->name != "data_drift" && kind->name != "estimated_accuracy")
        some.push_back(kind);
    return some;
  }

  static std::string example_of(const std::string& kind, const std::string& more = "") {
    const auto quiet = kind == "kswin"  ? ", alpha: 0.00001"
                       : kind == "eddm" ? ", alpha: 0.8, beta: 0.6"
                       : kind == "ddm"  ? ", warning_threshold: 4, drift_threshold: 5"
                                        : "";
    return "{ " + kind + ": value" + quiet + more + ", as: changed, level: level }";
  }
};

TEST_F(drifts_test, tell_that_errors_have_become_more_soon_and_not_before) {
  const auto records = make_records(0.2, 0.8);
  for (const auto* kind : by_values()) {
    watch(example_of(std::string{kind->name}));
    const auto flags = run(*plan.make_processor({'d'}), records, "changed");
    std::size_t first = 0;
    while (first < flags.size() && flags[first] != 1.0)
      ++first;
    EXPECT_GE(first, 2000u) << kind->name;
    EXPECT_LE(first, kind->name == "eddm" || kind->name == "ddm" ? 2500u : 2200u) << kind->name;
  }
}

TEST_F(drifts_test, tell_that_a_model_is_less_sure_at_the_end_of_a_window) {
  watch("{ estimated_accuracy: value, baseline_size: 100, window: 50, as: changed, accuracy: level, reason: why }");
  std::deque<record> records;
  for (std::size_t i = 0; i < 300; ++i)
    records.push_back({"a", (i < 200 ? 0.9 : 0.6) + (i % 2 == 0 ? 0.01 : -0.01), 0});
  const auto processor = plan.make_processor({'d'});
  const auto flags = run(*processor, records, "changed");
  std::vector<std::size_t> told;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i] == 1.0)
      told.push_back(i);
  EXPECT_EQ(told, (std::vector<std::size_t>{249, 299}));
}

TEST_F(drifts_test, warn_in_front_of_a_drift) {
  watch(example_of("hddm_a"));
  const auto levels = run(*plan.make_processor({'d'}), make_records(0.2, 0.5), "level");
  const auto warned = std::ranges::find(levels, std::optional{1.0});
  const auto changed = std::ranges::find(levels, std::optional{2.0});
  ASSERT_NE(changed, levels.end());
  EXPECT_LT(warned, changed);
}

TEST_F(drifts_test, go_on_after_a_restore_as_if_they_had_never_stopped) {
  auto records = make_records(0.2, 0.8);
  for (std::size_t i = 0; i < records.size(); i += 50)
    records[i].value = std::nullopt;
  for (const auto* kind : by_values()) {
    watch(example_of(std::string{kind->name}, ", by: key"));
    const auto steady = run(*plan.make_processor({'d'}), records, "level");
    auto lane = plan.make_processor({'d'});
    core::record_block log;
    std::vector<std::optional<double>> got;
    for (std::size_t begin = 0; begin < records.size(); begin += 700) {
      const auto end = std::min(begin + 700, records.size());
      const auto part = run(
          *lane,
          {records.begin() + static_cast<std::ptrdiff_t>(begin), records.begin() + static_cast<std::ptrdiff_t>(end)},
          "level");
      got.insert(got.end(), part.begin(), part.end());
      lane->collect_changes(log);
      lane = plan.make_processor({'d'});
      restore_all(*lane, log);
    }
    EXPECT_EQ(got, steady) << kind->name;
    EXPECT_EQ(got[0], std::nullopt) << kind->name;
  }
}

TEST_F(drifts_test, refuse_options_that_do_not_belong_together) {
  EXPECT_EQ(wrong("{ kswin: value, window_size: 50, stat_size: 30, as: changed }"),
            "s.yaml:1:1: error: 'stat_size' of kswin is more than half of 'window_size'\n");
  EXPECT_EQ(wrong("{ ddm: value, warning_threshold: 4, as: changed }"),
            "s.yaml:1:1: error: 'drift_threshold' of ddm is below 'warning_threshold': warnings would come behind "
            "drifts\n");
  EXPECT_EQ(wrong("{ adwin: key, as: changed }"),
            "s.yaml:1:10: error: drift detector needs a number, 'key' is a string: declare it as a number, or make one "
            "of it with 'encode' in preprocess\n");
}

} // namespace
} // namespace weir::steps
