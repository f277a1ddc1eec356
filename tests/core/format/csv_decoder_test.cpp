#include "core/format/csv_rows.hpp"
#include "tests/core/format/decoder_fixture.hpp"

namespace weir::core {
namespace {

class csv_decoder_test : public decoder_fixture {
protected:
  std::unique_ptr<decoder> make() override {
    options_.columns = &columns_;
    return make_csv_decoder(options_);
  }
};

TEST_F(csv_decoder_test, fills_a_column_of_each_type_by_the_header_s_order) {
  const auto real = source("d", column_type::float64);
  const auto text = source("s", column_type::string);
  const auto whole = source("i", column_type::int64);
  const auto flag = source("b", column_type::boolean);
  const auto time = source("t", column_type::timestamp);
  options_.header = {"s", "x", "d", "b", "i", "t"};
  const auto& b = decode({"abc,ignored,1.5,true,42,2026-01-05T00:00:00Z", R"("a ""b"", c","",-2e3,FALSE,+7,86400000)",
                          "\"line\nbreak\",,.5,1,007,1970-01-02 00:00:00\r"});
  ASSERT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(b.at(text).text, (std::vector<std::string_view>{"abc", R"(a "b", c)", "line\nbreak"}));
  EXPECT_EQ(b.at(real).f64, (std::vector<double>{1.5, -2000, 0.5}));
  EXPECT_EQ(b.at(flag).i64, (std::vector<std::int64_t>{1, 0, 1}));
  EXPECT_EQ(b.at(whole).i64, (std::vector<std::int64_t>{42, 7, 7}));
  EXPECT_EQ(b.at(time).i64, (std::vector<std::int64_t>{1767571200000, 86400000, 86400000}));
}

TEST_F(csv_decoder_test, tells_null_from_empty_text) {
  const auto s = source("s", column_type::string);
  const auto d = source("d", column_type::float64);
  const auto absent = source("absent", column_type::float64);
  options_.header = {"s", "d"};
  const auto& b = decode({",", "\"\",1"});
  EXPECT_TRUE(b.at(s).is_null(0));
  EXPECT_TRUE(b.at(d).is_null(0));
  EXPECT_FALSE(b.at(s).is_null(1));
  EXPECT_EQ(b.at(s).text[1], "");
  EXPECT_TRUE(b.at(absent).is_null(1));
}

TEST_F(csv_decoder_test, rejects_broken_rows_and_values_with_a_reason) {
  source("d", column_type::float64, true);
  source("i", column_type::int64);
  source("b", column_type::boolean);
  source("t", column_type::timestamp);
  options_.header = {"d", "i", "b", "t"};
  EXPECT_EQ(verdict("1,2,true,2026-01-05"), "");
  EXPECT_EQ(verdict("1,2,true"), "decode: expected 4 fields, found 3");
  EXPECT_EQ(verdict("1,2,true,,"), "decode: expected 4 fields, found 5");
  EXPECT_EQ(verdict(""), "decode: empty record");
  EXPECT_EQ(verdict("1,\"2,true,"), "decode: a quote that is never closed (byte 2)");
  EXPECT_EQ(verdict("1,\"2\"x,true,"), "decode: text behind a closing quote (byte 5)");
  EXPECT_EQ(verdict("1,2\",true,"), "decode: a quote inside a field that does not begin with one (byte 3)");
  EXPECT_EQ(verdict("1,\xff,true,"), "decode: invalid UTF-8 (byte 2)");
  EXPECT_EQ(verdict(",2,true,"), "cast: field 'd' is required and is null");
  EXPECT_EQ(verdict("x,2,true,"), "cast: field 'd': expected double, found 'x'");
  EXPECT_EQ(verdict("inf,2,true,"), "cast: field 'd': expected double, found 'inf'");
  EXPECT_EQ(verdict("1e999,2,true,"), "cast: field 'd': expected double, found '1e999'");
  EXPECT_EQ(verdict("1,2.5,true,"), "cast: field 'i': expected int, found '2.5'");
  EXPECT_EQ(verdict("1,2,yes,"), "cast: field 'b': expected bool, found 'yes'");
  EXPECT_EQ(verdict("1,2,true,noon"), "cast: field 't': expected timestamp, found 'noon'");
  EXPECT_EQ(verdict("1,2,true,\"\""), "cast: field 't': expected timestamp, found ''");
}

TEST_F(csv_decoder_test, renders_the_members_of_a_json_object) {
  source("d", column_type::float64);
  source("i", column_type::int64);
  source("b", column_type::boolean);
  source("t", column_type::timestamp);
  options_.header = {"d", "i", "b", "t", "other \"x\"", "gone"};
  options_.cut = {"gone"};
  const auto& b = decode({"1.50,7,TRUE,2026-01-05,\"a\"\"b\",z", "+1,007,0,,5,z", "1,2", ",,,,\"\","});
  EXPECT_EQ(b.body[0], R"("d":1.50,"i":7,"b":true,"t":"2026-01-05","other \"x\"":"a\"b")");
  EXPECT_EQ(b.body[1], R"("d":1,"i":7,"b":false,"t":null,"other \"x\"":5)");
  EXPECT_EQ(b.body[2], "");
  EXPECT_EQ(b.body[3], R"("d":null,"i":null,"b":null,"t":null,"other \"x\"":"")");
}

TEST_F(csv_decoder_test, passes_rows_through_to_a_csv_sink) {
  source("a", column_type::float64);
  options_.header = {"a", "b", "c"};
  options_.sink = &csv_format;
  const auto& b = decode({"1.0,\"x,y\",z", "2,,\"\""});
  EXPECT_EQ(b.body[0], "1.0,\"x,y\",z");
  EXPECT_EQ(b.body[1], "2,,\"\"");
}

TEST_F(csv_decoder_test, cuts_fields_and_changes_the_separator_for_a_csv_sink) {
  source("a", column_type::float64);
  options_.header = {"a", "b", "c"};
  options_.sink = &csv_format;
  options_.cut = {"b"};
  options_.dialect.delimiter = ';';
  const auto& b = decode({"1.0;gone;x,y", "2;;\"\"", "3;;", "4;;\"a;\"\"b\"\"\""});
  EXPECT_EQ(b.body[0], "1.0,\"x,y\"");
  EXPECT_EQ(b.body[1], "2,\"\"");
  EXPECT_EQ(b.body[2], "3,");
  EXPECT_EQ(b.body[3], "4,\"a;\"\"b\"\"\"");
}

TEST_F(csv_decoder_test, reads_other_delimiters_and_quotes) {
  const auto s = source("s", column_type::string);
  const auto d = source("d", column_type::float64);
  options_.header = {"s", "d", "o"};
  options_.sink = &csv_format;
  options_.dialect = {.delimiter = '\t', .quote = '\''};
  const auto& b = decode({"'it''s\ta'\t1.5\t\"x\"", "''\t\t", "a,b\t2\t"});
  EXPECT_EQ(b.at(s).text, (std::vector<std::string_view>{"it's\ta", "", "a,b"}));
  EXPECT_EQ(b.at(d).f64[0], 1.5);
  EXPECT_EQ(b.body, (std::vector<std::string_view>{"it's\ta,1.5,\"\"\"x\"\"\"", "\"\",,", "\"a,b\",2,"}));
}

TEST_F(csv_decoder_test, a_dialect_without_quotes_takes_fields_as_they_are) {
  const auto s = source("s", column_type::string);
  options_.header = {"s", "t"};
  options_.dialect = {.delimiter = '\t', .quote = csv_dialect::no_quote};
  const auto& b = decode({std::string{"5\" pipe\ta\0b", 11}, "\"a\t\"", "\t"});
  EXPECT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(b.at(s).text[0], "5\" pipe");
  EXPECT_EQ(b.at(s).text[1], "\"a");
  EXPECT_TRUE(b.at(s).is_null(2));
}

TEST_F(csv_decoder_test, passes_over_a_byte_order_mark) {
  const auto s = source("s", column_type::string);
  options_.header = {"s", "t"};
  options_.sink = &csv_format;
  const auto& b = decode({"\xef\xbb\xbf\"a\",1", "b,2\r"});
  EXPECT_EQ(b.at(s).text, (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(b.body, (std::vector<std::string_view>{"\"a\",1", "b,2"}));
}

TEST_F(csv_decoder_test, says_that_an_open_quote_has_made_a_record_too_long) {
  options_.header = {"a", "b"};
  const std::string open = "1,\"two\n3,4";
  auto block = std::make_shared<raw_block>();
  block->append(0, 0, nullptr, 0, open.data(), open.size());
  block->flags.back() |= raw_block::cut;
  block->seal();
  const auto& b = decode_block(block);
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].reason,
            "longer than 16 MiB: this is its beginning, which has a quote that is never closed (byte 2)");
}

TEST(csv_rows_test, quotes_enclose_line_ends_only_where_a_field_begins_with_one) {
  const auto size = [](std::string_view text, const csv_dialect& dialect = {}) {
    const auto found = find_csv_row(text, dialect);
    return found ? static_cast<int>(found->size) : -1;
  };
  EXPECT_EQ(size("5\" pipe,1\nx,2\n"), 9) << "the quote spoils one row";
  EXPECT_EQ(size("a,\"b\"c\nx,2\n"), 6);
  EXPECT_EQ(size("\"a\"\"\nb\",1\nx\n"), 9);
  EXPECT_EQ(size("\"\"\n"), 2);
  EXPECT_EQ(size("a;'b\nc'\n", {.delimiter = ';', .quote = '\''}), 7);
  EXPECT_EQ(size("a,'b\nc'\n", {.delimiter = ';', .quote = '\''}), 4);
  EXPECT_EQ(size("a,\"b\nc\"\n", {.delimiter = ',', .quote = csv_dialect::no_quote}), 4);
}

TEST(csv_rows_test, end_at_line_ends_outside_of_quotes) {
  const auto row = [](std::string_view text) {
    const auto found = find_csv_row(text);
    return found ? std::to_string(found->size) + "/" + std::to_string(found->next) : "none";
  };
  EXPECT_EQ(row("a,b\nc"), "3/4");
  EXPECT_EQ(row("a,b\r\nc"), "3/5");
  EXPECT_EQ(row("\nc"), "0/1");
  EXPECT_EQ(row("\r\nc"), "0/2");
  EXPECT_EQ(row("a,\"b\nc\",d\ne"), "9/10");
  EXPECT_EQ(row("a,\"\"\"\n\"\"\",d\ne"), "11/12");
  EXPECT_EQ(row("a,\"b\n"), "none");
  EXPECT_EQ(row("a,b"), "none");
  EXPECT_EQ(row(""), "none");
}

TEST(csv_header_test, gives_the_names_of_the_fields) {
  EXPECT_EQ(parse_csv_header("\xef\xbb\xbf"
                             "a,\"b,c\",d"),
            (std::vector<std::string>{"a", "b,c", "d"}));
  EXPECT_EQ(parse_csv_header("a;b", {.delimiter = ';'}), (std::vector<std::string>{"a", "b"}));
  for (const auto* utf16 : {"\xff\xfei", "\xfe\xff"})
    EXPECT_EQ(parse_csv_header(utf16).error().text(), "col 1: the file is UTF-16 and must be UTF-8 (convert it: iconv "
                                                      "-f UTF-16 -t UTF-8 FILE > NEW_FILE)");
  EXPECT_EQ(parse_csv_header("a\tb", {.delimiter = '\t'}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(
      parse_csv_header("a,b\r1,2\r3,4").error().text(),
      "col 3: the lines of the file end in CR alone, and must end in LF or CRLF (convert it: tr '\\r' '\\n' < FILE "
      "> NEW_FILE)");
  EXPECT_EQ(parse_csv_header("a,b,a").error().text(), "col 5: field 'a' is in the header twice (rename one of them)");
  EXPECT_EQ(parse_csv_header("a,,b").error().text(), "col 3: a field of the header has no name (name every field)");
  EXPECT_EQ(parse_csv_header("a,\"b").error().text(), "col 3: the header has a quote that is never closed");
}

} // namespace
} // namespace weir::core
