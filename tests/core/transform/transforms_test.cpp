#include "core/transform/preprocessor.hpp"
#include "tests/core/format/decoder_fixture.hpp"

namespace weir::core {
namespace {

class transforms_test : public testing::Test {
protected:
  transforms_test() {
    columns_.add({.name = "Amount", .type = column_type::float64, .from_source = true});
    columns_.add({.name = "Device", .type = column_type::string, .from_source = true});
  }

  void step(result<transform_ptr> made) {
    ASSERT_TRUE(made) << made.error().text();
    steps_.push_back(std::move(*made));
  }

  batch run(const std::vector<std::string>& records) {
    preprocessor p{make_json_decoder({.columns = &columns_}),
                   std::make_shared<const std::vector<transform_ptr>>(std::move(steps_))};
    auto b = p.run(block_of(records), 7);
    EXPECT_EQ(b.sequence, 7u);
    EXPECT_EQ(b.rows.size() + b.filtered + b.rejected.size(), records.size());
    return b;
  }

  layout columns_;
  std::vector<transform_ptr> steps_;
};

TEST_F(transforms_test, run_one_after_the_other_and_account_for_every_record) {
  step(make_drop_null(columns_, {"Amount"}));
  step(make_filter(columns_, "Amount > 50"));
  step(make_derive(columns_, "twice", "Amount * 2"));
  step(make_encode(columns_, "Device", {"atm", "web"}, "device_code"));
  step(make_filter(columns_, "twice < 400"));
  const auto b = run({R"({"Amount":100,"Device":"web"})", R"({"Amount":null})", R"({"Amount":10})", "broken",
                      R"({"Amount":60,"Device":"fax"})", R"({"Amount":300,"Device":"atm"})", R"({"Amount":70})"});
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 4, 6}));
  EXPECT_EQ(b.filtered, 3u);
  const auto twice = *columns_.find("twice");
  const auto code = *columns_.find("device_code");
  EXPECT_EQ(b.at(twice).f64[4], 120);
  EXPECT_EQ(b.at(code).i64[0], 1);
  EXPECT_TRUE(b.at(code).is_null(4));
  EXPECT_TRUE(b.at(code).is_null(6));
}

TEST_F(transforms_test, encode_finds_its_category_among_many) {
  std::vector<std::string> categories;
  for (int i = 0; i < 100; ++i)
    categories.push_back("c" + std::to_string(i));
  step(make_encode(columns_, "Device", categories, "code"));
  const auto b = run({R"({"Device":"c0"})", R"({"Device":"c99"})", R"({"Device":"c100"})"});
  const auto& code = b.at(*columns_.find("code"));
  EXPECT_EQ(code.i64[1], 99);
  EXPECT_EQ(code.null, (std::vector<std::uint8_t>{0, 0, 1}));
}

TEST_F(transforms_test, a_filter_drops_what_it_cannot_decide) {
  step(make_filter(columns_, "Amount > 0 or Device == 'x'"));
  const auto b = run({R"({"Amount":1})", R"({"Device":"x"})", R"({"Amount":-1})", "{}"});
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 1}));
}

TEST_F(transforms_test, refuse_what_does_not_fit_and_say_so) {
  const auto text = [](const result<transform_ptr>& r) { return r ? "none" : r.error().text(); };
  EXPECT_EQ(text(make_filter(columns_, "Amount")),
            "col 1: a filter has to be true or false, this is double (compare it with something)");
  EXPECT_EQ(text(make_filter(columns_, "Amuont > 1")), "col 1: unknown column 'Amuont' (did you mean 'Amount'?)");
  EXPECT_EQ(text(make_encode(columns_, "Amount", {}, "a")), "only a string column can be encoded, 'Amount' is double");
  EXPECT_EQ(text(make_encode(columns_, "Devise", {}, "a")), "unknown column 'Devise' (did you mean 'Device'?)");
  EXPECT_EQ(text(make_encode(columns_, "Device", {"a", "b", "a"}, "a")), "category 'a' is there twice");
  EXPECT_EQ(text(make_drop_null(columns_, {"Amount", "x"})), "unknown column 'x'");
}

} // namespace
} // namespace weir::core
