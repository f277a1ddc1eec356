#include "core/transform/preprocessor.hpp"

namespace weir::core {

batch preprocessor::run(raw_block_ptr raw, std::uint64_t sequence) {
  batch b;
  b.sequence = sequence;
  b.raw = std::move(raw);
  decoder_->decode(b);
  for (const auto& step : *transforms_)
    step->apply(b);
  return b;
}

} // namespace weir::core
