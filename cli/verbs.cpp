#include "cli/verbs.hpp"

#include <array>

namespace weir::cli {

std::span<const verb* const> all_verbs() {
  static constexpr std::array all{&verbs::run,      &verbs::up,      &verbs::node,    &verbs::create, &verbs::validate,
                                  &verbs::test,     &verbs::echo,    &verbs::graph,   &verbs::list,   &verbs::schema,
                                  &verbs::generate, &verbs::produce, &verbs::consume, &verbs::dlq,    &verbs::status,
                                  &verbs::ctl,      &verbs::train,   &verbs::score,   &verbs::eval,   &verbs::models,
                                  &verbs::alerts,   &verbs::drift,   &verbs::demo};
  return all;
}

} // namespace weir::cli
