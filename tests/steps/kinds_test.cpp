#include "tests/core/format/decoder_fixture.hpp"
#include "tests/steps/step_binder.hpp"

#include "config/yaml_text.hpp"
#include "core/transform/preprocessor.hpp"

#include <set>

namespace weir::steps {
namespace {

std::vector<const config::step_family*> families() {
  return {&transforms(), &windows(), &inferences(), &detectors(), &drifts()};
}

class kinds_test : public ::testing::Test {
protected:
  /// A binder over the columns that the examples use.
  static void add_columns(test::step_binder& steps) {
    steps.source_column("CustomerID", core::column_type::string);
    steps.source_column("Device", core::column_type::string);
    steps.source_column("Date", core::column_type::timestamp);
    steps.source_column("Amount", core::column_type::float64);
    steps.source_column("Age", core::column_type::int64);
    steps.source_column("wrong", core::column_type::boolean);
    steps.source_column("p_fraud", core::column_type::float64);
  }
};

TEST_F(kinds_test, every_example_is_read_bound_and_run) {
  for (const auto* family : families())
    for (const auto* kind : family->kinds) {
      core::keyed_plan keyed;
      test::step_binder steps{keyed};
      add_columns(steps);
      steps.add(*family, std::string{kind->example});
      const auto plan = steps.walk.take_plan();
      core::preprocessor first{core::make_json_decoder({.columns = plan.columns.get()}), plan.transforms};
      auto batch = *first.run(
          core::block_of(
              {R"({"CustomerID":"a","Device":"web","Date":"2026-01-05T13:45:10Z","Amount":60,"Age":3,"wrong":true})"}),
          0);
      keyed.make_processor({'d'})->process(batch);
      EXPECT_EQ(batch.rows.size(), 1u) << kind->name;
    }
}

TEST_F(kinds_test, what_a_step_shows_reads_back_to_the_same) {
  for (const auto* family : families())
    for (const auto* kind : family->kinds) {
      core::keyed_plan keyed;
      test::step_binder first{keyed};
      test::step_binder second{keyed};
      add_columns(first);
      add_columns(second);
      first.add(*family, std::string{kind->example});
      second.add(*family, config::yaml_line({first.shown}));
      EXPECT_EQ(config::yaml_line({first.shown}), config::yaml_line({second.shown})) << kind->name;
    }
}

TEST_F(kinds_test, the_field_of_a_kind_has_its_name_and_every_field_says_what_it_is) {
  for (const auto* family : families())
    for (const auto* kind : family->kinds) {
      ASSERT_FALSE(kind->fields.empty()) << kind->name;
      EXPECT_EQ(kind->fields.front().name, kind->name);
      std::set<std::string_view> names;
      for (const auto& field : kind->fields) {
        EXPECT_TRUE(names.insert(field.name).second) << kind->name << ' ' << field.name;
        EXPECT_FALSE(field.help.empty()) << kind->name << ' ' << field.name;
        EXPECT_FALSE(field.help.ends_with('.')) << kind->name << ' ' << field.name;
      }
    }
}

TEST_F(kinds_test, a_misspelt_option_is_told_with_the_one_that_was_meant) {
  core::keyed_plan keyed;
  test::step_binder steps{keyed};
  add_columns(steps);
  EXPECT_EQ(steps.errors(detectors(), "{ zscore: Amount, treshold: 2, min_count: 0, as: a }"),
            "s.yaml:1:43: error: 'min_count' in detector must be a whole number from 1 to 1000000, found '0'\n"
            "s.yaml:1:19: error: unknown field 'treshold' in detector, did you mean 'threshold'?\n");
}

} // namespace
} // namespace weir::steps
