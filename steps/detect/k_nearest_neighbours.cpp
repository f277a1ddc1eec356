#include "models/online/k_nearest_neighbours.hpp"

#include "steps/detect/outlier_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::nearest_neighbours_options;

struct k_nearest_neighbours_settings {
  outlier_columns columns;
  nearest_neighbours_options how;
};

constexpr auto k_nearest_neighbours_fields =
    join(std::array{field<&k_nearest_neighbours_settings::columns, &outlier_columns::inputs>("k_nearest_neighbours",
                                                                                             inputs_help, required),
                    field<&k_nearest_neighbours_settings::how, &nearest_neighbours_options::n_neighbors>(
                        "n_neighbors", "whose distances are averaged", between(1, 32768)),
                    field<&k_nearest_neighbours_settings::how, &nearest_neighbours_options::window_size>(
                        "window_size", "the latest rows, among which neighbours are looked for", between(8, 65536)),
                    field<&k_nearest_neighbours_settings::how, &nearest_neighbours_options::calibration_size>(
                        "calibration_size", "the latest distances, by which one is judged", between(8, 65536))},
         judgement_fields<&k_nearest_neighbours_settings::columns, &outlier_columns::common>);

void complete(k_nearest_neighbours_settings& s, yaml_section& from) {
  complete_detection(s.columns.common, from);
}

void bind(const k_nearest_neighbours_settings& s, binding& into) {
  bind_outlier_detector(
      s.columns, "k_nearest_neighbours",
      "n_neighbors " + std::to_string(s.how.n_neighbors) + " window_size " + std::to_string(s.how.window_size)
          + " calibration_size " + std::to_string(s.how.calibration_size),
      [&](std::size_t inputs) { return models::online::k_nearest_neighbours(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind k_nearest_neighbours =
    make_kind<k_nearest_neighbours_settings, k_nearest_neighbours_fields, bind, complete>(
        "k_nearest_neighbours",
        "rows far from their nearest neighbours among the latest ones; conformal (Burnaev and Ishimtsev 2016)",
        "{ k_nearest_neighbours: [Amount, Age], as: unusual, score: unusual_score }");

} // namespace weir::steps
