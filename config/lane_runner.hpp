#pragma once

#include "config/lane_plan.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::config {

/// A lane without its actors: its stages run one behind the other, for whoever has the records and one thread. The plan
/// must outlive it.
class lane_runner {
public:
  /// @param header the fields of a row, where a file's header says them; else empty
  explicit lane_runner(const lane_plan& plan, std::uint64_t state_bytes = core::unbounded_state,
                       std::vector<std::string> header = {});

  /// Takes a block through all steps. An error: the lane must not go on.
  /// @param now_ms the wall clock, for windows; absent: later than any record
  core::result<core::batch> run(core::raw_block_ptr block, std::optional<std::int64_t> now_ms = {});

  /// A tick of the lane: a block without records.
  core::result<core::batch> tick(std::int64_t now_ms);

  /// The end of the source: nothing comes behind it.
  core::result<core::batch> end();

  /// From now on models of this set score.
  void score_with(model_set_ptr models) { models_ = std::move(models); }

  /// All operators, in their order.
  const operator_list& operators() const noexcept { return all_; }

private:
  core::result<core::batch> run_stages(core::batch b);
  core::result<core::batch> run_empty(std::int64_t now_ms, bool is_last);

  const lane_plan& plan_;
  std::unique_ptr<core::preprocessor> first_;
  std::vector<operator_list> stages_;
  operator_list all_;
  model_set_ptr models_;
  std::uint64_t sequence_ = 0;
};

} // namespace weir::config
