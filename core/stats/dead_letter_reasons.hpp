#pragma once

#include "core/batch/batch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// What dead letters are counted by. A reason is a sentence that may hold a value or a place of the record; a code is
// one of a few fixed words, fit for a label.

namespace weir::core {

/// A kind of reason.
struct dead_letter_reason {
  core::stage stage = core::stage::decode;
  std::string_view code;   ///< one of its stage; `other` where nothing more is said
  std::string_view figure; ///< its name among the figures of a lane
  std::string_view begin;  ///< of the sentences that it stands for
  std::string_view end;    ///< of these, too
};

/// By stage; of a stage the first that fits holds, and the last one fits everything.
inline constexpr auto dead_letter_reason_table = std::to_array<dead_letter_reason>({
    {stage::decode, "null_value", "dead_decode_null_value", "null value", {}},
    {stage::decode, "empty", "dead_decode_empty", "empty record", {}},
    {stage::decode, "too_long", "dead_decode_too_long", "longer than ", {}},
    {stage::decode, "encoding", "dead_decode_encoding", "invalid UTF-8", {}},
    {stage::decode, "malformed", "dead_decode_malformed", {}, {}},
    {stage::cast, "missing", "dead_cast_missing", "field '", "' is required and is missing"},
    {stage::cast, "null", "dead_cast_null", "field '", "' is required and is null"},
    {stage::cast, "wrong_type", "dead_cast_wrong_type", {}, {}},
    {stage::infer, "null_input", "dead_infer_null_input", "input '", "' is null"},
    {stage::infer, "not_finite", "dead_infer_not_finite", {}, "' is not a finite number"},
    {stage::infer, "unknown_class", "dead_infer_unknown_class", {}, "' is none of the classes"},
    {stage::infer, "other", "dead_infer_other", {}, {}},
    {stage::detect, "long_key", "dead_detect_long_key", "the ", " are the most"},
    {stage::detect, "other", "dead_detect_other", {}, {}},
    {stage::aggregate, "late", "dead_aggregate_late", "late: ", {}},
    {stage::aggregate, "ahead", "dead_aggregate_ahead", "ahead of time: ", {}},
    {stage::aggregate, "other", "dead_aggregate_other", {}, {}},
    {stage::produce, "too_large", "dead_produce_too_large", "the record is ", {}},
    {stage::produce, "other", "dead_produce_other", {}, {}},
});

inline constexpr auto dead_letter_reasons_count = dead_letter_reason_table.size();

/// How many dead letters there are of each, by index.
using dead_letter_counts = std::array<std::uint64_t, dead_letter_reasons_count>;

/// The index of what a sentence is counted by.
std::size_t dead_letter_reason_of(stage at, std::string_view sentence) noexcept;
/// The same, where the stage is given by its name.
std::size_t dead_letter_reason_of(std::string_view stage_name, std::string_view sentence) noexcept;

} // namespace weir::core
