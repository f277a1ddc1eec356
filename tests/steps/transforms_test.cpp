#include "transform_fixture.hpp"

namespace weir::steps {
namespace {

using core::row_index;

using transforms_test = test::transform_fixture;

TEST_F(transforms_test, run_one_after_the_other_and_account_for_every_record) {
  step("{ drop_null: Amount }");
  step("{ filter: Amount > 50 }");
  step("{ derive: { twice: Amount * 2 } }");
  step("{ encode: { Device: [atm, web], as: device_code } }");
  step("{ filter: twice < 400 }");
  const auto b = run({R"({"Amount":100,"Device":"web"})", R"({"Amount":null})", R"({"Amount":10})", "broken",
                      R"({"Amount":60,"Device":"fax"})", R"({"Amount":300,"Device":"atm"})", R"({"Amount":70})"});
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 4, 6}));
  EXPECT_EQ(b.filtered, 3u);
  EXPECT_EQ(b.at(column("twice")).f64[4], 120);
  const auto& code = b.at(column("device_code"));
  EXPECT_EQ(code.i64[0], 1);
  EXPECT_TRUE(code.is_null(4));
  EXPECT_TRUE(code.is_null(6));
}

TEST_F(transforms_test, encode_finds_its_category_among_many) {
  std::string categories;
  for (int i = 0; i < 100; ++i)
    categories += (i == 0 ? "c" : ", c") + std::to_string(i);
  step("{ encode: { Device: [" + categories + "], as: code } }");
  const auto b = run({R"({"Device":"c0"})", R"({"Device":"c99"})", R"({"Device":"c100"})"});
  const auto& code = b.at(column("code"));
  EXPECT_EQ(code.i64[1], 99);
  EXPECT_EQ(code.null, (std::vector<std::uint8_t>{0, 0, 1}));
}

TEST_F(transforms_test, a_filter_drops_what_it_cannot_decide) {
  step("{ filter: Amount > 0 or Device == 'x' }");
  const auto b = run({R"({"Amount":1})", R"({"Device":"x"})", R"({"Amount":-1})", "{}"});
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 1}));
}

TEST_F(transforms_test, scale_is_that_of_scikit_learn) {
  step("{ scale: Amount, mean: 10, std: 4, as: standard }");
  step("{ scale: Amount, min: 10, max: 30, as: min_max }");
  step("{ scale: Amount, median: 12, iqr: 8 }");
  step("{ derive: { robust: Amount } }");
  const auto b = run({R"({"Amount":20})", R"({"Amount":null})", R"({"Amount":50})"});
  EXPECT_EQ(b.at(column("standard")).f64[0], 2.5);
  EXPECT_EQ(b.at(column("min_max")).f64[0], 0.5);
  EXPECT_EQ(b.at(column("min_max")).f64[2], 2); // beyond what was learned: not clipped
  EXPECT_EQ(b.at(column("robust")).f64[0], 1);
  EXPECT_TRUE(b.at(column("standard")).is_null(1));
  EXPECT_TRUE(b.at(column("robust")).is_null(1));
}

TEST_F(transforms_test, scale_needs_a_centre_and_a_width_of_one_kind) {
  const auto* pairs =
      "s.yaml:1:1: error: a scale step needs 'mean' and 'std', or 'min' and 'max', or 'median' and 'iqr'\n";
  EXPECT_EQ(wrong("{ scale: Amount, as: a }"), pairs);
  EXPECT_EQ(wrong("{ scale: Amount, mean: 1, max: 2, as: b }"), pairs);
  EXPECT_EQ(wrong("{ scale: Amount, mean: 1, std: 2, max: 2, as: c }"), pairs);
  EXPECT_EQ(wrong("{ scale: Amount, min: 2, max: 2, as: d }"), "s.yaml:1:31: error: 'max' is not above 'min'\n");
  EXPECT_EQ(wrong("{ scale: Amount, mean: 2, std: 0, as: e }"),
            "s.yaml:1:32: error: 'std' in preprocess step must be greater than 0\n");
  EXPECT_EQ(wrong("{ scale: Device, mean: 2, std: 1, as: f }").find("s.yaml:1:10: error: scale step needs a number"),
            0u);
}

TEST_F(transforms_test, refuse_what_does_not_fit_and_say_so) {
  EXPECT_EQ(wrong("{ filter: Amount }"), "s.yaml:1:11: error: a filter must be true or false, this is a double\n");
  EXPECT_EQ(wrong("{ filter: Amuont > 1 }"), "s.yaml:1:11: error: unknown column 'Amuont', did you mean 'Amount'?\n");
  EXPECT_EQ(wrong("{ encode: { Amount: [a], as: a } }"),
            "s.yaml:1:13: error: encode step needs a string, 'Amount' is a double\n");
  EXPECT_EQ(wrong("{ encode: { Devise: [a], as: b } }"),
            "s.yaml:1:13: error: unknown column 'Devise' in encode step, did you mean 'Device'?\n");
  EXPECT_EQ(wrong("{ encode: { Device: [a, b, a], as: c } }"),
            "s.yaml:1:28: error: category 'a' of 'Device' is there twice\n");
  EXPECT_EQ(wrong("{ drop_null: [Amount, nothing] }"),
            "s.yaml:1:23: error: unknown column 'nothing' in drop_null step\n");
}

} // namespace
} // namespace weir::steps
