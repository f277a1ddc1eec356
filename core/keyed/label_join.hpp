#pragma once

#include "core/batch/layout.hpp"
#include "core/format/decoder.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weir::core {

/// A record of labels, as columns: the key, and what should have been said.
struct label_record {
  static constexpr column_id key = 0;
  static constexpr column_id truth = 1;

  std::shared_ptr<const layout> columns;
  std::function<std::unique_ptr<decoder>()> make_decoder;
};

/// What the labels of one model are joined with.
struct label_join_options {
  label_record labels;
  std::string name;  ///< of the step, for people
  column_id key = 0; ///< of the predictions; of the type that the labels' key has, and no double
  std::string key_name;
  column_id champion = 0;   ///< what the champion said; null: nothing
  column_id challenger = 0; ///< the same of the challenger
  bool is_classifier = false;
  std::size_t slot = 0;       ///< the model's place, for contest_counters
  std::int64_t within_ms = 0; ///< how far apart a prediction and its label may be, by the times of their records
  std::uint32_t max_keys = 1'000'000;
};

/// Joins predictions with labels that come on another topic (batch::labels), by key, whichever is first, and counts how
/// far they are apart for the models that said it, as far as these are still in use (batch::scored_with). A key has one
/// prediction at a time, the newest, and one label, the newest; a pair is gone once it is counted. Changes nothing in
/// the records. A label that cannot be read is refused (batch::refused_labels); one without a key or a value is no
/// label.
///
/// What waits is the state of a key_table: the least recently used key goes for one that has no room.
/// @param bytes that it may hold
std::shared_ptr<ordered_operator> make_label_join(const label_join_options& how, std::uint8_t tag, std::uint64_t bytes);

state_need label_join_need(const label_join_options& how);

} // namespace weir::core
