#include "core/transform/key_check.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// A batch with one column; a null key is written "-".
class key_check_test : public ::testing::Test {
protected:
  void add_key(std::string_view key) {
    const auto has = key != "-";
    raw->append(100 + static_cast<std::int64_t>(raw->size()), 0, has ? key.data() : nullptr, has ? key.size() : 0, "{}",
                2);
    looked_at.rows.push_back(static_cast<row_index>(raw->size() - 1));
  }

  std::string problem() {
    raw->partition = partition_id{3};
    looked_at.raw = raw;
    looked_at.columns = {std::make_shared<const column>(values)};
    const auto found = key_check{0, "id"}.look(looked_at);
    return found ? found->text() : "";
  }

  std::shared_ptr<raw_block> raw = std::make_shared<raw_block>();
  column values;
  batch looked_at;
};

TEST_F(key_check_test, finds_nothing_where_keys_are_what_the_field_holds) {
  values.type = column_type::string;
  values.text = {"a", "", "b c"};
  for (const auto* key : {"a", "", "b c"})
    add_key(key);
  EXPECT_EQ(problem(), "");
}

TEST_F(key_check_test, compares_numbers_by_their_values) {
  values.type = column_type::float64;
  values.f64 = {1.5, 2};
  add_key("1.50");
  add_key("2.0");
  EXPECT_EQ(problem(), "");
  values.f64 = {1.5, 3};
  EXPECT_NE(problem().find("has the key \"2.0\", and its 'id', which the schema calls the key, is 3"),
            std::string::npos)
      << problem();
}

TEST_F(key_check_test, names_the_first_that_differs_and_where_it_is) {
  values.type = column_type::string;
  values.text = {"a", "b", "c"};
  for (const auto* key : {"a", "x\xff", "y"})
    add_key(key);
  const auto said = problem();
  EXPECT_TRUE(said.starts_with("partition 3, offset 101: the record has the key ")) << said;
  EXPECT_NE(said.find("is \"b\""), std::string::npos) << said;
  EXPECT_NE(said.find("source.key_check: off"), std::string::npos) << said;
}

TEST_F(key_check_test, a_record_without_a_key_differs_and_a_null_field_is_not_compared) {
  values.type = column_type::int64;
  values.i64 = {1, 2};
  values.null = {0, 1};
  add_key("1");
  add_key("7");
  EXPECT_EQ(problem(), "");
  values.null = {};
  raw = std::make_shared<raw_block>();
  looked_at.rows.clear();
  add_key("1");
  add_key("-");
  EXPECT_NE(problem().find("the record has no key"), std::string::npos) << problem();
}

TEST_F(key_check_test, looks_at_no_record_that_was_refused) {
  values.type = column_type::int64;
  values.i64 = {1, 2};
  add_key("9");
  add_key("2");
  looked_at.rows = {1};
  EXPECT_EQ(problem(), "");
}

} // namespace
} // namespace weir::core
