#pragma once

#include "config/pipeline.hpp"
#include "core/base/result.hpp"
#include "core/commit/commit_protocol.hpp"
#include "core/commit/output_rule.hpp"
#include "io/output_set.hpp"

#include <functional>
#include <memory>
#include <string>

namespace weir::io {

struct backend_options {
  std::shared_ptr<const config::pipeline> pipeline;
  std::string node;   ///< its name
  std::string header; ///< the first line of files at the sinks; empty: none
};

/// What a node commits with: the outputs of its lanes, and the broker's (or the local store's) side of the protocol.
/// Used by one thread; open() and the calls of commit_broker may block within their time-outs.
class backend : public core::commit_broker {
public:
  /// Makes the producer anew, fences an older one of the same name, and hands out the outputs.
  virtual core::result<std::shared_ptr<const output_set>> open() = 0;

  /// What keeps the outputs from being written, until the next commit; empty: nothing.
  virtual std::string trouble() const { return {}; }

  /// What a lane's outputs are to the commit.
  virtual core::output_rule rule() const = 0;
};

} // namespace weir::io
