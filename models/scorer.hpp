#pragma once

#include "core/batch.hpp"

namespace weir::models {

class scorer {
public:
  virtual ~scorer() = default;
  virtual void run(core::batch& b) const = 0;
};

} // namespace weir::models
