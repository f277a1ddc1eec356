#include "tests/core/format/decoder_fixture.hpp"

#include <cmath>

namespace weir::core {
namespace {

using namespace std::string_literals;

class json_decoder_test : public decoder_fixture {
protected:
  std::unique_ptr<decoder> make() override {
    options_.columns = &columns_;
    return make_json_decoder(options_);
  }
};

TEST_F(json_decoder_test, fills_a_column_of_each_type) {
  const auto text = source("s", column_type::string);
  const auto real = source("d", column_type::float64);
  const auto whole = source("i", column_type::int64);
  const auto flag = source("b", column_type::boolean);
  const auto time = source("t", column_type::timestamp);
  const auto& b =
      decode({R"({"s":"x","d":-1.25e1,"i":-7,"b":true,"t":"1970-01-02T00:00:00.001Z","other":[1,{"a":null}]})",
              R"( { "t" : 86400000 , "b" : false , "i" : 9223372036854775807 , "d" : 3 , "s" : "" } )"});
  ASSERT_EQ(b.rows, (std::vector<row_index>{0, 1}));
  EXPECT_EQ(b.at(text).text, (std::vector<std::string_view>{"x", ""}));
  EXPECT_EQ(b.at(real).f64, (std::vector<double>{-12.5, 3}));
  EXPECT_EQ(b.at(whole).i64, (std::vector<std::int64_t>{-7, 9223372036854775807}));
  EXPECT_EQ(b.at(flag).i64, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(b.at(time).i64, (std::vector<std::int64_t>{86400001, 86400000}));
  EXPECT_TRUE(b.at(text).null.empty());
}

TEST_F(json_decoder_test, reads_a_missing_field_and_a_null_one_as_null) {
  const auto a = source("a", column_type::float64);
  const auto c = source("c", column_type::string);
  const auto& b =
      decode({R"({"a":1,"c":"x"})", R"({"a":null,"c":"x"})", R"({"c":"x"})", R"({})", R"({"a":2,"c":null})"});
  EXPECT_EQ(b.rows.size(), 5u);
  EXPECT_EQ(b.at(a).null, (std::vector<std::uint8_t>{0, 1, 1, 1, 0}));
  EXPECT_EQ(b.at(c).null, (std::vector<std::uint8_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(b.body[3], "");
}

TEST_F(json_decoder_test, rejects_a_record_without_a_required_field) {
  source("Amount", column_type::float64, true);
  EXPECT_EQ(verdict(R"({"Amount":1})"), "");
  EXPECT_EQ(verdict(R"({"Amount":null})"), "cast: field 'Amount' is required and is null");
  EXPECT_EQ(verdict(R"({"amount":1})"), "cast: field 'Amount' is required and is missing");
  EXPECT_EQ(verdict(R"({"Amount":null,"Amount":1})"), "");
}

TEST_F(json_decoder_test, rejects_a_value_of_another_type_and_names_the_field) {
  source("Amount", column_type::float64);
  source("Age", column_type::int64);
  source("Date", column_type::timestamp);
  source("Name", column_type::string);
  source("Ok", column_type::boolean);
  EXPECT_EQ(verdict(R"({"Amount":"1"})"), "cast: field 'Amount': expected double, found string");
  EXPECT_EQ(verdict(R"({"Amount":true})"), "cast: field 'Amount': expected double, found bool");
  EXPECT_EQ(verdict(R"({"Amount":{"a":1}})"), "cast: field 'Amount': expected double, found object");
  EXPECT_EQ(verdict(R"({"Amount":1e999})"), "cast: field 'Amount': expected double, found a number too large for it");
  EXPECT_EQ(verdict(R"({"Age":1.5})"),
            "cast: field 'Age': expected int, found a number with a fraction or out of range");
  EXPECT_EQ(verdict(R"({"Age":9223372036854775808})"),
            "cast: field 'Age': expected int, found a number with a fraction or out of range");
  EXPECT_EQ(verdict(R"({"Age":[]})"), "cast: field 'Age': expected int, found array");
  EXPECT_EQ(verdict(R"({"Date":"yesterday"})"), "cast: field 'Date': expected timestamp, found 'yesterday'");
  EXPECT_EQ(verdict(R"({"Date":false})"), "cast: field 'Date': expected timestamp, found bool");
  EXPECT_EQ(verdict(R"({"Name":12})"), "cast: field 'Name': expected string, found number");
  EXPECT_EQ(verdict(R"({"Name":"\ud800"})"),
            "cast: field 'Name': expected string, found a string with a lone surrogate");
  EXPECT_EQ(verdict(R"({"Ok":1})"), "cast: field 'Ok': expected bool, found number");
}

TEST_F(json_decoder_test, reads_integral_numbers_in_any_notation_as_integers) {
  const auto i = source("i", column_type::int64);
  const auto& b = decode({R"({"i":5.0})", R"({"i":1e3})", R"({"i":-9223372036854775808})", R"({"i":-0})",
                          R"({"i":120e-1})", R"({"i":0e5})"});
  EXPECT_EQ(b.at(i).i64, (std::vector<std::int64_t>{5, 1000, INT64_MIN, 0, 12, 0}));
}

TEST_F(json_decoder_test, underflows_to_zero_and_keeps_the_sign) {
  const auto d = source("d", column_type::float64);
  const auto& b = decode({R"({"d":-1e-999})", R"({"d":0e999})", R"({"d":0.00000000000000000000000000001e-320})",
                          R"({"d":4.9e-324})", R"({"d":123456789012345678901234567890})"});
  ASSERT_EQ(b.rows.size(), 5u);
  EXPECT_EQ(b.at(d).f64, (std::vector<double>{-0.0, 0, 0, 4.9e-324, 123456789012345678901234567890.0}));
  EXPECT_TRUE(std::signbit(b.at(d).f64[0]));
}

TEST_F(json_decoder_test, rejects_what_is_no_json_with_the_byte_where_it_stops_to_be) {
  EXPECT_EQ(verdict(""), "decode: empty record");
  EXPECT_EQ(verdict("  "), "decode: empty record");
  EXPECT_EQ(verdict("garbage"), "decode: a record has to be a JSON object (byte 0)");
  EXPECT_EQ(verdict("[1]"), "decode: a record has to be a JSON object (byte 0)");
  EXPECT_EQ(verdict(R"({"a":1)"), "decode: unexpected end of the record (byte 6)");
  EXPECT_EQ(verdict(R"({"a":1} x)"), "decode: something stands behind the object (byte 8)");
  EXPECT_EQ(verdict(R"({"a" 1})"), "decode: expected ':' (byte 5)");
  EXPECT_EQ(verdict(R"({"a":01})"), "decode: not a number (byte 5)");
  EXPECT_EQ(verdict(R"({"a":truth})"), "decode: not a value (byte 5)");
  EXPECT_EQ(verdict(R"({"a":"\x"})"), "decode: unknown escape in a string (byte 6)");
  EXPECT_EQ(verdict("{\"a\":\"\xff\"}"), "decode: invalid UTF-8 (byte 6)");
  EXPECT_EQ(verdict("{\"a\":\"\t\"}"), "decode: control character in a string (byte 6)");
  EXPECT_EQ(verdict(R"({"a":"b})"), "decode: string without an end (byte 5)");
}

TEST_F(json_decoder_test, rejects_a_null_value) {
  auto block = std::make_shared<raw_block>();
  block->append(0, 0, "k", 1, nullptr, 0);
  block->append(1, 0, "k", 1, "{}", 2);
  block->seal();
  const auto& b = decode_block(block);
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].reason, "null value");
  EXPECT_EQ(b.rows, (std::vector<row_index>{1}));
}

TEST_F(json_decoder_test, keeps_broken_records_from_their_neighbours) {
  const auto a = source("a", column_type::int64);
  for (const std::string broken :
       {"{\"a\":", "{\"a\":\"", "{\"a\":[", "{\"a\":1", "}", "", "{", "\"", "\xff", "{\"a\":1}}", "{\\\"a\":1}"}) {
    const auto& b = decode({R"({"a":1})", broken, R"({"a":2})", broken, broken, R"({"a":3})"});
    EXPECT_EQ(b.rows, (std::vector<row_index>{0, 2, 5})) << broken;
    EXPECT_EQ(b.at(a).i64[0], 1);
    EXPECT_EQ(b.at(a).i64[2], 2);
    EXPECT_EQ(b.at(a).i64[5], 3);
    EXPECT_EQ(b.body[2], R"("a":2)");
    EXPECT_EQ(b.body[1], "");
  }
}

TEST_F(json_decoder_test, takes_the_last_of_duplicate_keys) {
  const auto a = source("a", column_type::float64);
  const auto s = source("s", column_type::string);
  const auto& b = decode({R"({"a":1,"a":2})", R"({"a":1,"a":null})", R"({"a":null,"a":3})", R"({"s":"\n","s":"x"})",
                          R"({"s":"x","s":"\t"})", R"({"s":"\n","s":"\t"})"});
  EXPECT_EQ(b.at(a).f64[0], 2);
  EXPECT_TRUE(b.at(a).is_null(1));
  EXPECT_FALSE(b.at(a).is_null(2));
  EXPECT_EQ(b.at(s).text[3], "x");
  EXPECT_EQ(b.at(s).text[4], "\t");
  EXPECT_EQ(b.at(s).text[5], "\t");
  EXPECT_EQ(b.body[0], R"("a":1,"a":2)");
}

TEST_F(json_decoder_test, resolves_escapes_in_values_and_keys) {
  const auto s = source("näme/x", column_type::string);
  const auto& b = decode({R"({"näme/x":"a\"\\\/\b\f\n\r\t\u00e4\u20ac\ud83d\ude00z"})", R"({"n\u00e4me\/x":"plain"})",
                          R"({"\ud800":1,"näme/x":"\u0000"})"});
  ASSERT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(b.at(s).text[0], "a\"\\/\b\f\n\r\tä€😀z");
  EXPECT_EQ(b.at(s).text[1], "plain");
  EXPECT_EQ(b.at(s).text[2], "\0"s);
}

TEST_F(json_decoder_test, passes_the_members_through_byte_for_byte) {
  source("a", column_type::float64);
  const auto& b = decode({"\t{ \"b\" : [ 1.50 , \"\\u0041\" ] ,\n \"a\":1e0  }\r "});
  EXPECT_EQ(b.body[0], "\"b\" : [ 1.50 , \"\\u0041\" ] ,\n \"a\":1e0");
}

TEST_F(json_decoder_test, cuts_members_wherever_they_stand) {
  source("a", column_type::float64);
  options_.cut = {"a", "x"};
  const auto& b = decode({R"({"a":1,"b":2,"c":3})", R"({"b":2,"a":1,"c":3})", R"({"b":2,"c":3,"a":1})",
                          R"({"a":1,"x":{},"a":3})", R"({ "b":2 , "x" : 1, "c":3, "a":1, "d":4 })", R"({"b":2})",
                          R"({"b":1,"a":"broken"})", R"({"b":1,"a":2})"});
  EXPECT_EQ(b.body[0], R"("b":2,"c":3)");
  EXPECT_EQ(b.body[1], R"("b":2,"c":3)");
  EXPECT_EQ(b.body[2], R"("b":2,"c":3)");
  EXPECT_EQ(b.body[3], "");
  EXPECT_EQ(b.body[4], R"("b":2 ,"c":3,"d":4)");
  EXPECT_EQ(b.body[5], R"("b":2)");
  EXPECT_EQ(b.body[6], "");
  EXPECT_EQ(b.body[7], R"("b":1)");
}

TEST_F(json_decoder_test, renders_the_fields_of_the_schema_for_a_csv_sink) {
  source("s", column_type::string);
  source("d", column_type::float64);
  source("t", column_type::timestamp);
  source("cut", column_type::int64);
  source("b", column_type::boolean);
  options_.cut = {"cut"};
  options_.sink = &csv_format;
  const auto& b =
      decode({R"({"b":true,"s":"x,\"y\"","d":1.50,"t":"2026-01-05","cut":1,"more":1})", "{}", "no", R"({"s":""})"});
  EXPECT_EQ(b.body[0], R"("x,""y""",1.5,2026-01-05T00:00:00.000Z,true)");
  EXPECT_EQ(b.body[1], ",,,");
  EXPECT_EQ(b.body[2], "");
  EXPECT_EQ(b.body[3], "\"\",,,");
}

TEST_F(json_decoder_test, follows_records_that_change_the_order_and_the_choice_of_their_fields) {
  const auto a = source("a", column_type::int64);
  const auto c = source("a_rather_long_name_that_no_short_comparison_covers", column_type::int64);
  std::vector<std::string> records;
  for (int i = 0; i < 2000; ++i) {
    const auto n = std::to_string(i);
    const std::string first = "\"a\":" + n;
    const auto second = "\"a_rather_long_name_that_no_short_comparison_covers\": " + n;
    const auto other = "\"key_" + n + "\":" + n;
    switch (i % 4) {
    case 0: records.push_back("{" + first + "," + second + "," + other + "}"); break;
    case 1: records.push_back("{" + other + "," + second + "," + first + "}"); break;
    case 2: records.push_back("{" + second + "," + first + "}"); break;
    default: records.push_back("{ \"ab\" : 1 , " + first + " , " + second + " }");
    }
  }
  const auto& b = decode(records);
  ASSERT_EQ(b.rows.size(), 2000u);
  for (row_index row = 0; row < 2000; ++row) {
    EXPECT_EQ(b.at(a).i64[row], row);
    EXPECT_EQ(b.at(c).i64[row], row);
  }
}

TEST_F(json_decoder_test, refuses_nesting_beyond_its_bound_and_does_not_fall_over_it) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(verdict(nested(1024)), "");
  EXPECT_EQ(verdict(nested(1025)), "decode: nested too deeply (byte 1028)");
  EXPECT_NE(verdict("{\"a\":" + std::string(2'000'000, '[')), "");
  EXPECT_NE(verdict(std::string(2'000'000, '{')), "");
}

TEST_F(json_decoder_test, reads_a_record_larger_than_any_block) {
  const auto s = source("s", column_type::string);
  const std::string large(3'000'000, 'x');
  const auto& b = decode({R"({"s":"a"})", "{\"s\":\"" + large + "\"}", R"({"s":"b"})"});
  ASSERT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(b.at(s).text[1], large);
  EXPECT_EQ(b.at(s).text[2], "b");
}

} // namespace
} // namespace weir::core
