#include "core/drift/ddm.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::ddm_options;

struct ddm_settings {
  keyed_columns columns;
  ddm_options how;
};

constexpr auto ddm_fields = join(
    std::array{field<&ddm_settings::columns, &keyed_columns::of>("ddm", errors_help, required),
               field<&ddm_settings::how, &ddm_options::warm_start>("warm_start", "values before it says anything",
                                                                   between(1, 1'000'000)),
               field<&ddm_settings::how, &ddm_options::warning_threshold>(
                   "warning_threshold", "standard deviations above the least error rate, for a warning", above(0)),
               field<&ddm_settings::how, &ddm_options::drift_threshold>("drift_threshold", "for a drift", above(0))},
    drift_fields<&ddm_settings::columns>);

void complete(ddm_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (s.how.drift_threshold < s.how.warning_threshold)
    from.report(from.at(), "'drift_threshold' of ddm is below 'warning_threshold': warnings would come behind drifts");
}

void bind(const ddm_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::ddm, ddm_options, true>>(s.how, "ddm"), s.columns);
}

} // namespace

constexpr step_kind ddm =
    make_kind<ddm_settings, ddm_fields, bind, complete>("ddm", "an error rate that has risen (DDM, Gama et al. 2004)",
                                                        "{ ddm: wrong, as: model_is_worse, level: model_level }");

} // namespace weir::steps
