#include "core/drift/hddm_w.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::hddm_w_options;

struct hddm_w_settings {
  keyed_columns columns;
  hddm_w_options how;
};

constexpr auto hddm_w_fields =
    join(std::array{field<&hddm_w_settings::columns, &keyed_columns::of>("hddm_w", errors_help, required),
                    field<&hddm_w_settings::how, &hddm_w_options::drift_confidence>(
                        "drift_confidence", "how probable a false drift may be", above(0) | between(0, 0.5)),
                    field<&hddm_w_settings::how, &hddm_w_options::warning_confidence>(
                        "warning_confidence", "the same of a warning", above(0) | between(0, 0.5)),
                    field<&hddm_w_settings::how, &hddm_w_options::lambda_val>(
                        "lambda_val", "the weight of the newest value", above(0) | between(0, 1)),
                    field<&hddm_w_settings::how, &hddm_w_options::two_sided_test>(
                        "two_sided_test", "an error rate that falls is a drift, too")},
         drift_fields<&hddm_w_settings::columns>);

void complete(hddm_w_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (s.how.warning_confidence < s.how.drift_confidence)
    from.report(from.at(),
                "'warning_confidence' of hddm_w is below 'drift_confidence': warnings would come behind drifts");
}

void bind(const hddm_w_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::hddm_w, hddm_w_options, true>>(s.how, "hddm_w"), s.columns);
}

} // namespace

constexpr step_kind hddm_w = make_kind<hddm_w_settings, hddm_w_fields, bind, complete>(
    "hddm_w", "an error rate that has risen of late: older errors fade (HDDM_W, Frias-Blanco et al. 2015)",
    "{ hddm_w: wrong, as: model_is_worse }");

} // namespace weir::steps
