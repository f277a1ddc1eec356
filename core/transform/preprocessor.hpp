#pragma once

#include "core/format/decoder.hpp"
#include "core/transform/key_check.hpp"
#include "core/transform/transform.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace weir::core {

/// The steps of `preprocess`, in order; shared by all preprocessors of a pipeline.
using transform_list = std::shared_ptr<const std::vector<transform_ptr>>;

/// The stateless first stage of a lane: decodes a block and runs it through the transforms. Not thread-safe (the
/// decoder keeps scratch memory): one for each actor.
class preprocessor {
public:
  preprocessor(std::unique_ptr<decoder> decode, transform_list transforms, std::optional<key_check> keys = {}) :
      decoder_{std::move(decode)}, transforms_{std::move(transforms)}, keys_{std::move(keys)} {}

  /// The batch of `raw`, with `sequence` as its number. An error: its lane must not go on.
  result<batch> run(raw_block_ptr raw, std::uint64_t sequence);

private:
  std::unique_ptr<decoder> decoder_;
  transform_list transforms_;
  std::optional<key_check> keys_;
};

} // namespace weir::core
