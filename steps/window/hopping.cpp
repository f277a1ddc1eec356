#include "steps/kinds.hpp"
#include "steps/window/made_records.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct hopping_settings {
  milliseconds size{};
  milliseconds every{};
  made_records records;
};

constexpr auto hopping_fields = join(
    std::array{
        field<&hopping_settings::size>("hopping", "how long the windows are", required | at_least(1)),
        field<&hopping_settings::every>(
            "every", "how far apart they begin: `hopping` is a multiple of it, up to 10,000", required | at_least(1)),
    },
    made_records_fields<&hopping_settings::records>());

void complete(hopping_settings& s, yaml_section& from) {
  if (s.size.count() <= 0 || s.every.count() <= 0)
    return; // which has been said
  if (s.size.count() % s.every.count() != 0 || s.size.count() / s.every.count() > 10'000) {
    const auto* every = from.find("every");
    from.report(every != nullptr ? every->at : from.at(),
                "the length of hopping windows is a multiple of 'every', up to 10,000 of it");
  }
}

void bind(const hopping_settings& s, binding& into) {
  bind_made_records(s.records, "hopping", {.size = s.size, .every = s.every}, into);
}

} // namespace

constexpr step_kind hopping = make_kind<hopping_settings, hopping_fields, bind, complete>(
    "hopping", "windows that overlap in event time: each becomes a record when it closes",
    "{ hopping: 10m, every: 1m, by: CustomerID, time: Date, aggregates: { p95: 'quantile(Amount, 0.95)' } }");

} // namespace weir::steps
