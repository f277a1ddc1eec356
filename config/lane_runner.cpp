#include "config/lane_runner.hpp"

#include <utility>

namespace weir::config {

lane_runner::lane_runner(const lane_plan& plan, std::uint64_t state_bytes, std::vector<std::string> header) :
    plan_{plan}, first_{plan.make_preprocessor(std::move(header))}, stages_{plan.make_operators(state_bytes)},
    models_{plan.models} {
  for (const auto& stage : stages_)
    all_.insert(all_.end(), stage.begin(), stage.end());
}

core::result<core::batch> lane_runner::run(core::raw_block_ptr block, std::optional<std::int64_t> now_ms) {
  auto made = first_->run(std::move(block), sequence_++);
  if (!made)
    return made;
  made->now_ms = now_ms.value_or(made->now_ms);
  return run_stages(*std::move(made));
}

core::result<core::batch> lane_runner::tick(std::int64_t now_ms) {
  return run_empty(now_ms, false);
}

core::result<core::batch> lane_runner::end() {
  return run_empty(0, true);
}

core::result<core::batch> lane_runner::run_empty(std::int64_t now_ms, bool is_last) {
  auto block = std::make_shared<core::raw_block>();
  block->seal();
  auto made = first_->run(std::move(block), sequence_++);
  if (!made)
    return made;
  made->tick_ms = made->now_ms = now_ms;
  made->is_last = is_last;
  return run_stages(*std::move(made));
}

core::result<core::batch> lane_runner::run_stages(core::batch b) {
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    for (const auto& one : stages_[i]) {
      if (!one->wants(b))
        continue;
      one->process(b);
      if (const auto* why = one->failure())
        return tl::unexpected{*why};
    }
    plan_.run_pooled(i, b, models_);
  }
  return b;
}

} // namespace weir::config
