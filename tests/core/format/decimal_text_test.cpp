#include "core/format/decimal_text.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

std::string decimal(std::string_view integer, std::int32_t scale) {
  std::string text = "x";
  append_decimal(integer, scale, text);
  return text.substr(1);
}

std::string base64(std::string_view text) {
  std::string bytes;
  return decode_base64(text, bytes) ? bytes : "wrong";
}

using namespace std::string_view_literals;

TEST(decimal_text_test, has_all_digits_of_a_short_integer) {
  EXPECT_EQ(decimal("\x04\xd2"sv, 2), "12.34");
  EXPECT_EQ(decimal("\x04\xd2"sv, 0), "1234");
  EXPECT_EQ(decimal("\x04\xd2"sv, 6), "0.001234");
  EXPECT_EQ(decimal("\x04\xd2"sv, -3), "1234000");
  EXPECT_EQ(decimal("\xff"sv, 2), "-0.01");
  EXPECT_EQ(decimal("\xff\x38"sv, 2), "-2.00");
  EXPECT_EQ(decimal("\x00"sv, 2), "0.00");
  EXPECT_EQ(decimal("\x00"sv, -5), "0");
  EXPECT_EQ(decimal("\x80\0\0\0\0\0\0\0"sv, 0), "-9223372036854775808");
  EXPECT_EQ(decimal("\x7f\xff\xff\xff\xff\xff\xff\xff"sv, 1), "922337203685477580.7");
}

TEST(decimal_text_test, has_all_digits_of_a_long_integer) {
  EXPECT_EQ(decimal("\0\x80\0\0\0\0\0\0\0"sv, 0), "9223372036854775808");
  EXPECT_EQ(decimal("\xff\0\0\0\0\0\0\0\0"sv, 0), "-18446744073709551616");
  EXPECT_EQ(decimal("\0\0\0\0\0\0\0\0\0\0"sv, 1), "0.0");
  EXPECT_EQ(decimal("\xff\xff\xff\xff\xff\xff\xff\xff\xff"sv, 0), "-1");
  EXPECT_EQ(decimal("\x0d\xe0\xb6\xb3\xa7\x64\0\0\0\0\0\0\0"sv, 0), "1099511627776000000000000000000");
}

TEST(decimal_text_test, reads_base64_with_its_padding) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("BNI="), "\x04\xd2");
  EXPECT_EQ(base64("/w=="), "\xff");
  EXPECT_EQ(base64("Ymx1"), "blu");
  for (const auto* wrong : {"BNI", "B*I=", "====", "B===", "BN I", "BNI=BNI="})
    EXPECT_EQ(base64(wrong), "wrong") << wrong;
}

} // namespace
} // namespace weir::core
