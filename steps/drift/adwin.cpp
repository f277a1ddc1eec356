#include "core/drift/adwin.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::adwin_options;

struct adwin_settings {
  keyed_columns columns;
  adwin_options how;
};

constexpr auto adwin_fields = join(
    std::array{
        field<&adwin_settings::columns, &keyed_columns::of>("adwin", "the column of numbers that is watched", required),
        field<&adwin_settings::how, &adwin_options::delta>("delta", "how probable a false alarm may be at a look",
                                                           above(0) | between(0, 0.5)),
        field<&adwin_settings::how, &adwin_options::clock>("clock", "values between looks", between(1, 1'000'000)),
        field<&adwin_settings::how, &adwin_options::min_window_length>(
            "min_window_length", "values of each of the two parts that are compared", between(1, 1'000'000)),
        field<&adwin_settings::how, &adwin_options::grace_period>("grace_period", "values before the first look",
                                                                  between(1, 1'000'000))},
    drift_fields<&adwin_settings::columns>);

void complete(adwin_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

void bind(const adwin_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::adwin, adwin_options, false>>(s.how, "adwin"), s.columns);
}

} // namespace

constexpr step_kind adwin = make_kind<adwin_settings, adwin_fields, bind, complete>(
    "adwin", "another mean, of a window that grows while it stays (ADWIN, Bifet and Gavalda 2007)",
    "{ adwin: Amount, as: amount_changed }");

} // namespace weir::steps
