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

TEST_F(record_rows_test, a_quote_that_is_never_closed_takes_no_more_than_the_longest_row_along) {
  const std::string piece(1u << 20, 'x');
  record_rows rows{csv_format};
  std::size_t given = 0;
  for (std::optional<record_rows::row> row; !row; row = rows.next()) {
    ASSERT_LE(given, record_rows::longest_row + piece.size());
    const auto text = given == 0 ? "\"" + piece : piece;
    std::copy(text.begin(), text.end(), rows.room(text.size()).data());
    rows.added(text.size());
    given += text.size();
  }
  EXPECT_GE(given, record_rows::longest_row);
}

TEST_F(record_rows_test, no_text_has_no_rows) {
  expect("", csv_format, {});
  expect("\n\n", json_format, {});
}

} // namespace
} // namespace weir::core
