#include "cli/csv_table.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

class csv_table_test : public testing::Test {
protected:
  csv_table table;
  std::string out;
};

TEST_F(csv_table_test, takes_its_columns_from_the_first_object) {
  EXPECT_TRUE(table.append(R"({"id":"C1","n":1.5})", out));
  EXPECT_TRUE(table.append(R"({"n":2,"more":true,"id":null})", out));
  EXPECT_EQ(out, "id,n\nC1,1.5\n,2\n");
}

TEST_F(csv_table_test, quotes_text_that_needs_it_and_writes_nested_values_as_json) {
  EXPECT_TRUE(table.append(R"({"a,b":"x\"y","c":[1,{"d":2}]})", out));
  EXPECT_EQ(out, "\"a,b\",c\n\"x\"\"y\",\"[1,{\"\"d\"\":2}]\"\n");
}

TEST_F(csv_table_test, refuses_what_is_no_json_object) {
  for (const auto* text : {"", "[1]", "{\"a\":", "oops"})
    EXPECT_FALSE(table.append(text, out)) << text;
  EXPECT_EQ(out, "");
}

} // namespace
} // namespace weir::cli
