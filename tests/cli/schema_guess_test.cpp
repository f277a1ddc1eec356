#include "cli/schema_guess.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

/// `name type[ key][ required][ # doubt]`, a line each.
std::string text_of(const schema_guess& guess) {
  std::string text;
  for (const auto& field : guess.fields())
    text += field.name + " " + std::string{to_string(field.type)} + (field.is_key ? " key" : "")
            + (field.is_required ? " required" : "") + (field.doubt.empty() ? "" : " # " + field.doubt) + "\n";
  return text;
}

std::string of_objects(const std::vector<std::string>& records) {
  schema_guess guess{{}};
  for (const auto& record : records)
    guess.take(record);
  return text_of(guess);
}

std::string of_rows(const std::vector<std::string>& header, const std::vector<std::string>& rows) {
  schema_guess guess{header};
  for (const auto& row : rows)
    guess.take(row);
  return text_of(guess);
}

TEST(schema_guess_test, types_are_those_that_all_values_have) {
  EXPECT_EQ(of_objects({R"({"i":1,"d":1,"s":"x","b":true,"t":"2026-01-05T13:45:10Z"})",
                        R"({"i":-2,"d":0.5,"s":"1","b":false,"t":"2026-01-05"})"}),
            "i int required\nd double required\ns string required\nb bool required\nt timestamp required\n");
  EXPECT_EQ(of_rows({"i", "d", "s", "b", "t"}, {"1,1,x,true,2026-01-05T13:45:10Z", "-2,.5,\"\",false,2026-01-05"}),
            "i int required\nd double required\ns string required\nb bool required\nt timestamp required\n");
}

TEST(schema_guess_test, what_a_record_lacks_is_not_required) {
  EXPECT_EQ(of_objects({R"({"a":1,"b":1,"c":null})", R"({"a":2,"c":3})"}), "a int required\nb int\nc int\n");
  EXPECT_EQ(of_rows({"a", "b"}, {"1,", "2,3"}), "a int required\nb int\n");
}

TEST(schema_guess_test, what_had_to_be_guessed_is_said) {
  EXPECT_EQ(of_objects({R"({"a":null,"t":1767225600000,"m":1})", R"({"a":null,"t":1767225600001,"m":"x"})"}),
            "a string # no record has a value\n"
            "t timestamp required # whole numbers that may be milliseconds since 1970; int otherwise\n"
            "m string required # values of several types: int in 1, a text in 1\n");
  EXPECT_EQ(of_rows({"zip"}, {"01234", "99999"}),
            "zip string required # numbers with zeros in front; int would lose them\n");
  EXPECT_EQ(of_rows({"n"}, {"0", "0.5", "-0"}), "n double required\n");
}

TEST(schema_guess_test, a_field_that_is_the_key_of_every_record_is_the_key) {
  schema_guess guess{{}};
  guess.take(R"({"n":1,"id":"a","copy":"a"})", "a");
  guess.take(R"({"n":2,"id":"b","copy":"b"})", "b");
  EXPECT_EQ(text_of(guess), "n int required\nid string key required\ncopy string required\n");
  guess.take(R"({"n":2,"id":"c","copy":"c"})");
  EXPECT_EQ(text_of(guess), "n int required\nid string required\ncopy string required\n");
}

TEST(schema_guess_test, objects_and_lists_go_through) {
  schema_guess guess{{}};
  guess.take(R"({"a":{"b":1},"c":[1],"d":1})");
  EXPECT_EQ(text_of(guess), "d int required\n");
  EXPECT_EQ(guess.nested(), (std::vector<std::string>{"a", "c"}));
}

TEST(schema_guess_test, what_cannot_be_read_is_counted_alone) {
  schema_guess guess{{}};
  for (const auto* record : {"{", "[1]", "", "3", R"({"a":1})"})
    guess.take(record);
  EXPECT_EQ(guess.records(), 1u);
  EXPECT_EQ(guess.unreadable(), 4u);
  schema_guess rows{{"a", "b"}};
  for (const auto* row : {"1", "1,2,3", "\"1,2", "1,2"})
    rows.take(row);
  EXPECT_EQ(rows.records(), 1u);
  EXPECT_EQ(rows.unreadable(), 3u);
}

TEST(schema_guess_test, of_a_name_twice_in_a_record_the_first_counts) {
  EXPECT_EQ(of_objects({R"({"a":1,"a":"x"})"}), "a int required\n");
}

} // namespace
} // namespace weir::cli
