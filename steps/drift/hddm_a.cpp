#include "core/drift/hddm_a.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::hddm_a_options;

struct hddm_a_settings {
  keyed_columns columns;
  hddm_a_options how;
};

constexpr auto hddm_a_fields =
    join(std::array{field<&hddm_a_settings::columns, &keyed_columns::of>("hddm_a", errors_help, required),
                    field<&hddm_a_settings::how, &hddm_a_options::drift_confidence>(
                        "drift_confidence", "how probable a false drift may be", above(0) | between(0, 0.5)),
                    field<&hddm_a_settings::how, &hddm_a_options::warning_confidence>(
                        "warning_confidence", "the same of a warning", above(0) | between(0, 0.5)),
                    field<&hddm_a_settings::how, &hddm_a_options::two_sided_test>(
                        "two_sided_test", "an error rate that falls is a drift, too")},
         drift_fields<&hddm_a_settings::columns>);

void complete(hddm_a_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (s.how.warning_confidence < s.how.drift_confidence)
    from.report(from.at(),
                "'warning_confidence' of hddm_a is below 'drift_confidence': warnings would come behind drifts");
}

void bind(const hddm_a_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::hddm_a, hddm_a_options, true>>(s.how, "hddm_a"), s.columns);
}

} // namespace

constexpr step_kind hddm_a = make_kind<hddm_a_settings, hddm_a_fields, bind, complete>(
    "hddm_a", "an error rate that has risen, by the bound of Hoeffding (HDDM_A, Frias-Blanco et al. 2015)",
    "{ hddm_a: wrong, as: model_is_worse }");

} // namespace weir::steps
