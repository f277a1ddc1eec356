#include "cli/record_reader.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace weir::cli {
namespace {

class record_reader_test : public testing::Test {
protected:
  /// Everything that a file gives: `key|value` of each record, `error: ...` of each that cannot be read.
  static std::vector<std::string> read(const std::string& text, core::data_format format, const std::string& key = {}) {
    std::istringstream in{text};
    auto reader = record_reader::make(in, format, key);
    if (!reader)
      return {"error: " + reader.error().text()};
    std::vector<std::string> found;
    while (true) {
      const auto record = reader->next();
      if (!record)
        found.push_back("error: " + record.error().text());
      else if (!*record)
        return found;
      else
        found.push_back(std::string{(*record)->key.value_or("-")} + '|' + std::string{(*record)->value});
    }
  }
  static std::vector<std::string> read_csv(const std::string& text, const std::string& key = {}) {
    return read(text, core::data_format::csv, key);
  }
  static std::vector<std::string> read_ndjson(const std::string& text, const std::string& key = {}) {
    return read(text, core::data_format::json, key);
  }

  using lines = std::vector<std::string>;
};

TEST_F(record_reader_test, makes_a_json_object_of_each_csv_row_with_numbers_as_numbers) {
  EXPECT_EQ(read_csv("id,amount,note\nC1,12.50,hello\nC2,-3e2,\n"),
            (lines{R"(-|{"id":"C1","amount":12.50,"note":"hello"})", R"(-|{"id":"C2","amount":-3e2,"note":null})"}));
}

TEST_F(record_reader_test, leaves_what_json_would_not_call_a_number_a_string) {
  EXPECT_EQ(read_csv("a,b,c,d,e\n007,+1,1.,0x10,NaN\n"),
            (lines{R"(-|{"a":"007","b":"+1","c":"1.","d":"0x10","e":"NaN"})"}));
}

TEST_F(record_reader_test, leaves_quoted_numbers_and_quoted_nothing_strings) {
  EXPECT_EQ(read_csv("a,b\n\"42\",\"\"\n"), (lines{R"(-|{"a":"42","b":""})"}));
}

TEST_F(record_reader_test, writes_truth_values_as_such) {
  EXPECT_EQ(read_csv("a,b,c\ntrue,false,True\n"), (lines{R"(-|{"a":true,"b":false,"c":"True"})"}));
}

TEST_F(record_reader_test, escapes_quotes_and_line_ends_inside_a_field) {
  EXPECT_EQ(read_csv("a\n\"x \"\"y\"\"\nz\"\n"), (lines{R"(-|{"a":"x \"y\"\nz"})"}));
}

TEST_F(record_reader_test, keys_by_a_column_and_leaves_an_empty_field_without_a_key) {
  EXPECT_EQ(read_csv("id,n\nC1,1\n,2\n", "id"), (lines{R"(C1|{"id":"C1","n":1})", R"(-|{"id":null,"n":2})"}));
}

TEST_F(record_reader_test, refuses_a_key_column_that_is_not_there) {
  EXPECT_EQ(read_csv("id,n\n", "ID").front().substr(0, 42), "error: there is no column 'ID' to key by (");
}

TEST_F(record_reader_test, names_the_line_of_a_bad_row_and_reads_on_behind_it) {
  const auto found = read_csv("a,b\n1,2\n\"x\ny\",4\n3\n5,6\n");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[2], "error: line 5: the row has 1 fields, the header 2");
  EXPECT_EQ(found[3], R"(-|{"a":5,"b":6})");
}

TEST_F(record_reader_test, takes_a_last_line_without_a_line_end) {
  EXPECT_EQ(read_csv("a\n1"), (lines{R"(-|{"a":1})"}));
  EXPECT_EQ(read_ndjson("{}\n[1]"), (lines{"-|{}", "-|[1]"}));
}

TEST_F(record_reader_test, leaves_ndjson_byte_for_byte_and_skips_empty_lines) {
  EXPECT_EQ(read_ndjson("{ \"a\" : 1.50 }\n\nnot json\n"), (lines{"-|{ \"a\" : 1.50 }", "-|not json"}));
}

TEST_F(record_reader_test, keys_ndjson_by_a_field_whatever_its_type) {
  EXPECT_EQ(read_ndjson("{\"k\":\"a\\u0062\"}\n{\"k\":12}\n{\"k\":null}\n{\"j\":1}\n{broken\n", "k"),
            (lines{"ab|{\"k\":\"a\\u0062\"}", "12|{\"k\":12}", "-|{\"k\":null}", "-|{\"j\":1}", "-|{broken"}));
}

TEST_F(record_reader_test, reads_rows_across_its_own_blocks) {
  std::string text = "a,b\n";
  for (int i = 0; i < 100'000; ++i)
    text += std::to_string(i) + ",x\n";
  const auto found = read_csv(text);
  ASSERT_EQ(found.size(), 100'000u);
  EXPECT_EQ(found[54'321], R"(-|{"a":54321,"b":"x"})");
}

TEST_F(record_reader_test, knows_csv_by_the_files_name) {
  EXPECT_EQ(format_of_file("data/x.csv"), core::data_format::csv);
  EXPECT_EQ(format_of_file("x.ndjson"), core::data_format::json);
  EXPECT_EQ(format_of_file("-"), core::data_format::json);
}

} // namespace
} // namespace weir::cli
