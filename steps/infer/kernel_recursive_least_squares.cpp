#include "models/online/kernel_recursive_least_squares.hpp"

#include "models/kinds/training_option.hpp"
#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

#include <optional>

namespace weir::steps {

namespace {

using namespace config;
using models::online::kernel_least_squares;

struct kernel_settings {
  online_columns columns;
  std::optional<double> gamma;
  kernel_least_squares how;
};

constexpr auto kernel_fields = join(
    std::array{field<&kernel_settings::columns, &online_columns::truth>(
        "kernel_recursive_least_squares", "the column with the truth, a number; a null is not learned", required)},
    online_fields<&kernel_settings::columns>,
    std::array{
        field<&kernel_settings::gamma>(
            "gamma", "how fast the likeness of two records falls with their distance; default 1 / number of inputs",
            above(0)),
        field<&kernel_settings::how, &kernel_least_squares::tolerance>(
            "tolerance", "a record that those kept make up to this is learned from, and not kept", above(0)),
        field<&kernel_settings::how, &kernel_least_squares::max_dictionary_size>(
            "max_dictionary_size", "records that are kept; then the oldest goes for each new one",
            between(1, static_cast<std::int64_t>(models::online::most_dictionary_rows))),
    },
    online_memory_fields<&kernel_settings::columns>);

void complete(kernel_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const kernel_settings& s, binding& into) {
  auto how = s.how;
  how.gamma = s.gamma.value_or(1 / static_cast<double>(std::max<std::size_t>(s.columns.inputs.size(), 1)));
  bind_online_regressor(
      s.columns, kernel_recursive_least_squares.name,
      "gamma " + models::detail::text_of(how.gamma) + ", " + std::to_string(how.max_dictionary_size) + " records",
      [&](std::size_t inputs) { return models::online::kernel_recursive_least_squares(inputs, how); }, into);
}

} // namespace

constexpr step_kind kernel_recursive_least_squares = make_kind<kernel_settings, kernel_fields, bind, complete>(
    "kernel_recursive_least_squares",
    "a curve through likenesses to some records that are kept; inputs should be of one scale",
    "{ kernel_recursive_least_squares: Amount, inputs: [Age], gamma: 0.01, as: expected_amount }");

} // namespace weir::steps
