#include "config/parse.hpp"
#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

class null_sink_test : public ::testing::Test {
protected:
  static auto parse(const std::string& sections) {
    const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                      [](const std::string&) { return std::nullopt; }};
    return config::parse_pipeline("name: p\n" + sections, "p.yaml", catalogue(), nothing);
  }
};

TEST_F(null_sink_test, takes_records_and_says_at_once_that_they_are_through) {
  const auto pipeline = parse("source: { file: in }\nsink: { null: {} }\n");
  ASSERT_TRUE(pipeline) << pipeline.error().front().text();
  output_opener opener;
  const auto sink = pipeline->sinks[0].to->open(opener, {});
  ASSERT_TRUE(sink);
  auto block = std::make_shared<core::record_block>();
  block->append("key", "value");
  int delivered = 0;
  EXPECT_TRUE((*sink)->write(block, core::partition_id{0}, [&](bool ok) { delivered += ok ? 1 : 0; }).empty());
  EXPECT_EQ(delivered, 1);
}

TEST_F(null_sink_test, does_not_stand_in_the_way_of_exactly_once) {
  const auto pipeline = parse("source: { kafka: { brokers: b, topic: t } }\nsink: { null: {} }\n");
  ASSERT_TRUE(pipeline) << pipeline.error().front().text();
  EXPECT_EQ(effective_guarantee(*pipeline), config::guarantee::exactly_once);
}

TEST_F(null_sink_test, refuses_dead_letters) {
  const auto pipeline = parse("source: { file: in }\nsink: console\ndead_letter: { null: {} }\n");
  ASSERT_FALSE(pipeline);
  EXPECT_EQ(pipeline.error().front().text(), "p.yaml:4:14: error: dead letters would be lost in a null sink");
}

} // namespace
} // namespace weir::io
