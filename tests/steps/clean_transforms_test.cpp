#include "transform_fixture.hpp"

namespace weir::steps {
namespace {

using core::row_index;

/// Steps that clean: what they make of some records.
class clean_transforms_test : public test::transform_fixture {
protected:
  std::vector<std::string> texts(const core::batch& b, const std::string& name) const {
    const auto& c = b.at(column(name));
    std::vector<std::string> all;
    for (const auto row : b.rows)
      all.push_back(c.is_null(row)                         ? "null"
                    : c.type == core::column_type::string  ? std::string{c.text[row]}
                    : c.type == core::column_type::float64 ? std::to_string(c.f64[row])
                                                           : std::to_string(c.i64[row]));
    return all;
  }

  static std::vector<std::string> amounts(const std::vector<std::string>& values) {
    std::vector<std::string> records;
    for (const auto& value : values)
      records.push_back(R"({"Amount":)" + value + R"(,"Device":"web"})");
    return records;
  }

  using strings = std::vector<std::string>;
};

TEST_F(clean_transforms_test, clip_keeps_numbers_between_its_bounds) {
  step("{ clip: Amount, min: 0, max: 10, as: clipped }");
  step("{ clip: Amount, min: -5 }");
  const auto b = run(amounts({"-7", "3.5", "12", "null"}));
  EXPECT_EQ(texts(b, "clipped"), (strings{"0.000000", "3.500000", "10.000000", "null"}));
  EXPECT_EQ(texts(b, "Amount"), (strings{"-5.000000", "3.500000", "12.000000", "null"}));
}

TEST_F(clean_transforms_test, bin_says_which_range_a_number_lies_in) {
  step("{ bin: Amount, edges: [0, 10, 100], as: band }");
  step("{ bin: Amount, edges: [0, 10], labels: [debt, small, large], as: size }");
  const auto b = run(amounts({"-1", "0", "9.99", "10", "1e9", "null"}));
  // numpy.digitize([-1, 0, 9.99, 10, 1e9], [0, 10, 100])
  EXPECT_EQ(texts(b, "band"), (strings{"0", "1", "1", "2", "3", "null"}));
  EXPECT_EQ(texts(b, "size"), (strings{"debt", "small", "small", "large", "large", "null"}));
}

TEST_F(clean_transforms_test, one_hot_makes_a_column_for_each_category) {
  step("{ one_hot: Device, columns: { web: is_web, atm: is_atm } }");
  const auto b = run({R"({"Device":"web"})", R"({"Device":"fax"})", R"({"Device":null})"});
  EXPECT_EQ(texts(b, "is_web"), (strings{"1", "0", "null"}));
  EXPECT_EQ(texts(b, "is_atm"), (strings{"0", "0", "null"}));
}

TEST_F(clean_transforms_test, impute_puts_a_value_in_the_place_of_nulls) {
  step("{ impute: Device, value: unknown }");
  step("{ impute: Amount, value: 12.5, as: filled }");
  const auto b = run({R"({"Device":"web","Amount":1})", R"({"Amount":null})"});
  EXPECT_EQ(texts(b, "Device"), (strings{"web", "unknown"}));
  EXPECT_EQ(texts(b, "filled"), (strings{"1.000000", "12.500000"}));
  EXPECT_EQ(texts(b, "Amount"), (strings{"1.000000", "null"}));
}

TEST_F(clean_transforms_test, drop_takes_columns_away) {
  step("{ derive: { twice: Amount * 2 } }");
  step("{ drop: [Amount, twice] }");
  EXPECT_EQ(wrong("{ derive: { x: twice } }"), "s.yaml:1:16: error: unknown column 'twice', known columns: Device\n");
}

TEST_F(clean_transforms_test, validate_refuses_with_every_reason) {
  step("{ validate: [Amount > 0, \"Device in ('web', 'atm')\"] }");
  const auto b = run({R"({"Amount":1,"Device":"web"})", R"({"Amount":-1,"Device":"fax"})",
                      R"({"Amount":null,"Device":"fax"})", R"({"Amount":null})"});
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 3}));
  ASSERT_EQ(b.rejected.size(), 2u);
  EXPECT_EQ(b.rejected[0].reason, "not true: Amount > 0; not true: Device in ('web', 'atm')");
  EXPECT_EQ(b.rejected[1].reason, "not true: Device in ('web', 'atm')");
}

TEST_F(clean_transforms_test, say_where_they_are_wrong) {
  EXPECT_EQ(wrong("{ clip: Amount, as: b }"), "s.yaml:1:1: error: a clip step needs 'min' or 'max'\n");
  EXPECT_EQ(wrong("{ clip: Amount, min: 2, max: 1, as: c }"), "s.yaml:1:30: error: 'max' is below 'min'\n");
  EXPECT_EQ(wrong("{ bin: Amount, edges: [0, 0], as: x }"), "s.yaml:1:27: error: edges ascend, 0 does not\n");
  EXPECT_EQ(wrong("{ bin: Amount, edges: [0, a], as: y }"), "s.yaml:1:27: error: an edge is a number, found 'a'\n");
  EXPECT_EQ(wrong("{ bin: Amount, edges: [0], labels: [a], as: z }"),
            "s.yaml:1:36: error: 1 edges part numbers into 2 bins, there are 1 labels\n");
  EXPECT_EQ(wrong("{ impute: Amount, value: much, as: i }"),
            "s.yaml:1:26: error: 'Amount' is a double, and the value is none\n");
  EXPECT_EQ(wrong("{ validate: Amount + 1 }"), "s.yaml:1:13: error: a rule is true or false, this is a double\n");
}

TEST_F(clean_transforms_test, sample_keeps_a_share_and_the_same_ones_each_time) {
  step("{ sample: 0.25, seed: 7 }");
  strings values;
  for (int i = 0; i < 20'000; ++i)
    values.push_back(std::to_string(i));
  const auto records = amounts(values);
  const auto kept = run(records).rows;
  EXPECT_NEAR(static_cast<double>(kept.size()), 5000, 4 * 61); // four standard deviations
  EXPECT_EQ(run_again(records).rows, kept);
}

TEST_F(clean_transforms_test, sample_keeps_all_records_of_a_value_or_none) {
  step("{ sample: 0.5, by: Device }");
  strings records;
  for (int i = 0; i < 400; ++i)
    records.push_back(R"({"Amount":)" + std::to_string(i) + R"(,"Device":"d)" + std::to_string(i % 40) + R"("})");
  std::map<row_index, int> seen;
  for (const auto row : run(records).rows)
    ++seen[row % 40];
  EXPECT_GT(seen.size(), 8u);
  EXPECT_LT(seen.size(), 32u);
  for (const auto& [device, count] : seen)
    EXPECT_EQ(count, 10) << device;
}

} // namespace
} // namespace weir::steps
