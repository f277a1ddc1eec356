#pragma once

#include "config/compile.hpp"
#include "config/lane_runner.hpp"
#include "core/commit/changelog_replay.hpp"
#include "pipeline_fixture.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir::config::test {

/// A lane that commits and is restored, without its actors.
class lane {
public:
  explicit lane(lane_plan plan) : plan_{std::make_unique<lane_plan>(std::move(plan))} { restart(); }

  /// @param times of the records, ms since the epoch; fewer than there are records: 0
  core::batch run(const std::vector<std::string>& records, const std::vector<std::int64_t>& times = {}) {
    auto raw = std::make_shared<core::raw_block>();
    for (std::size_t i = 0; i < records.size(); ++i)
      raw->append(next_++, i < times.size() ? times[i] : 0, "k", 1, records[i].data(), records[i].size());
    raw->seal();
    return *steps_->run(raw);
  }

  /// A tick of the lane, at this time of the wall clock.
  core::batch tick(std::int64_t now) { return *steps_->tick(now); }

  /// What the sink gets.
  std::string output(const std::vector<std::string>& records) {
    const auto batch = run(records);
    core::record_block written;
    plan_->make_writer()->write(batch, written);
    std::string lines;
    for (std::size_t i = 0; i < written.size(); ++i)
      lines += std::string{written.value(i)} + "\n";
    return lines;
  }

  void commit() {
    core::record_block changes;
    for (const auto& one : steps_->operators())
      one->collect_changes(changes);
    committed_ = changes.size();
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const auto is_gone = changes.entries[i].value_size == core::record_block::none;
      ASSERT_TRUE(log_.apply(changes.key(i), is_gone ? std::nullopt : std::optional{changes.value(i)}));
    }
    const core::marker mark{core::partition_id{0}, core::epoch{1}, core::offset{next_}, "n"};
    ASSERT_TRUE(log_.apply(core::marker::key, mark.encode()));
  }

  /// Records of state that the last commit() wrote.
  std::size_t committed() const noexcept { return committed_; }

  /// A new lane, from the state that was committed. @returns what was wrong with it
  std::string restart() {
    steps_.emplace(*plan_);
    const auto restored = core::restore_operators(steps_->operators(), log_.changes());
    return restored ? "" : restored.error().text();
  }

  /// Another pipeline with this one's state.
  std::string restart_as(lane_plan plan) {
    steps_.reset();
    *plan_ = std::move(plan);
    return restart();
  }

  core::operator_counts counts() const {
    core::operator_counts sum;
    for (const auto& one : steps_->operators())
      sum += one->counts();
    return sum;
  }

  const lane_plan& plan() const { return *plan_; }

private:
  std::unique_ptr<lane_plan> plan_; ///< what runs refers to it
  std::optional<lane_runner> steps_;
  core::changelog_replay log_;
  std::int64_t next_ = 0;
  std::size_t committed_ = 0;
};

/// Pipelines as text, and what is wrong with them.
class lane_fixture : public pipeline_fixture {
protected:
  static constexpr auto head = "name: p\nsource: { file: in }\nsink: console\n";

  lane_plan plan(const std::string& sections) {
    auto made = compile(good(head + sections));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    return made ? *made : lane_plan{};
  }

  std::string compile_errors(const std::string& sections) {
    std::string text = errors(head + sections);
    if (!text.empty())
      return text;
    const auto made = compile(good(head + sections));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      text += d.text() + "\n";
    return text;
  }

  /// `stage: reason` of each rejected record.
  static std::vector<std::string> reasons(const core::batch& b) {
    std::vector<std::string> made;
    for (const auto& rejected : b.rejected)
      made.push_back(std::to_string(rejected.row) + " " + std::string{to_string(rejected.stage)} + ": "
                     + rejected.reason);
    return made;
  }
};

} // namespace weir::config::test
