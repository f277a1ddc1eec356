#include "cli/csv_input.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace weir::cli {
namespace {

TEST(csv_input_test, reads_numbers_as_people_write_them) {
  EXPECT_EQ(number_of(" +2.5 "), 2.5);
  EXPECT_EQ(number_of("true"), 1);
  EXPECT_EQ(number_of("false"), 0);
  EXPECT_TRUE(std::isinf(*number_of("1e999")));
  EXPECT_TRUE(std::isnan(*number_of("nan")));
  for (const auto* text : {"", " ", "1,5", "12a", "0x10", "twelve"})
    EXPECT_FALSE(number_of(text)) << text;
}

TEST(csv_input_test, quotes_what_would_be_two_fields) {
  EXPECT_EQ(csv_field("a;b", ';'), "\"a;b\"");
  EXPECT_EQ(csv_field("a;b", ','), "a;b");
  EXPECT_EQ(csv_field("say \"a,b\"", ';'), "\"say \"\"a,b\"\"\"");
  EXPECT_EQ(csv_field("", ','), "\"\"");
}

TEST(csv_input_test, lists_the_columns_where_no_name_is_near) {
  EXPECT_EQ(*find_column("area", {"rooms", "area"}), 1u);
  EXPECT_EQ(find_column("aera", {"rooms", "area"}).error().remedy, "did you mean 'area'?");
  EXPECT_EQ(find_column("price", {"rooms", "area"}).error().remedy, "columns: rooms, area");
  EXPECT_EQ(find_column("area", {"rooms;area"}).error().remedy,
            "the delimiter seems to be ';': give it as --delimiter");
  std::vector<std::string> many;
  for (int i = 0; i < 40; ++i)
    many.push_back("column_" + std::to_string(i));
  EXPECT_NE(find_column("x", many).error().remedy.find("column_29 and 10 more"), std::string::npos);
}

TEST(csv_input_test, gives_rows_with_their_lines) {
  const auto path = std::filesystem::temp_directory_path() / ("weir-csv-input-" + std::to_string(getpid()));
  std::ofstream{path} << "\xef\xbb\xbf"
                         "a;b\r\n1;\"x\ny\"\r\n\n2;z";
  auto input = csv_input::open(path, ';');
  ASSERT_TRUE(input) << input.error().text();
  EXPECT_EQ(input->header(), (std::vector<std::string>{"a", "b"}));
  const auto expect = [&](std::string_view text, std::uint64_t line) {
    const auto row = input->next();
    ASSERT_TRUE(row);
    EXPECT_EQ(row->text, text);
    EXPECT_EQ(row->line, line);
  };
  expect("1;\"x\ny\"", 2);
  expect("2;z", 5);
  EXPECT_FALSE(input->next());
  std::ofstream{path}.flush();
  EXPECT_EQ(csv_input::open(path, ';').error().what, "the file is empty");
  std::filesystem::remove(path);
  EXPECT_TRUE(csv_input::open(path, ';').error().is_unreachable);
}

} // namespace
} // namespace weir::cli
