#pragma once

#include "io/sink.hpp"

namespace weir::io {

/// Dead letters of a pipeline that says of none: lines on standard error.
class console_dead_letters final : public dead_letter_sink {
public:
  void write(const std::vector<dead_letter>& letters, delivered then) override;
};

} // namespace weir::io
