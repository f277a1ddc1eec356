#include "core/transform/preprocessor.hpp"

namespace weir::core {

result<batch> preprocessor::run(raw_block_ptr raw, std::uint64_t sequence) {
  batch b;
  b.sequence = sequence;
  b.raw = std::move(raw);
  decoder_->decode(b);
  if (keys_)
    if (auto wrong = keys_->look(b))
      return tl::unexpected{*std::move(wrong)};
  for (const auto& step : *transforms_)
    step->apply(b);
  return b;
}

} // namespace weir::core
