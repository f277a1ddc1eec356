#include "lane_fixture.hpp"

namespace weir::config::test {
namespace {

class metadata_test : public lane_fixture {
protected:
  static constexpr auto schema = "schema: { n: int }\n";
};

TEST_F(metadata_test, is_read_as_fields_are_and_is_not_written) {
  lane of{plan(std::string{schema} + "preprocess: [ { filter: _offset != 1 and _key = 'k' and _partition = 0 } ]\n")};
  EXPECT_EQ(of.output({R"({"n":0})", R"({"n":1})", R"({"n":2})"}), "{\"n\":0}\n{\"n\":2}\n");
}

TEST_F(metadata_test, is_written_under_another_name) {
  lane of{plan(std::string{schema}
               + "preprocess:\n"
                 "  - { rename: _key, to: key }\n"
                 "  - { derive: { at: _timestamp, from: _topic, place: \"_partition * 100 + _offset\" } }\n")};
  EXPECT_EQ(of.output({R"({"n":0})"}),
            "{\"n\":0,\"key\":\"k\",\"at\":\"1970-01-01T00:00:00.000Z\",\"from\":\"in\",\"place\":0}\n");
}

TEST_F(metadata_test, groups_windows_and_stands_in_summaries) {
  const auto made = plan(std::string{schema}
                         + "aggregate: [ { rolling: mean, of: n, by: _key, last: 10, as: m } ]\n"
                           "alerts: [ { name: a, when: n > 5, summary: 'at {_offset}' } ]\n");
  ASSERT_TRUE(made.columns->find("_key"));
  ASSERT_TRUE(made.columns->find("_offset"));
  EXPECT_FALSE(made.columns->find("_topic"));
  lane of{made};
  EXPECT_EQ(of.output({R"({"n":1})", R"({"n":3})"}), "{\"n\":1,\"m\":1}\n{\"n\":3,\"m\":2}\n");
}

TEST_F(metadata_test, costs_nothing_where_nobody_reads_it) {
  const auto made = plan(std::string{schema} + "preprocess: [ { filter: n > 0 } ]\n");
  EXPECT_EQ(made.columns->size(), 1u);
  EXPECT_EQ(made.transforms->size(), 1u);
  EXPECT_TRUE(made.headers.empty());
}

TEST_F(metadata_test, a_field_of_the_record_of_its_name_goes_through) {
  const std::string steps = "preprocess: [ { filter: _offset >= 0 } ]\n";
  EXPECT_EQ(lane{plan(schema + steps)}.output({R"({"n":0,"_offset":7})"}), "{\"n\":0,\"_offset\":7}\n");
  EXPECT_EQ(lane{plan("schema: { _offset: int }\npreprocess: [ { filter: _offset > 5 } ]\n")}.output(
                {R"({"_offset":7})", R"({"_offset":3})"}),
            "{\"_offset\":7}\n");
}

TEST_F(metadata_test, headers_are_those_of_a_topic) {
  EXPECT_EQ(compile_errors(std::string{schema} + "preprocess: [ { filter: _headers.id = 'x' } ]\n"),
            "p.yaml:5:25: error: unknown column '_headers.id', known columns: n\n");
  const auto made =
      compile(good("name: p\nsource: { kafka: { brokers: b, topic: t } }\nsink: console\nschema: { n: int }\n"
                   "preprocess:\n  - filter: _headers.id = 'x' or `_headers.trace-id` is null\n"
                   "  - { rename: _headers.a b, to: ab }\n"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->headers, (std::vector<std::string>{"a b", "id", "trace-id"}));
}

} // namespace
} // namespace weir::config::test
