#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/transform/transform.hpp"

#include <utility>
#include <vector>

namespace weir::core {

/// Stateless steps between those of a lane that have a state: they run in the lane, in their order, and leave nothing
/// behind.
class ordered_transforms final : public ordered_operator {
public:
  explicit ordered_transforms(std::vector<transform_ptr> steps) : steps_{std::move(steps)} {}

  void process(batch& b) override {
    for (const auto& step : steps_)
      step->apply(b);
  }

  std::uint8_t tag() const noexcept override { return 0; }
  bool owns(std::string_view) const noexcept override { return false; }
  void collect_changes(record_block&) override {}
  result<void> restore(std::string_view, const std::string_view*) override { return {}; }

private:
  std::vector<transform_ptr> steps_;
};

} // namespace weir::core
