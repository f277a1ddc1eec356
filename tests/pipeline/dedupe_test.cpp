#include "config/compile.hpp"
#include "config/lane_runner.hpp"
#include "config/warnings.hpp"
#include "pipeline_fixture.hpp"
#include "tests/core/format/decoder_fixture.hpp"

namespace weir::config {
namespace {

class dedupe_test : public test::pipeline_fixture {
protected:
  static std::string file(const std::string& preprocess) {
    return "name: p\nsource: { file: in }\nsink: console\n"
           "schema: { id: string, x: double, at: timestamp }\npreprocess:\n"
           + preprocess;
  }

  lane_plan plan(const std::string& preprocess) {
    auto made = compile(good(file(preprocess)));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    return made ? *made : lane_plan{};
  }

  std::string wrong(const std::string& preprocess) {
    const auto text = errors(file(preprocess));
    const auto made = text.empty() ? compile(good(file(preprocess))) : lane_plan{};
    std::string all = text;
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      all += d.text() + "\n";
    return all;
  }
};

TEST_F(dedupe_test, runs_where_it_stands) {
  const auto made = plan("  - dedupe: id\n  - filter: x > 0\n");
  const auto b =
      *lane_runner{made}.run(core::block_of({R"({"id":"a","x":-1})", R"({"id":"a","x":1})", R"({"id":"b","x":2})"}));
  EXPECT_EQ(b.rows, std::vector<core::row_index>{2}); // the first counted as seen before it was filtered
}

TEST_F(dedupe_test, runs_behind_the_filters_and_in_front_of_the_windows) {
  const auto made = plan("  - filter: x > 0\n  - dedupe: id\n"
                         "aggregate: [ { rolling: count, of: x, by: id, last: 5, as: n } ]\n");
  const auto b =
      *lane_runner{made}.run(core::block_of({R"({"id":"a","x":-1})", R"({"id":"a","x":1})", R"({"id":"a","x":2})"}));
  EXPECT_EQ(b.rows, std::vector<core::row_index>{1}); // the first was filtered before it could count as seen
  EXPECT_EQ(b.at(*made.columns->find("n")).f64[1], 1);
}

TEST_F(dedupe_test, says_what_is_wrong) {
  EXPECT_EQ(wrong("  - dedupe: [id, xx]\n"),
            "p.yaml:6:18: error: unknown column 'xx' in dedupe step, did you mean 'x'?\n");
  EXPECT_EQ(wrong("  - { dedupe: id, time: at }\n"), "p.yaml:6:25: error: 'time' belongs to 'within'\n");
  EXPECT_EQ(wrong("  - { dedupe: id, within: 5m, time: id }\n"),
            "p.yaml:6:37: error: dedupe step needs a timestamp, 'id' is a string\n");
}

TEST_F(dedupe_test, a_time_on_a_file_needs_its_column) {
  const auto doubts = warnings(good(file("  - { dedupe: id, within: 5m }\n")));
  ASSERT_EQ(doubts.size(), 1u);
  EXPECT_EQ(doubts[0].text(), "p.yaml:6:5: warning: 'within: 5m' without 'time' is over what was read of the file "
                              "within 5m: name the column that has the records' time with 'time'");
}

} // namespace
} // namespace weir::config
