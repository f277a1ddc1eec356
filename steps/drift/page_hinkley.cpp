#include "core/drift/page_hinkley.hpp"

#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

namespace weir::core {

constexpr std::array<std::pair<std::string_view, page_hinkley_mode>, 3> page_hinkley_words{{
    {"up", page_hinkley_mode::up},
    {"down", page_hinkley_mode::down},
    {"both", page_hinkley_mode::both},
}};
constexpr config::words<page_hinkley_mode> words_for(std::type_identity<page_hinkley_mode>) {
  return page_hinkley_words;
}

} // namespace weir::core

namespace weir::steps {

namespace {

using namespace config;
using core::page_hinkley_options;

struct page_hinkley_settings {
  keyed_columns columns;
  page_hinkley_options how;
};

constexpr auto page_hinkley_fields =
    join(std::array{field<&page_hinkley_settings::columns, &keyed_columns::of>(
                        "page_hinkley", "the column of numbers that is watched", required),
                    field<&page_hinkley_settings::how, &page_hinkley_options::min_instances>(
                        "min_instances", "values before it says anything", between(1, 1'000'000)),
                    field<&page_hinkley_settings::how, &page_hinkley_options::delta>(
                        "delta", "how far a value may lie from the mean without counting, in its unit", at_least(0)),
                    field<&page_hinkley_settings::how, &page_hinkley_options::threshold>(
                        "threshold", "of the deviations summed up, in the values' unit", above(0)),
                    field<&page_hinkley_settings::how, &page_hinkley_options::alpha>(
                        "alpha", "how much of the sum is kept at each value", above(0) | between(0, 1)),
                    field<&page_hinkley_settings::how, &page_hinkley_options::mode>(
                        "mode", "what is a drift: a mean that rises, falls, or either")},
         drift_fields<&page_hinkley_settings::columns>);

void complete(page_hinkley_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

void bind(const page_hinkley_settings& s, binding& into) {
  into.add(std::make_shared<drift_detector<core::page_hinkley, page_hinkley_options, false>>(s.how, "page_hinkley"),
           s.columns);
}

} // namespace

constexpr step_kind page_hinkley = make_kind<page_hinkley_settings, page_hinkley_fields, bind, complete>(
    "page_hinkley", "a mean that has risen or fallen: deviations summed up (Page 1954, Hinkley 1971)",
    "{ page_hinkley: Amount, threshold: 500, as: amount_changed }");

} // namespace weir::steps
