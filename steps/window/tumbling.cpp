#include "steps/kinds.hpp"
#include "steps/window/made_records.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct tumbling_settings {
  milliseconds size{};
  made_records records;
};

constexpr auto tumbling_fields =
    join(std::array{field<&tumbling_settings::size>(
             "tumbling", "how long the windows are, one behind the other from 1970 on in UTC", required | at_least(1))},
         made_records_fields<&tumbling_settings::records>());

void bind(const tumbling_settings& s, binding& into) {
  bind_made_records(s.records, "tumbling", {.size = s.size, .every = s.size}, into);
}

} // namespace

constexpr step_kind tumbling = make_kind<tumbling_settings, tumbling_fields, bind>(
    "tumbling", "windows one behind the other in event time: each becomes a record when it closes",
    "{ tumbling: 1m, by: CustomerID, time: Date, aggregates: { n: count(), total: sum(Amount) } }");

} // namespace weir::steps
