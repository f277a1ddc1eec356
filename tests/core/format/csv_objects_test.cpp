#include "core/format/csv_objects.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// The object of a row, or `error: ...`.
std::string object_of(const std::vector<std::string>& header, std::string_view row) {
  csv_objects objects{header};
  const auto made = objects.object_of(row);
  return made ? std::string{*made} : "error: " + made.error().text();
}

TEST(csv_objects_test, numbers_are_numbers_and_an_empty_field_is_null) {
  EXPECT_EQ(object_of({"id", "amount", "note"}, "C1,12.50,hello"), R"({"id":"C1","amount":12.50,"note":"hello"})");
  EXPECT_EQ(object_of({"id", "amount", "note"}, "C2,-3e2,"), R"({"id":"C2","amount":-3e2,"note":null})");
}

TEST(csv_objects_test, what_json_would_not_call_a_number_stays_a_string) {
  EXPECT_EQ(object_of({"a", "b", "c", "d", "e"}, "007,+1,1.,0x10,NaN"),
            R"({"a":"007","b":"+1","c":"1.","d":"0x10","e":"NaN"})");
}

TEST(csv_objects_test, quoted_numbers_and_a_quoted_nothing_are_strings) {
  EXPECT_EQ(object_of({"a", "b"}, "\"42\",\"\""), R"({"a":"42","b":""})");
}

TEST(csv_objects_test, truth_values_are_written_as_such) {
  EXPECT_EQ(object_of({"a", "b", "c"}, "true,false,True"), R"({"a":true,"b":false,"c":"True"})");
}

TEST(csv_objects_test, quotes_and_line_ends_are_escaped_in_names_too) {
  EXPECT_EQ(object_of({"a\"b"}, "\"x \"\"y\"\"\nz\""), R"({"a\"b":"x \"y\"\nz"})");
}

TEST(csv_objects_test, a_row_that_does_not_fit_the_header_or_is_broken_is_an_error) {
  EXPECT_EQ(object_of({"a", "b"}, "3"), "error: the row has 1 fields, the header 2");
  EXPECT_EQ(object_of({"a"}, "\"3"), "error: a quote that is never closed");
}

} // namespace
} // namespace weir::core
