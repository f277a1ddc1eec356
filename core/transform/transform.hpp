#pragma once

#include "core/batch/batch.hpp"

#include <memory>

namespace weir::core {

/// A stateless step. Shared by all lanes: apply() must be safe to call from several threads.
class transform {
public:
  virtual ~transform() = default;

  /// Adds columns, or shortens `b.rows` (and counts in `b.filtered`), or moves rows to `b.rejected`.
  virtual void apply(batch& b) const = 0;
};

using transform_ptr = std::shared_ptr<const transform>;

} // namespace weir::core
