#pragma once

#include "cli/dlq/letters.hpp"
#include "cli/exit_code.hpp"

#include <cstdint>
#include <string>

namespace weir::cli {

struct replay_options {
  letters_options letters;
  std::string to;          ///< a topic; empty: the one that each record was read from
  std::string out;         ///< a file to write to in place of topics; empty: none
  double rate = 0;         ///< records a second; 0: as fast as it goes
  std::uint64_t limit = 0; ///< 0: none
};

/// Writes the records of dead letters back, each once: those that were replayed before are passed over. The records and
/// what was replayed are in one transaction; what was replayed stands in the topic `<letters>-replayed`, which is made.
exit_code replay(const replay_options& options);

} // namespace weir::cli
