#include "io/console/dead_letter_log.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

dead_letter letter(std::int64_t at, std::string_view stage, std::string_view reason) {
  dead_letter out;
  out.topic = "in";
  out.partition = core::partition_id{2};
  out.at = core::offset{at};
  out.stage = stage;
  out.reason = reason;
  return out;
}

TEST(dead_letter_summary_test, counts_by_stage_and_reason_and_shows_the_first_of_each_once) {
  dead_letter_summary summary;
  EXPECT_EQ(summary.take(), "");
  summary.add({letter(7, "decode", "unexpected end (byte 3)"), letter(8, "decode", "expected ':' (byte 9)"),
               letter(9, "infer", "input 'Age' is null")});
  EXPECT_EQ(summary.take(), "dead letters: 2 decode malformed (the first is in/2@7: unexpected end (byte 3)), "
                            "1 infer null_input (the first is in/2@9: input 'Age' is null)");
  EXPECT_EQ(summary.take(), "");
  summary.add({letter(10, "decode", "unexpected end (byte 4)")});
  EXPECT_EQ(summary.take(), "dead letters: 1 decode malformed");
}

} // namespace
} // namespace weir::io
