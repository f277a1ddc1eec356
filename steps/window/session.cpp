#include "steps/kinds.hpp"
#include "steps/window/made_records.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct session_settings {
  milliseconds gap{};
  made_records records;
};

constexpr auto session_fields =
    join(std::array{field<&session_settings::gap>(
             "session", "without a record for so long in event time a session is over", required | at_least(1))},
         made_records_fields<&session_settings::records>());

void bind(const session_settings& s, binding& into) {
  bind_made_records(s.records, "session", {.gap = s.gap}, into);
}

} // namespace

constexpr step_kind session = make_kind<session_settings, session_fields, bind>(
    "session", "records of a key that follow each other: each session becomes a record when it is over",
    "{ session: 30m, by: CustomerID, time: Date, aggregates: { visits: count(), last_device: last(Device) } }");

} // namespace weir::steps
