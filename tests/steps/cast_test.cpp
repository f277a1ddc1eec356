#include "core/transform/preprocessor.hpp"
#include "tests/core/format/decoder_fixture.hpp"
#include "tests/steps/step_binder.hpp"

namespace weir::steps {
namespace {

using core::column_type;

class cast_test : public ::testing::Test {
protected:
  cast_test() {
    steps.source_column("text", column_type::string);
    steps.source_column("number", column_type::float64);
    steps.source_column("count", column_type::int64);
  }

  core::batch run(const std::string& yaml, const std::vector<std::string>& records) {
    steps.add(transforms(), yaml);
    plan = steps.walk.take_plan();
    core::preprocessor first{core::make_json_decoder({.columns = plan.columns.get()}), plan.transforms};
    return *first.run(core::block_of(records), 0);
  }

  const core::column& column(const core::batch& b, const std::string& name) const {
    return b.at(*plan.columns->find(name));
  }

  core::keyed_plan keyed;
  test::step_binder steps{keyed};
  config::lane_plan plan;
};

TEST_F(cast_test, reads_texts_as_numbers_and_sends_what_is_none_to_the_dead_letters) {
  const auto b = run("{ cast: text, to: double }",
                     {R"({"text":"1.5"})", R"({"text":"-7e2"})", R"({"text":null})", R"({"text":"seven"})", "{}"});
  EXPECT_EQ(b.rows, (std::vector<core::row_index>{0, 1, 2, 4}));
  EXPECT_EQ(column(b, "text").type, column_type::float64);
  EXPECT_EQ(column(b, "text").f64[0], 1.5);
  EXPECT_EQ(column(b, "text").f64[1], -700);
  EXPECT_TRUE(column(b, "text").is_null(2));
  EXPECT_TRUE(column(b, "text").is_null(4));
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].row, 3u);
  EXPECT_EQ(b.rejected[0].stage, core::stage::cast);
  EXPECT_EQ(b.rejected[0].reason, "'text' is no double: seven");
}

TEST_F(cast_test, makes_null_of_what_is_none_where_that_is_asked_for) {
  const auto b = run("{ cast: text, to: int, as: whole, on_error: null }",
                     {R"({"text":"12"})", R"({"text":"12.5"})", R"({"text":"99999999999999999999"})"});
  EXPECT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(column(b, "whole").i64[0], 12);
  EXPECT_TRUE(column(b, "whole").is_null(1));
  EXPECT_TRUE(column(b, "whole").is_null(2));
  EXPECT_EQ(column(b, "text").text[1], "12.5");
}

TEST_F(cast_test, cuts_fractions_and_refuses_what_does_not_fit) {
  const auto b = run("{ cast: number, to: int }", {R"({"number":-1.9})", R"({"number":1e300})", R"({"number":2})"});
  EXPECT_EQ(b.rows, (std::vector<core::row_index>{0, 2}));
  EXPECT_EQ(column(b, "number").i64[0], -1);
  EXPECT_EQ(column(b, "number").i64[2], 2);
}

TEST_F(cast_test, reads_times_and_truths) {
  steps.add(transforms(), "{ cast: text, to: timestamp, as: time, on_error: null }");
  const auto b = run("{ cast: text, to: bool, as: truth, on_error: null }",
                     {R"({"text":"1970-01-01T00:00:01Z"})", R"({"text":"TRUE"})", R"({"text":"0"})"});
  EXPECT_EQ(column(b, "time").i64[0], 1000);
  EXPECT_TRUE(column(b, "time").is_null(1));
  EXPECT_TRUE(column(b, "truth").is_null(0));
  EXPECT_EQ(column(b, "truth").i64[1], 1);
  EXPECT_EQ(column(b, "truth").i64[2], 0);
}

TEST_F(cast_test, writes_values_as_texts) {
  const auto b = run("{ cast: number, to: string, as: shown }", {R"({"number":0.1})", R"({"number":-3})", "{}"});
  EXPECT_EQ(column(b, "shown").text[0], "0.1");
  EXPECT_EQ(column(b, "shown").text[1], "-3");
  EXPECT_TRUE(column(b, "shown").is_null(2));
}

TEST_F(cast_test, later_steps_see_the_new_type) {
  EXPECT_EQ(steps.errors(transforms(), "{ cast: number, to: string }"), "");
  EXPECT_EQ(steps.errors(detectors(), "{ zscore: number, as: odd }"),
            "s.yaml:1:11: error: detector needs a number, 'number' is a string: declare it as a number, or "
            "make one of it with 'encode' in preprocess\n");
}

} // namespace
} // namespace weir::steps
