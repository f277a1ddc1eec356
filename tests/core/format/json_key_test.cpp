#include "core/format/json_format.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// The key by the field `id`, in angle brackets; `-`: there is none.
std::string key_of(std::string_view line) {
  const auto keys = make_json_key({}, "id");
  const auto key = (*keys)->of(line);
  return key ? "<" + std::string{*key} + ">" : "-";
}

TEST(json_key, is_the_text_of_a_string_and_else_what_is_written) {
  EXPECT_EQ(key_of(R"({"id":"a b","x":1})"), "<a b>");
  EXPECT_EQ(key_of(R"({"x":1,"id":"a"})"), "<a>");
  EXPECT_EQ(key_of(R"({ "x" : "{" , "id" : "" })"), "<>");
  EXPECT_EQ(key_of(R"({"id":17})"), "<17>");
  EXPECT_EQ(key_of(R"({"id" : -1.50e+3 , "x":1})"), "<-1.50e+3>");
  EXPECT_EQ(key_of(R"({"id":true})"), "<true>");
  EXPECT_EQ(key_of(R"({"id":[1, 2]})"), "<[1, 2]>");
  EXPECT_EQ(key_of(R"({"id":{"a":1}})"), R"(<{"a":1}>)");
}

TEST(json_key, resolves_escapes_wherever_they_are) {
  EXPECT_EQ(key_of(R"({"id":"a\"b\u0041"})"), "<a\"bA>");
  EXPECT_EQ(key_of(R"({"\u0069d":"a"})"), "<a>");
  EXPECT_EQ(key_of(R"({"x":"\",\"id\":\"wrong\"","id":"a"})"), "<a>");
}

TEST(json_key, is_the_records_own_field_and_the_first_of_its_name) {
  EXPECT_EQ(key_of(R"({"x":{"id":"inner"},"id":"outer"})"), "<outer>");
  EXPECT_EQ(key_of(R"({"x":[{"id":"inner"}],"id":"outer"})"), "<outer>");
  EXPECT_EQ(key_of(R"({"x":"id","id":"a"})"), "<a>");
  EXPECT_EQ(key_of(R"({"id":"a","id":"b"})"), "<a>");
}

TEST(json_key, is_none_where_there_is_no_value) {
  for (const auto* line : {R"({"id":null,"x":1})", R"({"x":1})", R"({"x":{"id":1}})", "[]", "", "{", R"("id":1)",
                           R"({"id":"cut off)", R"({"id":12)", "not JSON"})
    EXPECT_EQ(key_of(line), "-") << line;
}

} // namespace
} // namespace weir::core
