#include "core/base/number_text.hpp"
#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"
#include "tests/core/format/decoder_fixture.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

namespace weir::core {
namespace {

class record_writer_test : public testing::Test {
protected:
  /// A batch of as many rows as there are bodies.
  void bodies(std::vector<std::string_view> texts, bool with_keys = false) {
    auto raw = std::make_shared<raw_block>();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto key = "k" + std::to_string(i);
      raw->append(0, 0, with_keys ? key.data() : nullptr, key.size(), "", 0);
      batch_.rows.push_back(static_cast<row_index>(i));
    }
    raw->seal();
    batch_.raw = raw;
    batch_.body = std::move(texts);
  }

  column& add(const std::string& name, column_type type, bool from_source = false, bool output = true) {
    columns_.add({.name = name, .type = type, .from_source = from_source, .output = output});
    auto c = std::make_shared<column>();
    c->type = type;
    batch_.columns.push_back(c);
    return *c;
  }

  static std::vector<std::string> values(const record_block& out) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < out.size(); ++i)
      all.emplace_back(out.value(i));
    return all;
  }

  std::vector<std::string> write(std::unique_ptr<record_writer> writer) {
    record_block out;
    writer->write(batch_, out);
    return values(out);
  }

  layout columns_;
  batch batch_;
};

TEST_F(record_writer_test, appends_what_steps_have_added_to_the_body) {
  bodies({R"("a":1)", "", R"("b":[ ])"});
  add("a", column_type::float64, true).f64 = {9, 9, 9};
  add("d", column_type::float64).f64 = {0.1, 5, std::numeric_limits<double>::quiet_NaN()};
  add("i", column_type::int64).i64 = {-1, 0, std::numeric_limits<std::int64_t>::min()};
  add("hidden", column_type::int64, false, false).i64 = {1, 1, 1};
  add("b", column_type::boolean).i64 = {1, 0, 0};
  auto& t = add("t", column_type::timestamp);
  t.i64 = {0, 0, std::numeric_limits<std::int64_t>::max()};
  t.null = {0, 1, 0};
  add("s \"x\"", column_type::string).text = {"a\"\\\n\x01", "", "ä"};
  EXPECT_EQ(write(make_json_writer(columns_)),
            (std::vector<std::string>{
                R"({"a":1,"d":0.1,"i":-1,"b":true,"t":"1970-01-01T00:00:00.000Z","s \"x\"":"a\"\\\n\u0001"})",
                R"({"d":5,"i":0,"b":false,"t":null,"s \"x\"":""})",
                R"({"b":[ ],"d":null,"i":-9223372036854775808,"b":false,"t":9223372036854775807,"s \"x\"":"ä"})"}));
}

TEST_F(record_writer_test, writes_rows_of_csv) {
  bodies({"1,x", "2,\"y,z\""});
  add("a", column_type::float64, true).f64 = {9, 9};
  add("d", column_type::float64).f64 = {0.1, std::numeric_limits<double>::infinity()};
  auto& s = add("s,t", column_type::string);
  s.text = {"a\"b", ""};
  s.null = {0, 1};
  add("e", column_type::string).text = {"", "plain"};
  EXPECT_EQ(write(make_csv_writer(columns_)),
            (std::vector<std::string>{"1,x,0.1,\"a\"\"b\",\"\"", "2,\"y,z\",,,plain"}));
  EXPECT_EQ(csv_header({"a", "x"}, columns_), "a,x,d,\"s,t\",e");
}

TEST_F(record_writer_test, keeps_keys_and_writes_only_rows_that_are_alive) {
  bodies({"", "", ""}, true);
  batch_.rows = {0, 2};
  for (const bool json : {true, false}) {
    record_block out;
    out.append("before", "value");
    (json ? make_json_writer(columns_) : make_csv_writer(columns_))->write(batch_, out);
    ASSERT_EQ(out.size(), 3u);
    EXPECT_EQ(out.value(0), "value");
    EXPECT_EQ(out.key(1), "k0");
    EXPECT_EQ(out.key(2), "k2");
    EXPECT_EQ(out.value(2), json ? "{}" : "");
    EXPECT_NE(out.entries[2].value_size, record_block::none);
  }
}

