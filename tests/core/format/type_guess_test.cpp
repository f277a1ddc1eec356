#include "core/format/type_guess.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace weir::core {
namespace {

column_type type_of(std::initializer_list<std::string_view> texts) {
  type_guess guess;
  for (const auto text : texts)
    guess.take_text(text);
  return guess.type();
}

column_type type_of_json(std::initializer_list<std::string_view> values) {
  type_guess guess;
  for (const auto value : values)
    guess.take_json(value);
  return guess.type();
}

TEST(type_guess_test, is_what_all_values_are) {
  EXPECT_EQ(type_of({"1", "-20", "+3", "9223372036854775807"}), column_type::int64);
  EXPECT_EQ(type_of({"1.5", "1e3", ".5", "2."}), column_type::float64);
  EXPECT_EQ(type_of({"1", "1.5"}), column_type::float64);
  EXPECT_EQ(type_of({"true", "FALSE"}), column_type::boolean);
  EXPECT_EQ(type_of({"2026-01-05", "2026-01-05T13:45:10.000Z"}), column_type::timestamp);
  EXPECT_EQ(type_of({"a", "b"}), column_type::string);
}

TEST(type_guess_test, is_a_string_where_values_differ) {
  EXPECT_EQ(type_of({"1", "n/a"}), column_type::string);
  EXPECT_EQ(type_of({"1", "true"}), column_type::string);
  EXPECT_EQ(type_of({"2026-01-05", "1"}), column_type::string);
  EXPECT_EQ(type_of({"inf", "1"}), column_type::string);
}

TEST(type_guess_test, does_not_take_a_code_for_a_number) {
  EXPECT_EQ(type_of({"0815", "4711"}), column_type::string);
  EXPECT_EQ(type_of({"0", "-0", "0.5"}), column_type::float64);
  EXPECT_EQ(type_of({"12345678901234567890", "1"}), column_type::string);
  EXPECT_EQ(type_of({"12345678901234567890", "1.5"}), column_type::float64);
}

TEST(type_guess_test, learns_nothing_of_a_null_but_that_there_are_some) {
  EXPECT_EQ(type_of({"", "1", ""}), column_type::int64);
  EXPECT_EQ(type_of({"", ""}), column_type::string);
  EXPECT_EQ(type_of({}), column_type::string);
  type_guess guess;
  guess.take_text("");
  guess.take_json("null");
  guess.take_text("x");
  EXPECT_EQ(guess.nulls(), 2u);
  guess.take_field({.text = "", .raw = ""});
  guess.take_field({.text = "", .raw = "\"\"", .is_quoted = true});
  EXPECT_EQ(guess.nulls(), 3u);
  EXPECT_EQ(guess.values(), 2u);
}

TEST(type_guess_test, keeps_the_types_of_json) {
  EXPECT_EQ(type_of_json({"1", "null", "2"}), column_type::int64);
  EXPECT_EQ(type_of_json({"1", "2.0"}), column_type::float64);
  EXPECT_EQ(type_of_json({"true", "false"}), column_type::boolean);
  EXPECT_EQ(type_of_json({"\"1\"", "\"2\""}), column_type::string);
  EXPECT_EQ(type_of_json({"\"2026-01-05T13:45:10Z\""}), column_type::timestamp);
  EXPECT_EQ(type_of_json({"\"\"", "\"true\""}), column_type::string);
  EXPECT_EQ(type_of_json({"{\"a\":1}"}), column_type::string);
  EXPECT_EQ(type_of_json({"[1]", "1"}), column_type::string);
}

} // namespace
} // namespace weir::core
