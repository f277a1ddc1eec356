#pragma once

#include "core/transform/preprocessor.hpp"
#include "tests/core/format/decoder_fixture.hpp"
#include "tests/steps/step_binder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::steps::test {

/// Steps of `preprocess` over a schema of an Amount and a Device, on records in JSON.
class transform_fixture : public ::testing::Test {
protected:
  transform_fixture() {
    steps.source_column("Amount", core::column_type::float64);
    steps.source_column("Device", core::column_type::string);
  }

  void step(const std::string& yaml) { steps.add(transforms(), yaml); }
  std::string wrong(const std::string& yaml) { return steps.errors(transforms(), yaml); }

  core::batch run(const std::vector<std::string>& records) {
    plan_ = steps.walk.take_plan();
    columns_ = plan_.columns;
    return run_again(records);
  }

  core::batch run_again(const std::vector<std::string>& records) {
    core::preprocessor p{core::make_json_decoder({.columns = columns_.get()}), plan_.transforms};
    auto b = *p.run(core::block_of(records), 7);
    EXPECT_EQ(b.sequence, 7u);
    EXPECT_EQ(b.rows.size() + b.filtered + b.rejected.size(), records.size());
    return b;
  }

  core::column_id column(const std::string& name) const { return *columns_->find(name); }

  core::keyed_plan keyed;
  test::step_binder steps{keyed};

private:
  config::lane_plan plan_;
  std::shared_ptr<const core::layout> columns_;
};

} // namespace weir::steps::test
