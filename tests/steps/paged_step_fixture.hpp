#pragma once

#include "core/commit/changelog_replay.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "tests/core/keyed/keyed_fixture.hpp"
#include "tests/steps/step_binder.hpp"

#include <array>
#include <memory>
#include <string>

namespace weir::steps::test {

/// Steps with an operator of their own, on the columns of a keyed_fixture.
class paged_step_fixture : public core::keyed_fixture {
protected:
  using operator_ptr = std::shared_ptr<core::ordered_operator>;

  /// The operator of a lane for a step. An error: what is wrong with it.
  core::result<operator_ptr> make(const config::step_family& family, const std::string& yaml) {
    columns = {};
    columns.add({"key", core::column_type::string, true});
    columns.add({"value", core::column_type::float64, true});
    columns.add({"time", core::column_type::timestamp, true});
    plan = {};
    step_binder steps{plan};
    steps.walk.columns() = columns;
    if (const auto problems = steps.errors(family, yaml); !problems.empty())
      return core::fail(problems);
    columns = steps.walk.columns();
    const auto made = steps.walk.take_plan();
    return made.stages.at(0).in_order.at(0).make(std::array{core::unbounded_state});
  }

  static std::deque<record> part_of(const std::deque<record>& records, std::size_t begin, std::size_t count) {
    const auto first = records.begin() + static_cast<std::ptrdiff_t>(begin);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }

  /// What a lane writes at a commit.
  static void commit(core::ordered_operator& lane, core::changelog_replay& log) {
    core::record_block changes;
    lane.collect_changes(changes);
    for (std::size_t i = 0; i < changes.size(); ++i)
      ASSERT_TRUE(log.apply(changes.key(i), changes.entries[i].value_size == core::record_block::none
                                                ? std::nullopt
                                                : std::optional{changes.value(i)}));
  }

  static void restore(const operator_ptr& lane, const core::changelog_replay& log) {
    const auto taken = core::restore_operators(std::vector{lane}, log.changes());
    ASSERT_TRUE(taken) << taken.error().text();
  }
};

} // namespace weir::steps::test
