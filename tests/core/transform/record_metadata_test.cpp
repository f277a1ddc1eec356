#include "core/transform/record_metadata.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

batch made_of(const std::shared_ptr<raw_block>& raw, std::vector<metadata_column> columns) {
  raw->seal();
  batch b;
  b.raw = raw;
  make_record_metadata(std::move(columns), "txn")->apply(b);
  return b;
}

TEST(record_metadata_test, is_what_the_reader_knows_of_each_record) {
  auto raw = std::make_shared<raw_block>();
  raw->partition = partition_id{3};
  raw->append(7, 1000, "k1", 2, "a", 1);
  raw->append(9, 2000, nullptr, 0, "b", 1);
  raw->append(10, 3000, "", 0, "c", 1);
  const auto b = made_of(raw, {{0, record_fact::offset},
                               {1, record_fact::timestamp},
                               {2, record_fact::partition},
                               {3, record_fact::topic},
                               {5, record_fact::key}});
  EXPECT_EQ(b.at(0).i64, (std::vector<std::int64_t>{7, 9, 10}));
  EXPECT_EQ(b.at(1).i64, (std::vector<std::int64_t>{1000, 2000, 3000}));
  EXPECT_EQ(b.at(1).type, column_type::timestamp);
  EXPECT_EQ(b.at(2).i64, (std::vector<std::int64_t>{3, 3, 3}));
  EXPECT_EQ(b.at(3).text, (std::vector<std::string_view>{"txn", "txn", "txn"}));
  EXPECT_EQ(b.columns[4], nullptr);
  EXPECT_EQ(b.at(5).text[0], "k1");
  EXPECT_TRUE(b.at(5).is_null(1));
  EXPECT_FALSE(b.at(5).is_null(2));
}

TEST(record_metadata_test, has_the_headers_that_were_read_and_null_for_others) {
  auto raw = std::make_shared<raw_block>();
  raw->append(0, 0, nullptr, 0, "a", 1);
  raw->append(1, 0, nullptr, 0, "b", 1);
  raw->append(2, 0, nullptr, 0, "c", 1);
  raw->headers.push_back({"ab", {0, 2, 2, 2}, {0, 1, 0}});
  const auto b = made_of(raw, {{0, record_fact::header, 0}, {1, record_fact::header, 1}});
  EXPECT_EQ(b.at(0).text[0], "ab");
  EXPECT_TRUE(b.at(0).is_null(1));
  EXPECT_FALSE(b.at(0).is_null(2));
  EXPECT_EQ(b.at(0).text[2], "");
  for (row_index row = 0; row < 3; ++row)
    EXPECT_TRUE(b.at(1).is_null(row));
}

TEST(record_metadata_test, is_utf8_whatever_the_bytes_are) {
  auto raw = std::make_shared<raw_block>();
  raw->append(0, 0, "\xff\x01", 2, "a", 1);
  raw->append(1, 0, "\xc3\xa9", 2, "b", 1);
  const auto b = made_of(raw, {{0, record_fact::key}});
  EXPECT_EQ(b.at(0).text, (std::vector<std::string_view>{"\xef\xbf\xbd\x01", "\xc3\xa9"}));
}

} // namespace
} // namespace weir::core
