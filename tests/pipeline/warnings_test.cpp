#include "config/warnings.hpp"
#include "pipeline_fixture.hpp"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

class warnings_test : public test::pipeline_fixture {
protected:
  std::string of(const std::string& source, const std::string& schema, const std::string& window = "last: 5") {
    std::string all;
    for (const auto& one : warnings(good("name: p\nsource: " + source + "\nsink: console\nschema: " + schema
                                         + "\naggregate: [ { rolling: mean, of: x, by: a, " + window
                                         + ", as: m } ]\ndetect: [ { zscore: x, as: z } ]\n")))
      all += one.text() + "\n";
    return all;
  }
};

constexpr auto topic = "{ kafka: { brokers: b, topic: t } }";

TEST_F(warnings_test, state_by_the_key_is_right) {
  EXPECT_EQ(of(topic, "{ a: { type: string, key: true }, x: double }"), "");
}

TEST_F(warnings_test, state_by_another_column_is_kept_in_each_partition) {
  EXPECT_EQ(of(topic, "{ a: string, b: { type: string, key: true }, x: double }"),
            "p.yaml:5:14: warning: by 'a', but records are keyed by 'b': each partition has values of its own for the "
            "same 'a', unless the topic is keyed by it; say so with 'key: true' in the schema\n");
}

TEST_F(warnings_test, where_nothing_is_said_of_the_key_nobody_knows) {
  EXPECT_NE(of(topic, "{ a: string, x: double }").find("no field of the schema is 'key: true'"), std::string::npos);
}

TEST_F(warnings_test, a_file_is_not_a_topic) {
  EXPECT_EQ(of("{ file: in.csv }", "{ a: string, x: double }"), "");
}

TEST_F(warnings_test, a_window_over_time_on_a_file_needs_the_column_that_has_the_time) {
  const auto* schema = "{ a: string, x: double, at: timestamp }";
  EXPECT_EQ(of("{ file: in.csv }", schema, "over: 5m"),
            "p.yaml:5:14: warning: 'over: 5m' without 'time' is over what was read of the file within 5m: name the "
            "column that has the records' time with 'time'\n");
  EXPECT_EQ(of("{ file: in.csv }", schema, "over: 5m, time: at"), "");
}

TEST_F(warnings_test, a_window_that_makes_records_needs_them_too_and_what_stands_behind_it_does_not) {
  const auto of_steps = [&](const std::string& source, const std::string& step) {
    std::string all;
    for (const auto& one :
         warnings(good("name: p\nsource: " + source
                       + "\nsink: console\nschema: { a: string, b: { type: string, key: true }, at: "
                         "timestamp }\nsteps:\n  - { "
                       + step
                       + ", aggregates: { n: count() } }\n"
                         "  - { tumbling: 1h, by: a, start: s, end: e, aggregates: { all: sum(n) } }\n")))
      all += one.text() + "\n";
    return all;
  };
  EXPECT_EQ(of_steps("{ file: in.csv }", "session: 5m, by: a"),
            "p.yaml:6:5: warning: 'session: 5m' without 'time' is over what was read of the file within 5m: name the "
            "column that has the records' time with 'time'\n");
  EXPECT_EQ(of_steps("{ file: in.csv }", "tumbling: 5m, by: a, time: at"), "");
  EXPECT_EQ(of_steps(topic, "tumbling: 5m, by: [a, b]"), ""); // all of a 'b' is in one partition
  EXPECT_EQ(of_steps(topic, "tumbling: 5m, by: [a]").find("p.yaml:6:5: warning: by 'a', but records are keyed by 'b'"),
            0u);
}

} // namespace
} // namespace weir::config
