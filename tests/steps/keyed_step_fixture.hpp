#pragma once

#include "tests/core/keyed/keyed_fixture.hpp"
#include "tests/steps/step_binder.hpp"

#include <optional>
#include <string>

namespace weir::steps::test {

/// Windows and detectors by key, on the columns of a keyed_fixture.
class keyed_step_fixture : public core::keyed_fixture {
protected:
  keyed_step_fixture() { begin(); }

  /// Behind those that were added before.
  void add(const config::step_family& family, const std::string& yaml) {
    steps_->add(family, yaml);
    columns = steps_->walk.columns();
  }

  /// In place of all that were added before.
  void add_alone(const config::step_family& family, const std::string& yaml) {
    begin();
    add(family, yaml);
  }

  /// What is wrong with it, a line each.
  std::string errors(const config::step_family& family, const std::string& yaml) {
    step_binder other{plan};
    other.walk.columns() = columns;
    return other.errors(family, yaml);
  }

private:
  void begin() {
    plan = {};
    columns = {};
    columns.add({"key", core::column_type::string, true});
    columns.add({"value", core::column_type::float64, true});
    columns.add({"time", core::column_type::timestamp, true});
    steps_.emplace(plan);
    steps_->walk.columns() = columns;
  }

  std::optional<step_binder> steps_;
};

} // namespace weir::steps::test
