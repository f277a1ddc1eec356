#pragma once

#include "config/pipeline.hpp"
#include "core/base/result.hpp"

#include <string>
#include <vector>

namespace weir::io {

/// What a look at what a pipeline needs has found.
struct preparation {
  enum class outcome : std::uint8_t {
    ready,
    unreachable, ///< a broker does not answer: worth another try
    wrong,       ///< something is missing or does not fit: the user has to do something
  } what = outcome::ready;
  core::error problem{};
  int partitions = 0; ///< of the source
};

preparation is_wrong(std::string what, std::string remedy);

/// What a sink is for.
struct sink_role {
  std::string header{};        ///< the first line of a file; empty: none
  bool takes_records = true;   ///< false: alerts and dead letters, which go where their keys say
  bool in_transactions = true; ///< false: outside of the node's transactions
  const config::pipeline* pipeline = nullptr;
  int source_partitions = 0;
};

/// The folders in which a pipeline's files are parts, where they take part in transactions.
std::vector<std::string> part_folders_of(const config::pipeline& pipeline);

/// All that would keep a pipeline from running and can be seen here: no broker is asked, and nothing is changed.
std::vector<core::error> check(const config::pipeline& pipeline);

/// Sees to all that a pipeline's source and sinks need: checks it, makes topics that are to be made. Blocks for
/// some seconds at most.
preparation prepare(const config::pipeline& pipeline);

} // namespace weir::io
