#include "config/show.hpp"
#include "config/yaml_text.hpp"
#include "lane_fixture.hpp"

namespace weir::config {
namespace {

using test::lane;

class detector_alerts_test : public test::lane_fixture {
protected:
  static constexpr auto detectors = "schema: { id: string, x: double }\n"
                                    "detect:\n"
                                    "  - { threshold: x, above: 10, as: high, score: high_by }\n"
                                    "  - { rule: x < 0, level: critical, as: negative }\n";

  static std::vector<std::string> alerts_of(const core::batch& b) {
    std::vector<std::string> all;
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i)
      all.emplace_back(b.alerts->value(i));
    return all;
  }

  /// The member of an alert, as it is written.
  static std::string member(const std::string& alert, const std::string& name) {
    const auto begin = alert.find(",\"" + name + "\":");
    if (begin == std::string::npos)
      return "no " + name;
    return alert.substr(begin + name.size() + 4, alert.find(",\"", begin + 1) - begin - name.size() - 4);
  }
};

TEST_F(detector_alerts_test, say_what_the_detector_says_with_the_record_and_an_empty_label) {
  lane rules{plan(std::string{detectors} + "alerts: [ { detector: negative } ]\n")};
  const auto said = alerts_of(rules.run({R"({"id":"a","x":-1,"more":[1,"b"]})"}));
  ASSERT_EQ(said.size(), 1u);
  const auto details = said[0].substr(said[0].find(",\"detector\""));
  EXPECT_EQ(details,
            R"(,"detector":"negative","kind":"rule","of":"x < 0","reason":"x < 0",)"
            R"("record":{"id":"a","x":-1,"more":[1,"b"],"high_by":0,"high":false,"negative":true},"label":null})");
  EXPECT_EQ(member(said[0], "severity"), "\"critical\"");
  EXPECT_EQ(member(said[0], "summary"), "\"x < 0\"");
}

TEST_F(detector_alerts_test, are_of_each_detector_that_no_other_rule_names) {
  lane rules{plan(std::string{detectors}
                  + "alerts: [ { detector: all }, { name: cold, detector: negative, summary: \"{id}\" } ]\n")};
  const auto said = alerts_of(rules.run({R"({"id":"a","x":-1})", R"({"id":"b","x":12})"}));
  ASSERT_EQ(said.size(), 3u);
  EXPECT_EQ(said[0].substr(0, 33), R"({"alert":"high","status":"firing")");
  EXPECT_EQ(said[1].substr(0, 33), R"({"alert":"cold","status":"firing")");
  EXPECT_EQ(member(said[1], "summary"), "\"a\"");
}

TEST_F(detector_alerts_test, show_no_record_when_they_are_resolved) {
  lane rules{plan(std::string{detectors} + "alerts: [ { detector: negative } ]\n")};
  const auto said = alerts_of(rules.run({R"({"id":"a","x":-1})", R"({"id":"a","x":1})"}));
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1].substr(said[1].find(",\"offset\"")),
            R"(,"offset":1,"detector":"negative","kind":"rule","of":"x < 0"})");
}

TEST_F(detector_alerts_test, leave_the_output_as_it_is) {
  const std::string record = R"({"id":"a","x":12})";
  lane without{plan(detectors)};
  lane with{plan(std::string{detectors} + "alerts: [ { detector: all } ]\n")};
  EXPECT_EQ(with.output({record}), without.output({record}));
}

TEST_F(detector_alerts_test, make_objects_of_records_that_go_out_as_rows) {
  const auto csv = compile(good("name: p\nsource: { file: in.csv }\nsink: { file: out.csv }\n" + std::string{detectors}
                                + "alerts: [ { detector: negative } ]\n"));
  ASSERT_TRUE(csv);
  auto raw = std::make_shared<core::raw_block>();
  raw->append(0, 0, "", 0, "a,-1", 4);
  raw->seal();
  const auto batch = *lane_runner{*csv, core::unbounded_state, {"id", "x"}}.run(raw);
  const auto said = alerts_of(batch);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find(R"("record":{"id":"a","x":-1,"high_by":0,"high":false,"negative":true})"), std::string::npos)
      << said[0];
}

TEST_F(detector_alerts_test, of_a_drift_of_the_whole_pipeline_are_the_supervisors) {
  const auto made = plan("schema: { x: double }\ndrift: [ { data_drift: x, scope: pipeline, as: x_drifts } ]\n"
                         "alerts: [ { detector: all } ]\n");
  EXPECT_TRUE(made.lane_rules->rules.empty());
  ASSERT_EQ(made.engine_rules.size(), 1u);
  EXPECT_EQ(made.engine_rules[0].options().name, "x_drifts");
  EXPECT_EQ(made.engine_rules[0].options().when, "`x_drifts` > 0");
}

TEST_F(detector_alerts_test, are_read_again_from_what_is_shown) {
  const auto yaml = std::string{head} + detectors + "alerts: [ { detector: all, repeat: 1h } ]\n";
  const auto shown = yaml_text(show(good(yaml)));
  EXPECT_EQ(yaml_text(show(good(shown))), shown);
}

TEST_F(detector_alerts_test, are_told_apart_by_what_the_detector_tells_apart) {
  const auto made = good(std::string{head}
                         + "schema: { id: string, x: double }\ndetect: [ { zscore: x, by: id, as: odd } ]\n"
                           "alerts: [ { detector: odd } ]\n");
  ASSERT_EQ(made.alerts.size(), 1u);
  EXPECT_EQ(made.alerts[0].by.value().text, "id");
  EXPECT_EQ(made.alerts[0].name, "odd");
}

} // namespace
} // namespace weir::config
