#include "models/online/isolation_forest.hpp"

#include "steps/detect/outlier_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::isolation_forest_options;

struct isolation_forest_settings {
  outlier_columns columns;
  isolation_forest_options how;
};

constexpr auto isolation_forest_fields = join(
    std::array{
        field<&isolation_forest_settings::columns, &outlier_columns::inputs>("isolation_forest", inputs_help, required),
        field<&isolation_forest_settings::how, &isolation_forest_options::n_estimators>("n_estimators", "trees",
                                                                                        between(1, 1000)),
        field<&isolation_forest_settings::how, &isolation_forest_options::max_samples>(
            "max_samples", "rows that a tree isolates", between(2, 16384)),
        field<&isolation_forest_settings::how, &isolation_forest_options::window_size>(
            "window_size", "the latest rows, from which trees are grown anew, one after the other",
            between(2, 1'000'000)),
        field<&isolation_forest_settings::how, &isolation_forest_options::seed>("seed", "of all that is random")},
    judgement_fields<&isolation_forest_settings::columns, &outlier_columns::common>);

void complete(isolation_forest_settings& s, yaml_section& from) {
  complete_detection(s.columns.common, from);
}

void bind(const isolation_forest_settings& s, binding& into) {
  bind_outlier_detector(
      s.columns, "isolation_forest",
      "n_estimators " + std::to_string(s.how.n_estimators) + " max_samples " + std::to_string(s.how.max_samples)
          + " window_size " + std::to_string(s.how.window_size) + " seed " + std::to_string(s.how.seed),
      [&](std::size_t inputs) { return models::online::isolation_forest(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind isolation_forest = make_kind<isolation_forest_settings, isolation_forest_fields, bind, complete>(
    "isolation_forest",
    "rows that random cuts isolate soon; trees are grown anew from the latest rows (Liu et al. 2008)",
    "{ isolation_forest: [Amount, Age], as: unusual, score: unusual_score }");

} // namespace weir::steps
