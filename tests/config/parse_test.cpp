#include "config/parse.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

using namespace std::chrono_literals;

environment variables(std::map<std::string, std::string> values, std::map<std::string, std::string> files = {}) {
  auto look_up = [](std::map<std::string, std::string> in) {
    return [in = std::move(in)](const std::string& name) -> std::optional<std::string> {
      auto found = in.find(name);
      return found == in.end() ? std::nullopt : std::optional{found->second};
    };
  };
  return {look_up(std::move(values)), look_up(std::move(files))};
}

class parse_test : public ::testing::Test {
protected:
  /// What `yaml` parses to; fails the test with the diagnostics if it does not.
  pipeline good(const std::string& yaml) {
    auto result = parse_pipeline(yaml, "pipeline.yaml", from);
    for (const auto& d : result ? std::vector<diagnostic>{} : result.error())
      ADD_FAILURE() << d.text();
    return result ? *result : pipeline{};
  }

  /// All diagnostics of `yaml`, a line each.
  std::string errors(const std::string& yaml) {
    auto result = parse_pipeline(yaml, "p.yaml", from);
    std::string text;
    for (const auto& d : result ? std::vector<diagnostic>{} : result.error())
      text += d.text() + "\n";
    return text;
  }

  static std::string file(const std::string& name) {
    std::ifstream in{std::string{WEIR_SOURCE_DIR} + "/tests/data/pipelines/" + name};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  environment from = variables({});
};

TEST_F(parse_test, reads_a_full_pipeline) {
  auto p = good(file("transactions.yaml"));
  EXPECT_EQ(p.name, "transactions");
  EXPECT_EQ(p.file, "pipeline.yaml");
  const auto& source = std::get<kafka_source>(p.source.from);
  EXPECT_EQ(source.brokers, "localhost:9092");
  EXPECT_EQ(source.topic, "txn");
  EXPECT_EQ(source.group, "weir-transactions");
  EXPECT_EQ(p.source.format, data_format::json);
  ASSERT_EQ(p.schema.size(), 5u);
  EXPECT_EQ(p.schema[0].name, "CustomerID");
  EXPECT_TRUE(p.schema[0].key);
  EXPECT_EQ(p.schema[1].type, core::column_type::timestamp);
  EXPECT_TRUE(p.schema[2].required);
  ASSERT_EQ(p.preprocess.size(), 3u);
  EXPECT_EQ(p.schema[4].name, "Age"); // not in the schema, but an input of the model
  EXPECT_EQ(p.schema[4].type, core::column_type::float64);
  EXPECT_EQ(std::get<filter_step>(p.preprocess[0]).when.text, "Amount > 50");
  EXPECT_EQ(std::get<derive_step>(p.preprocess[1]).columns[1].first.text, "amount_per_age");
  EXPECT_EQ(std::get<encode_step>(p.preprocess[2]).as.text, "device_code");
  ASSERT_EQ(p.aggregate.size(), 2u);
  EXPECT_EQ(p.aggregate[0].last, 20u);
  EXPECT_EQ(p.aggregate[0].by->text, "CustomerID");
  EXPECT_EQ(p.aggregate[1].over, 5min);
  EXPECT_FALSE(p.aggregate[1].by);
  ASSERT_EQ(p.infer.size(), 1u);
  EXPECT_EQ(p.infer[0].inputs.size(), 3u);
  ASSERT_EQ(p.detect.size(), 1u);
  EXPECT_EQ(p.detect[0].kind, detector_kind::zscore);
  ASSERT_EQ(p.alerts.size(), 1u);
  EXPECT_EQ(p.alerts[0].level, severity::high);
  EXPECT_EQ(p.alerts[0].summary.text, "{CustomerID} spent {Amount}");
  ASSERT_EQ(p.sinks.size(), 1u);
  EXPECT_EQ(std::get<kafka_sink>(p.sinks[0].to).brokers, "localhost:9092");
  ASSERT_TRUE(p.dead_letter);
  EXPECT_EQ(effective_guarantee(p), guarantee::exactly_once);
}

TEST_F(parse_test, names_the_place_and_the_nearest_word_of_an_unknown_field) {
  EXPECT_EQ(errors("name: p\nsource: { file: in.csv }\npreprocess:\n  - fitler: a > 1\nsink: console\n"),
            "p.yaml:4:5: error: unknown field 'fitler' in preprocess step, did you mean 'filter'?\n");
}

} // namespace
} // namespace weir::config
