#include "models/online/gaussian_nb.hpp"

#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct gaussian_nb_settings {
  online_columns columns;
};

constexpr auto gaussian_nb_fields =
    join(std::array{field<&gaussian_nb_settings::columns, &online_columns::truth>(
             "gaussian_nb", "the column with the truth, a bool, an int or a string; a null is not learned", required)},
         online_fields<&gaussian_nb_settings::columns>, online_class_fields<&gaussian_nb_settings::columns>,
         online_memory_fields<&gaussian_nb_settings::columns>);

void complete(gaussian_nb_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const gaussian_nb_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, gaussian_nb.name, "",
      [](std::size_t inputs, models::online::class_list classes) {
        return models::online::gaussian_nb(inputs, std::move(classes));
      },
      into);
}

} // namespace

constexpr step_kind gaussian_nb = make_kind<gaussian_nb_settings, gaussian_nb_fields, bind, complete>(
    "gaussian_nb", "classes that learn on how their inputs are spread: in each a normal distribution for each input",
    "{ gaussian_nb: Device, inputs: [Amount, Age], as: device_guess, probability: p_device }");

} // namespace weir::steps
