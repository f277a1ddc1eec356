#pragma once

#include "actors/interfaces.hpp"
#include "core/transform/preprocessor.hpp"

#include <memory>
#include <vector>

namespace weir::actors {

struct preprocessor_state {
  static constexpr const char* name = "preprocessor";

  std::shared_ptr<core::preprocessor> work;  ///< this actor alone uses it
  std::vector<inferencer_actor> inferencers; ///< next in line; empty: the batch goes to the lane
};

/// Decodes and preprocesses the blocks of any lane of the node.
preprocessor_actor::behavior_type preprocessor(preprocessor_actor::stateful_pointer<preprocessor_state> self,
                                               std::shared_ptr<core::preprocessor> work,
                                               std::vector<inferencer_actor> inferencers);

} // namespace weir::actors
