#include "core/detect/schema_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace weir::core {
namespace {

class schema_watch_test : public ::testing::Test {
protected:
  using lines = std::vector<std::string>;

  static schema_watch watch(std::uint64_t learned = 0, std::vector<std::pair<std::string, column_type>> schema = {
                                                           {"a", column_type::int64}, {"b", column_type::string}}) {
    return schema_watch{{std::move(schema), learned}};
  }

  /// What it says of each record, the first at `offset`; `sizes` of the batches, the last for all that are left.
  static lines look(schema_watch& into, const lines& records, std::int64_t offset = 0,
                    const std::vector<std::size_t>& sizes = {1'000'000}) {
    lines said;
    std::size_t batch = 0;
    for (std::size_t begin = 0; begin < records.size(); ++batch) {
      const auto size = std::min(sizes[std::min(batch, sizes.size() - 1)], records.size() - begin);
      const auto record_at = [&](std::size_t at) {
        return std::pair{std::string_view{records[begin + at]}, offset + static_cast<std::int64_t>(begin + at)};
      };
      for (std::size_t i = 0; i < size; ++i)
        said.push_back(into.look(i, record_at(i).first, record_at(i).second, record_at));
      into.end_batch(record_at);
      begin += size;
    }
    return said;
  }
};

TEST_F(schema_watch_test, a_field_that_is_new_is_told_once_whatever_the_order_of_fields) {
  auto seen = watch();
  EXPECT_EQ(look(seen,
                 {R"({"a":1,"b":"x"})", R"({ "b" : "y" , "a" : 2 })", R"({"fee":3,"a":1,"b":"x"})",
                  R"({"a":1,"b":"x","fee":4})", R"({"a":1,"b":"x"})"},
                 15),
            (lines{"", "", "field 'fee' is new: 3 (int), first at offset 17", "", ""}));
}

TEST_F(schema_watch_test, a_field_of_another_type_is_told_once_for_each_type_with_the_last_example_before) {
  auto seen = watch();
  EXPECT_EQ(
      look(seen, {R"({"a":1,"b":"x"})", R"({"a":2,"b":null})", R"({"a":"3","b":"x"})", R"({"a":"4","b":"x"})",
                  R"({"a":5.5,"b":"x"})", R"({"a":6,"b":{"c":[1,"}"]}})"}),
      (lines{
          "", "", R"(field 'a' is of another type: "3" (string) at offset 2, it was int, last 2 at offset 1)", "",
          R"(field 'a' is of another type: 5.5 (double) at offset 4, it was int or string, last "4" at offset 3)",
          R"(field 'b' is of another type: {"c":[1,"}"]} (object) at offset 5, it was string, last "x" at offset 4)"}));
}

TEST_F(schema_watch_test, a_field_that_is_gone_is_told_once_with_its_first_and_last_example) {
  auto seen = watch();
  EXPECT_EQ(look(seen, {R"({"a":1,"b":"x"})", R"({"a":2,"b":"y"})", R"({"a":null,"b":"z"})", R"({"b":"z"})",
                        R"({"b":"z"})", R"({"a":1,"b":"z"})", R"({"b":"z"})"}),
            (lines{"", "", "", "field 'a' is gone at offset 3: first 1 at offset 0, last 2 at offset 1", "", "", ""}));
}

TEST_F(schema_watch_test, several_changes_of_a_record_are_told_together) {
  auto seen = watch();
  EXPECT_EQ(
      look(seen, {R"({"a":1,"b":"x"})", R"({"c":true,"b":1.0})"})[1],
      R"(field 'c' is new: true (bool), first at offset 1; field 'b' is of another type: 1.0 (double) at offset 1, )"
      R"(it was string, last "x" at offset 0; field 'a' is gone at offset 1: first 1 at offset 0, last 1 at offset 0)");
}

TEST_F(schema_watch_test, what_the_first_records_have_is_usual_and_what_some_lack_is_never_gone) {
  auto seen = watch(3);
  EXPECT_EQ(look(seen, {R"({"a":1,"b":"x","more":1})", R"({"a":1,"b":"x","more":1,"rare":true})", R"({"a":1,"more":1})",
                        R"({"a":1,"b":"x","more":1})", R"({"a":1,"more":2.5})", R"({"a":1,"b":"x"})"}),
            (lines{"", "", "", "",
                   "field 'more' is of another type: 2.5 (double) at offset 4, it was int, last 1 at offset 3",
                   "field 'more' is gone at offset 5: first 1 at offset 0, last 2.5 at offset 4"}));
}

