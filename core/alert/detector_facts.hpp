#pragma once

#include "core/batch/batch.hpp"
#include "core/format/json_records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::core {

/// What the alerts of a rule say of the detector that it is about, where they begin and where they are repeated.
struct detector_facts {
  std::string members;               ///< of JSON, each behind a comma: what is the same for all its alerts
  std::vector<column_id> said;       ///< columns of what the detector says of a record, each a member of its own
  std::vector<std::string> names;    ///< of these members
  std::optional<column_id> severity; ///< where it is null, the rule's own holds
  std::optional<column_id> reason;   ///< the summary, where the rule has none
};

/// What an alert says of a record by its detector: JSON members, each behind a comma, with an empty label for a person.
/// @param records null: there is no record, the clock has said it
std::string describe(const detector_facts& detector, const batch& b, row_index row, json_records* records);

} // namespace weir::core
