#include "models/online/half_space_trees.hpp"

#include "steps/detect/outlier_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::half_space_options;

struct half_space_trees_settings {
  outlier_columns columns;
  half_space_options how;
};

constexpr auto half_space_trees_fields = join(
    std::array{
        field<&half_space_trees_settings::columns, &outlier_columns::inputs>("half_space_trees", inputs_help, required),
        field<&half_space_trees_settings::how, &half_space_options::n_trees>("n_trees", "trees", between(1, 1000)),
        field<&half_space_trees_settings::how, &half_space_options::height>("height", "levels of a tree",
                                                                            between(1, 30)),
        field<&half_space_trees_settings::how, &half_space_options::window_size>(
            "window_size", "rows whose mass a tree knows, and without a score in the beginning", between(10, 16384)),
        field<&half_space_trees_settings::how, &half_space_options::seed>("seed", "of all that is random")},
    judgement_fields<&half_space_trees_settings::columns, &outlier_columns::common>);

void complete(half_space_trees_settings& s, yaml_section& from) {
  complete_detection(s.columns.common, from);
}

void bind(const half_space_trees_settings& s, binding& into) {
  bind_outlier_detector(
      s.columns, "half_space_trees",
      "n_trees " + std::to_string(s.how.n_trees) + " height " + std::to_string(s.how.height) + " window_size "
          + std::to_string(s.how.window_size) + " seed " + std::to_string(s.how.seed),
      [&](std::size_t inputs) { return models::online::half_space_trees(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind half_space_trees = make_kind<half_space_trees_settings, half_space_trees_fields, bind, complete>(
    "half_space_trees",
    "rows where few have been: trees that halve the space, and know the mass of each part (Tan et al. 2011)",
    "{ half_space_trees: [Amount, Age], as: unusual, score: unusual_score }");

} // namespace weir::steps
