#pragma once

#include <cstdint>

namespace weir::core {

/// What the outputs of a lane are to the commit of its state.
enum class output_rule : std::uint8_t {
  in_transaction,   ///< in one transaction with the state; what comes after a barrier waits for the commit
  before_the_state, ///< acknowledged by the sinks before the state enters a transaction
  cut_to_the_state, ///< acknowledged before the state is written; what comes after a barrier waits, so that outputs can
                    ///< be cut to what is committed (files)
};

} // namespace weir::core
