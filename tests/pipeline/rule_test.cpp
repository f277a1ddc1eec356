#include "lane_fixture.hpp"

namespace weir::config {
namespace {

using test::lane;

class rule_test : public test::lane_fixture {
protected:
  static constexpr auto schema = "schema: { status: string, x: double, n: int }\n";
};

TEST_F(rule_test, says_which_records_fulfil_it_how_bad_that_is_and_why) {
  lane rules{plan(std::string{schema}
                  + "detect: [ { rule: \"status = 'failed' or x > 5\", level: high, as: bad, severity: how, "
                    "reason: why } ]\n")};
  EXPECT_EQ(rules.output({R"({"status":"ok","x":1})", R"({"status":"failed"})", R"({"status":"ok"})",
                          R"({"status":null,"x":9})"}),
            R"({"status":"ok","x":1,"bad":false,"how":null,"why":null})"
            "\n"
            R"({"status":"failed","bad":true,"how":"high","why":"status = 'failed' or x > 5"})"
            "\n"
            R"({"status":"ok","bad":null,"how":null,"why":null})"
            "\n"
            R"({"status":null,"x":9,"bad":true,"how":"high","why":"status = 'failed' or x > 5"})"
            "\n");
}

TEST_F(rule_test, reads_what_windows_models_and_all_detectors_above_it_made) {
  lane rules{plan(std::string{schema}
                  + "aggregate: [ { rolling: sum, of: x, by: status, last: 3, as: total } ]\n"
                    "infer: [ { sgd_regressor: x, inputs: [n], as: guess } ]\n"
                    "detect:\n"
                    "  - { threshold: x, above: 3, as: large }\n"
                    "  - { new_category: status, min_count: 1, as: never_seen }\n"
                    "  - { rule: large or never_seen, as: odd }\n"
                    "  - { rule: odd and total > 5 and guess is not null, as: worst }\n")};
  const auto b = rules.run({R"({"status":"a","x":1,"n":1})", R"({"status":"a","x":4,"n":1})",
                            R"({"status":"b","x":1,"n":1})", R"({"status":"a","x":4,"n":1})"});
  const auto said = [&](std::string_view name) { return b.at(*rules.plan().columns->find(name)).i64; };
  EXPECT_EQ(said("odd"), (std::vector<std::int64_t>{0, 1, 1, 1}));
  EXPECT_EQ(said("worst"), (std::vector<std::int64_t>{0, 0, 0, 1}));
}

TEST_F(rule_test, has_no_state_and_goes_on_with_that_of_others) {
  const auto sections = std::string{schema}
                        + "detect:\n  - { rule: x > 1, as: first }\n"
                          "  - { new_category: status, min_count: 1, as: never_seen }\n";
  lane rules{plan(sections)};
  rules.run({R"({"status":"a","x":1})", R"({"status":"b","x":2})"});
  rules.commit();
  EXPECT_EQ(rules.restart(), "");
  EXPECT_EQ(rules.output({R"({"status":"b","x":2})", R"({"status":"c","x":1})"}),
            R"({"status":"b","x":2,"first":true,"never_seen":false})"
            "\n"
            R"({"status":"c","x":1,"first":false,"never_seen":true})"
            "\n");
}

TEST_F(rule_test, says_what_is_wrong_at_its_place) {
  EXPECT_EQ(compile_errors(std::string{schema} + "detect: [ { rule: x + 1, as: odd } ]\n"),
            "p.yaml:5:19: error: a rule must be true or false, this is a double\n");
  EXPECT_EQ(compile_errors(std::string{schema} + "detect: [ { rule: y > 1, as: odd } ]\n"),
            "p.yaml:5:19: error: unknown column 'y', did you mean 'x'?\n");
  EXPECT_EQ(compile_errors(std::string{schema} + "detect: [ { rule: x > 1, level: bad, as: odd } ]\n"),
            "p.yaml:5:33: error: 'level' in detector must be one of low, medium, high, critical, found 'bad'\n");
}

} // namespace
} // namespace weir::config
