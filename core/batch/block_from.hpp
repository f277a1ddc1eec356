#pragma once

#include "core/batch/raw_block.hpp"

namespace weir::core {

/// The records of a block from this offset on; null: there are none. The same block, where all are.
inline raw_block_ptr block_from(raw_block_ptr block, offset from) {
  if (block->empty() || offset{block->offsets.front()} >= from)
    return block;
  auto rest = std::make_shared<raw_block>();
  rest->partition = block->partition;
  for (row_index row = 0; row < block->size(); ++row)
    if (offset{block->offsets[row]} >= from) {
      const auto key = block->key(row);
      const auto value = block->value(row);
      rest->append(block->offsets[row], block->timestamps[row], block->has_key(row) ? key.data() : nullptr, key.size(),
                   block->has_value(row) ? value.data() : nullptr, value.size());
      rest->flags.back() = block->flags[row];
    }
  if (rest->empty())
    return nullptr;
  rest->seal();
  return rest;
}

} // namespace weir::core