TEST_F(schema_watch_test, columns_take_the_values_that_their_type_may_have) {
  auto seen = watch(0, {{"x", column_type::float64}, {"t", column_type::timestamp}, {"f", column_type::boolean}});
  EXPECT_EQ(look(seen, {R"({"x":1,"t":"2026-01-01","f":true})", R"({"x":1e3,"t":1767225600000,"f":false})"}),
            (lines{"", ""}));
}

TEST_F(schema_watch_test, what_is_no_object_says_nothing_and_teaches_nothing) {
  auto seen = watch(1);
  EXPECT_EQ(look(seen, {"", "[1]", R"({"z":1)", R"({"z" 1})", R"({"z":})", "\"a\"", "{\"z\":\"\\", "{,}", R"({"z":1,})",
                        "{\"z\":[1,2", "{"}),
            lines(11));
  EXPECT_EQ(seen.fields(), 2u);
}

TEST_F(schema_watch_test, an_example_that_is_long_is_cut_between_characters) {
  auto seen = watch(0, {});
  const auto said = look(seen, {"{\"a\":\"" + std::string(38, 'x') + "\xc3\xa9\xc3\xa9\"}"});
  EXPECT_EQ(said[0], "field 'a' is new: \"" + std::string(38, 'x') + "... (string), first at offset 0");
}

TEST_F(schema_watch_test, knows_so_many_fields_at_most) {
  auto seen = watch(0, {});
  std::string record = "{";
  for (std::size_t i = 0; i < schema_watch::max_fields + 10; ++i)
    record += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
  look(seen, {record + "}", R"({"f9999":1})", "{\"" + std::string(schema_watch::max_name_bytes + 1, 'n') + "\":1}"});
  EXPECT_EQ(seen.fields(), schema_watch::max_fields);
  std::string bytes;
  seen.encode(bytes);
  EXPECT_TRUE(watch().decode(bytes));
}

TEST_F(schema_watch_test, says_the_same_whatever_the_batches_and_goes_on_where_it_was_saved) {
  std::mt19937 random{7};
  lines records;
  const lines values{"1", "2.5", "\"x\"", "null", "true", "[1]", "{}"};
  for (int i = 0; i < 800; ++i) {
    std::string record = "{";
    for (int field = 0; field < 12; ++field) {
      const bool is_odd = random() % 150 == 0;
      if (is_odd && random() % 2 == 0)
        continue;
      record += (record.size() == 1 ? "\"f" : ",\"f") + std::to_string(is_odd ? 20 + random() % 4 : field)
                + "\":" + (random() % 200 == 0 ? values[random() % values.size()] : values[0]);
    }
    records.push_back(record + "}");
  }
  auto all = watch(50);
  const auto whole = look(all, records);
  EXPECT_GT(std::ranges::count_if(whole, [](const auto& said) { return !said.empty(); }), 30);
  auto parts = watch(50);
  EXPECT_EQ(look(parts, records, 0, {1, 7, 100, 3, 60, 211, 17}), whole);
  for (const std::size_t at : {20u, 51u, 400u}) {
    auto before = watch(50);
    look(before, {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(at)});
    std::string bytes;
    before.encode(bytes);
    auto behind = watch(50);
    ASSERT_TRUE(behind.decode(bytes));
    EXPECT_EQ(
        look(behind, {records.begin() + static_cast<std::ptrdiff_t>(at), records.end()}, static_cast<std::int64_t>(at)),
        lines(whole.begin() + static_cast<std::ptrdiff_t>(at), whole.end()))
        << at;
    std::string again, once;
    behind.encode(again);
    all.encode(once);
    EXPECT_EQ(again, once) << at;
  }
}

TEST_F(schema_watch_test, refuses_bytes_that_it_has_not_written) {
  auto seen = watch();
  look(seen, {R"({"a":1,"b":"x"})"});
  std::string bytes;
  seen.encode(bytes);
  EXPECT_TRUE(watch().decode(bytes));
  EXPECT_FALSE(watch().decode(""));
  EXPECT_FALSE(watch().decode(std::string_view{bytes}.substr(0, bytes.size() - 1)));
  EXPECT_FALSE(watch().decode(bytes + bytes.substr(sizeof(std::uint64_t)))) << "each field twice";
  EXPECT_FALSE(watch().decode(bytes + "x"));
}

} // namespace
} // namespace weir::core
