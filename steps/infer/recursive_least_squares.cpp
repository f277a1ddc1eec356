#include "models/online/recursive_least_squares.hpp"

#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::least_squares;

struct least_squares_settings {
  online_columns columns;
  least_squares how;
};

constexpr auto least_squares_fields = join(
    std::array{field<&least_squares_settings::columns, &online_columns::truth>(
        "recursive_least_squares", "the column with the truth, a number; a null is not learned", required)},
    online_fields<&least_squares_settings::columns>,
    std::array{
        field<&least_squares_settings::how, &least_squares::forgetting_factor>(
            "forgetting_factor",
            "what a record weighs less with each one behind it: 0.999 forgets most of what is "
            "a few thousand records old",
            above(0) | between(0, 1)),
        field<&least_squares_settings::how, &least_squares::alpha>(
            "alpha", "draws weights to 0, the intercept too, as scikit-learn's Ridge does; as dlib's 1 / C", above(0)),
        field<&least_squares_settings::how, &least_squares::fit_intercept>(
            "fit_intercept", "false: what is said of a record of zeros is 0"),
    },
    online_memory_fields<&least_squares_settings::columns>);

void complete(least_squares_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const least_squares_settings& s, binding& into) {
  bind_online_regressor(
      s.columns, recursive_least_squares.name, s.how.fit_intercept ? "intercept" : "",
      [&](std::size_t inputs) { return models::online::recursive_least_squares(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind recursive_least_squares = make_kind<least_squares_settings, least_squares_fields, bind, complete>(
    "recursive_least_squares",
    "the weighted sum with the least squares of all errors so far, exactly; old ones can fade",
    "{ recursive_least_squares: Amount, inputs: [Age], forgetting_factor: 0.999, as: expected_amount }");

} // namespace weir::steps
