#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "core/format/record_writer.hpp"

#include <memory>
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

/// The records that alerts show, as JSON objects: what the sink gets where it gets JSON, else the fields of the source
/// and the columns that steps have made. Not thread-safe.
class alert_records {
public:
  /// @param columns of a batch @param bodies_are_json whether the bodies of batches are members of JSON objects
  alert_records(const layout& columns, bool bodies_are_json);

  /// What alerts say of a detector and of the record of each of `rows`, in order: JSON members, each behind a comma; an
  /// empty label for a person among them. @param rows ascending
  std::vector<std::string> describe(const detector_facts& detector, const batch& b, std::vector<row_index> rows);

private:
  layout columns_;
  bool bodies_are_json_;
  std::unique_ptr<record_writer> writer_;
};

} // namespace weir::core
