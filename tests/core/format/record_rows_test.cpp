#include "core/format/record_rows.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

class record_rows_test : public ::testing::Test {
protected:
  /// `line:text` of each row, when the text comes in pieces of this size.
  static std::vector<std::string> split(const std::string& text, const format_kind& format, std::size_t piece) {
    record_rows rows{format};
    std::vector<std::string> out;
    const auto take = [&] {
      while (const auto row = rows.next())
        out.push_back(std::to_string(row->line) + ":" + std::string{row->text});
    };
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const auto size = std::min(piece, text.size() - at);
      std::copy_n(text.data() + at, size, rows.room(size + 10).data());
      rows.added(size);
      take();
    }
    rows.end();
    take();
    return out;
  }

  static void expect(const std::string& text, const format_kind& format, const std::vector<std::string>& rows) {
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 1000u})
      EXPECT_EQ(split(text, format, piece), rows) << "in pieces of " << piece;
  }
};

TEST_F(record_rows_test, lines_come_without_their_ends_and_empty_ones_not_at_all) {
  expect("a\n\nb\r\n\r\n c \nlast", json_format, {"1:a", "3:b", "5: c ", "6:last"});
}

TEST_F(record_rows_test, a_csv_row_may_have_several_lines) {
  expect("a,b\r\n\"x\ny\",\"1 \"\"\n\"\"\"\n\n3,4", csv_format, {"1:a,b", "2:\"x\ny\",\"1 \"\"\n\"\"\"", "6:3,4"});
}

TEST_F(record_rows_test, quotes_mean_nothing_to_lines) {
  expect("\"a\nb\n", json_format, {"1:\"a", "2:b"});
}

TEST_F(record_rows_test, a_quote_that_is_never_closed_ends_with_the_text) {
  expect("a\n\"b\nc", csv_format, {"1:a", "2:\"b\nc"});
}

class long_row_test : public ::testing::TestWithParam<const format_kind*> {
protected:
  /// The rows of a text that comes in pieces of a megabyte.
  std::vector<record_rows::row> rows_of(const std::string& text) {
    std::vector<record_rows::row> out;
    const auto take = [&] {
      while (const auto row = rows.next())
        out.push_back({row->text.substr(0, 3), row->line, row->is_cut}), sizes.push_back(row->text.size());
    };
    constexpr std::size_t piece = 1u << 20;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const auto size = std::min(piece, text.size() - at);
      std::copy_n(text.data() + at, size, rows.room(size).data());
      rows.added(size);
      take();
    }
    rows.end();
    take();
    return out;
  }

  record_rows rows{*GetParam()};
  std::vector<std::size_t> sizes;
};

TEST_P(long_row_test, hands_out_its_beginning_and_goes_on_behind_its_end) {
  for (const auto more : {std::size_t{1}, std::size_t{3u << 20}}) {
    rows = record_rows{*GetParam()};
    sizes.clear();
    const auto found = rows_of("a,1\n" + std::string(record_rows::longest_row + more, 'x') + ",2\nb,3\n");
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{3, record_rows::longest_row, 3}));
    EXPECT_FALSE(found[0].is_cut);
    EXPECT_TRUE(found[1].is_cut);
    EXPECT_EQ(found[1].line, 2u);
    EXPECT_FALSE(found[2].is_cut);
    EXPECT_EQ(found[2].line, 3u);
  }
}

TEST_P(long_row_test, may_be_the_last_one_and_without_an_end) {
  const auto found = rows_of(std::string(record_rows::longest_row + (2u << 20), 'x'));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].is_cut);
}

TEST_P(long_row_test, is_whole_when_it_is_no_longer_than_that) {
  const auto found = rows_of(std::string(record_rows::longest_row, 'x') + "\nb,3\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_FALSE(found[0].is_cut);
}

INSTANTIATE_TEST_SUITE_P(formats, long_row_test, ::testing::Values(&json_format, &csv_format),
                         [](const auto& of) { return std::string{of.param->name}; });

TEST_F(record_rows_test, a_quote_that_is_never_closed_takes_no_more_than_the_longest_row_along) {
  std::string text = "\"";
  while (text.size() < record_rows::longest_row + (2u << 20))
    text += "a line of this length\n";
  const auto found = split(text, csv_format, 1u << 20);
  EXPECT_GT(found.size(), 1000u) << "the lines behind it are rows again";
}

TEST_F(record_rows_test, nothing_is_lost_of_rows_that_a_quote_has_taken_along) {
  std::string text = "\"";
  while (text.size() < record_rows::longest_row + (2u << 20))
    text += "a line of this length\n";
  std::string found;
  for (const auto& row : split(text, csv_format, 1u << 20))
    found += row.substr(row.find(':') + 1) + "\n";
  EXPECT_TRUE(found == text);
}

TEST_F(record_rows_test, a_byte_order_mark_in_front_is_passed_over_however_it_comes) {
  for (const auto size : {1u, 2u, 3u, 100u}) {
    const std::string text = "\xef\xbb\xbf\"a\nb\",1\n\xef\xbb\xbfx\n";
    EXPECT_EQ(split(text, csv_format, size), (std::vector<std::string>{"1:\"a\nb\",1", "3:\xef\xbb\xbfx"}));
    EXPECT_EQ(split("\xef\xbb\xbf{}\n", json_format, size), (std::vector<std::string>{"1:{}"}));
    EXPECT_EQ(split("\xef\xbb", json_format, size), (std::vector<std::string>{"1:\xef\xbb"}));
  }
}

TEST_F(record_rows_test, no_text_has_no_rows) {
  expect("", csv_format, {});
  expect("\n\n", json_format, {});
}

} // namespace
} // namespace weir::core
