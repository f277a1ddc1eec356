#include "core/format/header_check.hpp"

#include "core/format/csv_rows.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using names = std::vector<std::string>;

std::string problem(const names& header, const names& fields) {
  const auto good = check_header(header, fields);
  return good ? "" : good.error().text();
}

TEST(header_check, finds_all_fields_in_any_order_and_lets_a_file_have_more) {
  EXPECT_EQ(problem({"a", "b", "c"}, {"c", "a"}), "");
  EXPECT_EQ(problem({"a"}, {}), "");
}

TEST(header_check, names_a_missing_field_and_the_nearest) {
  EXPECT_EQ(problem({"CustomerID", "amount"}, {"CustomerID", "Amount"}),
            "the header has no field 'Amount', which the pipeline file names (did you mean 'amount'?)");
  EXPECT_EQ(problem({"customer", "Age"}, {"Amount"}),
            "the header has no field 'Amount', which the pipeline file names (it has 'customer', 'Age')");
  EXPECT_EQ(problem({"customer", "ago", "amount"}, {"Amount", "Date", "Age"}),
            "the header has no fields 'Amount', 'Date', 'Age', which the pipeline file names ('Amount': did you mean "
            "'amount'? 'Age': did you mean 'ago'?)");
}

TEST(header_check, does_not_list_a_wide_header_to_its_end) {
  names header;
  for (int i = 10; i < 60; ++i)
    header.push_back("c" + std::to_string(i));
  const auto said = problem(header, {"Amount"});
  EXPECT_NE(said.find("'c21' and 38 more)"), std::string::npos) << said;
}

TEST(header_check, names_another_delimiter_of_a_header_that_is_a_single_field) {
  const auto with = [](const std::string& delimiter) {
    return problem({"CustomerID" + delimiter + "Amount"}, {"CustomerID"});
  };
  constexpr auto rest = ": say so by 'delimiter' in source)";
  const std::string missing = "the header has no field 'CustomerID', which the pipeline file names ";
  EXPECT_EQ(with(";"), missing + "(the delimiter seems to be ';'" + rest);
  EXPECT_EQ(with("\t"), missing + "(the delimiter seems to be a tab" + rest);
  EXPECT_EQ(with("|"), missing + "(the delimiter seems to be '|'" + rest);
  EXPECT_EQ(with(" "), missing + "(it has 'CustomerID Amount')");
}

TEST(header_check, names_another_delimiter_between_fields_in_quotes) {
  const auto header = parse_csv_header("\"CustomerID\";\"Amount\"");
  EXPECT_EQ(header.error().text(),
            "col 13: the header has text behind a closing quote (the delimiter seems to be ';')");
  EXPECT_EQ(parse_csv_header("\"CustomerID\"x").error().remedy, "");
}

} // namespace
} // namespace weir::core