TEST_F(record_writer_test, leaves_a_null_key_null) {
  bodies({""});
  record_block out;
  make_json_writer(columns_)->write(batch_, out);
  EXPECT_EQ(out.entries[0].key_size, record_block::none);
}

TEST_F(record_writer_test, writes_batches_larger_than_its_room) {
  const std::string large(100'000, 'x');
  const auto body = "\"a\":\"" + large + "\"";
  bodies(std::vector<std::string_view>(50, body));
  add("s", column_type::string).text.assign(50, large);
  const auto all = write(make_json_writer(columns_));
  for (const auto& text : all)
    ASSERT_EQ(text, "{" + body + ",\"s\":\"" + large + "\"}");
}

std::string written(double value) {
  char text[number_text_size];
  return {text, write_double(value, text)};
}

TEST(number_text_test, reads_back_to_the_same_bits_and_is_as_short_as_can_be) {
  std::mt19937_64 random{11};
  const auto check = [](double value) {
    const auto text = written(value);
    double back = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(read.ptr, text.data() + text.size()) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << text;
    char expected[64];
    const auto digits = [](std::string_view number) {
      std::string only;
      for (const char c : number.substr(0, number.find('e')))
        if (c >= '0' && c <= '9' && (c != '0' || !only.empty()))
          only += c;
      only.erase(only.find_last_not_of('0') + 1);
      return only;
    };
    const auto* end = std::to_chars(expected, expected + sizeof expected, value, std::chars_format::scientific).ptr;
    ASSERT_EQ(digits(text), digits(std::string_view{expected, static_cast<std::size_t>(end - expected)}));
    json_number number;
    ASSERT_TRUE(read_json_number(text.c_str(), number) && number.end == text.c_str() + text.size()) << text;
  };
  for (int i = 0; i < 300'000; ++i) {
    const auto any = std::bit_cast<double>(random());
    if (std::isfinite(any))
      check(any);
    check(static_cast<double>(random() % 10'000'000) / 100);
    check(static_cast<double>(static_cast<std::int64_t>(random()) >> (random() % 64)));
  }
  for (int power = -1074; power < 1024; ++power)
    for (const double base : {std::ldexp(1, power), std::nextafter(std::ldexp(1, power), 0.0)})
      check(base);
}

TEST(number_text_test, writes_the_usual_numbers_as_people_do) {
  EXPECT_EQ(written(0), "0");
  EXPECT_EQ(written(-0.0), "-0");
  EXPECT_EQ(written(5), "5");
  EXPECT_EQ(written(-123.45), "-123.45");
  EXPECT_EQ(written(0.001), "0.001");
  EXPECT_EQ(written(1e15), "1000000000000000");
  EXPECT_EQ(written(1e20), "100000000000000000000");
  EXPECT_EQ(written(1e21), "1e+21");
  EXPECT_EQ(written(0.000001), "0.000001");
  EXPECT_EQ(written(1.5e-7), "1.5e-7");
  EXPECT_EQ(written(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(written(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(written(5e-324), "5e-324");
}

TEST(number_text_test, writes_integers) {
  const auto integer = [](std::int64_t value) {
    char text[number_text_size];
    return std::string{text, write_int64(value, text)};
  };
  EXPECT_EQ(integer(0), "0");
  EXPECT_EQ(integer(-7), "-7");
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  std::mt19937_64 random{5};
  for (int i = 0; i < 200'000; ++i) {
    const auto value = static_cast<std::int64_t>(random()) >> (random() % 64);
    ASSERT_EQ(integer(value), std::to_string(value));
  }
}

TEST(json_text_test, escapes_and_unescapes_to_the_same_text) {
  std::mt19937 random{3};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n)
      text += static_cast<char>(random() % 128);
    const auto escaped = json_quoted(text);
    const auto inside = std::string_view{escaped}.substr(1, escaped.size() - 2);
    ASSERT_EQ(find_bad_escape(inside), std::string_view::npos);
    std::string back;
    ASSERT_TRUE(unescape(inside, back));
    ASSERT_EQ(back, text);
  }
}

} // namespace
} // namespace weir::core
