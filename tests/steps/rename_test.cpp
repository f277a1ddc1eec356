#include "core/format/record_writer.hpp"
#include "core/transform/preprocessor.hpp"
#include "tests/core/format/decoder_fixture.hpp"
#include "tests/steps/step_binder.hpp"

namespace weir::steps {
namespace {

class rename_test : public ::testing::Test {
protected:
  rename_test() { steps.source_column("Amount", core::column_type::float64); }

  core::keyed_plan keyed;
  test::step_binder steps{keyed};
};

TEST_F(rename_test, gives_the_values_to_the_new_name) {
  steps.add(transforms(), "{ rename: Amount, to: amount_eur }");
  steps.add(transforms(), "{ filter: amount_eur > 5 }");
  const auto plan = steps.walk.take_plan();
  core::preprocessor first{core::make_json_decoder({.columns = plan.columns.get()}), plan.transforms};
  const auto batch = *first.run(core::block_of({R"({"Amount":7})", R"({"Amount":null})", R"({"Amount":1})"}), 0);
  EXPECT_EQ(batch.rows, std::vector<core::row_index>{0});
  EXPECT_EQ(batch.at(*plan.columns->find("amount_eur")).f64[0], 7);
}

TEST_F(rename_test, leaves_nothing_under_the_old_name) {
  steps.add(transforms(), "{ rename: Amount, to: amount_eur }");
  EXPECT_EQ(steps.errors(transforms(), "{ filter: Amount > 5 }"),
            "s.yaml:1:11: error: unknown column 'Amount', known columns: amount_eur\n");
  EXPECT_EQ(steps.errors(transforms(), "{ drop_null: Amount }"),
            "s.yaml:1:14: error: unknown column 'Amount' in drop_null step\n");
  steps.add(transforms(), "{ derive: { Amount: amount_eur / 100 } }"); // the name is free
}

TEST_F(rename_test, refuses_a_name_that_a_step_has_made) {
  steps.add(transforms(), "{ derive: { twice: Amount * 2 } }");
  EXPECT_EQ(steps.errors(transforms(), "{ rename: Amount, to: twice }"),
            "s.yaml:1:23: error: 'twice' is made twice, give one of them another name\n");
}

} // namespace
} // namespace weir::steps
