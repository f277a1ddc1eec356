#include "core/stats/dead_letter_reasons.hpp"

#include "core/stats/figures.hpp"
#include "core/stats/metrics_text.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

std::string code_of(stage at, std::string_view sentence) {
  const auto& reason = dead_letter_reason_table[dead_letter_reason_of(at, sentence)];
  EXPECT_EQ(reason.stage, at);
  return std::string{reason.code};
}

TEST(dead_letter_reasons_test, a_sentence_with_values_and_places_is_counted_by_a_fixed_word) {
  EXPECT_EQ(code_of(stage::decode, "null value"), "null_value");
  EXPECT_EQ(code_of(stage::decode, "empty record"), "empty");
  EXPECT_EQ(code_of(stage::decode, "invalid UTF-8 (byte 17)"), "encoding");
  EXPECT_EQ(code_of(stage::decode, "expected ',' or '}' (byte 3)"), "malformed");
  EXPECT_EQ(code_of(stage::cast, "field 'Amount' is required and is missing"), "missing");
  EXPECT_EQ(code_of(stage::cast, "field 'Amount' is required and is null"), "null");
  EXPECT_EQ(code_of(stage::cast, "field 'Amount': expected double, found string"), "wrong_type");
  EXPECT_EQ(code_of(stage::cast, "'Age' is no int: x"), "wrong_type");
  EXPECT_EQ(code_of(stage::infer, "input 'Age' is null"), "null_input");
  EXPECT_EQ(code_of(stage::detect, "the record's key has 5000 bytes; 4096 are the most"), "long_key");
  EXPECT_EQ(code_of(stage::produce, "the record is too large: 9 bytes, the topic 't' takes 8 (max.message.bytes)"),
            "too_large");
  EXPECT_EQ(code_of(stage::infer, "what nobody has thought of"), "other");
}

TEST(dead_letter_reasons_test, each_is_a_figure_of_its_own) {
  std::set<std::string_view> names;
  for (const auto& reason : dead_letter_reason_table) {
    EXPECT_EQ(reason.figure, "dead_" + std::string{to_string(reason.stage)} + "_" + std::string{reason.code});
    EXPECT_TRUE(names.insert(reason.figure).second) << reason.figure;
  }
}

TEST(dead_letter_reasons_test, prometheus_gets_the_sum_of_the_lanes_by_stage_and_reason) {
  lane_stats stats;
  lane_stats::add(stats.dead_by[dead_letter_reason_of(stage::cast, "field 'a' is required and is null")], 3);
  lane_snapshot lane;
  lane.figures = read_figures({{}, stats, true});
  EXPECT_EQ(lane.figures["dead_cast_null"], 3);
  const auto text = metrics_text({lane, lane}, true, 0, {}, {"p", "n", "1"});
  EXPECT_NE(text.find(R"(weir_dead_letters_total{pipeline="p",node="n",stage="cast",reason="null"} 6)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(weir_dead_letters_total{pipeline="p",node="n",stage="decode",reason="malformed"} 0)"),
            std::string::npos);
}

} // namespace
} // namespace weir::core
