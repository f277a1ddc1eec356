#include "core/drift/eddm.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::eddm_options;

struct eddm_settings {
  keyed_columns columns;
  eddm_options how;
};

constexpr auto eddm_fields = join(
    std::array{field<&eddm_settings::columns, &keyed_columns::of>("eddm", errors_help, required),
               field<&eddm_settings::how, &eddm_options::warm_start>("warm_start", "errors before it says anything",
                                                                     between(1, 1'000'000)),
               field<&eddm_settings::how, &eddm_options::alpha>(
                   "alpha", "a warning: distances between errors are below this share of their largest",
                   above(0) | between(0, 1)),
               field<&eddm_settings::how, &eddm_options::beta>("beta", "a drift, likewise", above(0) | between(0, 1))},
    drift_fields<&eddm_settings::columns>);

void complete(eddm_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (s.how.alpha < s.how.beta)
    from.report(from.at(), "'alpha' of eddm is below 'beta': warnings would come behind drifts");
}

void bind(const eddm_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::eddm, eddm_options, true>>(s.how, "eddm"), s.columns);
}

} // namespace

constexpr step_kind eddm = make_kind<eddm_settings, eddm_fields, bind, complete>(
    "eddm", "errors that come closer together (EDDM, Baena-Garcia et al. 2006)", "{ eddm: wrong, as: model_is_worse }");

} // namespace weir::steps
