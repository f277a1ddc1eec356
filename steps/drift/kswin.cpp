#include "core/drift/kswin.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::kswin_options;

struct kswin_settings {
  keyed_columns columns;
  kswin_options how;
};

constexpr auto kswin_fields = join(
    std::array{
        field<&kswin_settings::columns, &keyed_columns::of>("kswin", "the column of numbers that is watched", required),
        field<&kswin_settings::how, &kswin_options::alpha>("alpha", "a drift at this p value or below",
                                                           above(0) | between(0, 0.5)),
        field<&kswin_settings::how, &kswin_options::window_size>("window_size", "values that are held",
                                                                 between(10, 512)),
        field<&kswin_settings::how, &kswin_options::stat_size>(
            "stat_size", "the newest of them that are compared; half of the window at most", between(2, 256)),
        field<&kswin_settings::how, &kswin_options::seed>("seed", "of what is drawn")},
    drift_fields<&kswin_settings::columns>);

void complete(kswin_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (2 * s.how.stat_size > s.how.window_size)
    from.report(from.at(), "'stat_size' of kswin is more than half of 'window_size'");
}

void bind(const kswin_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::kswin, kswin_options, false>>(
               s.how, "kswin" + (" " + std::to_string(s.how.window_size))),
           s.columns);
}

} // namespace

constexpr step_kind kswin = make_kind<kswin_settings, kswin_fields, bind, complete>(
    "kswin", "another distribution of the newest values in a window (KSWIN, Raab et al. 2020)",
    "{ kswin: Amount, alpha: 0.0001, as: amount_changed }");

} // namespace weir::steps
