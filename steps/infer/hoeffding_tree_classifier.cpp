#include "models/online/hoeffding_tree.hpp"
#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, leaf_prediction>, 3> leaf_prediction_words{{
    {"mc", leaf_prediction::mc},
    {"nb", leaf_prediction::nb},
    {"nba", leaf_prediction::nba},
}};
constexpr config::words<leaf_prediction> words_for(std::type_identity<leaf_prediction>) {
  return leaf_prediction_words;
}

} // namespace weir::models::online

namespace weir::steps {

namespace {

using namespace config;
using models::online::hoeffding_tree;

struct hoeffding_settings {
  online_columns columns;
  hoeffding_tree how;
};

template <auto Member>
constexpr field_info tree_field(std::string_view name, std::string_view help, limits bounds = {}) {
  return field<&hoeffding_settings::how, Member>(name, help, bounds);
}

constexpr auto hoeffding_fields = join(
    std::array{field<&hoeffding_settings::columns, &online_columns::truth>(
        "hoeffding_tree_classifier", "the column with the truth, a bool, an int or a string; a null is not learned",
        required)},
    online_fields<&hoeffding_settings::columns>, online_class_fields<&hoeffding_settings::columns>,
    std::array{
        tree_field<&hoeffding_tree::grace_period>("grace_period", "records of a leaf between attempts to split it",
                                                  between(1, 1'000'000)),
        tree_field<&hoeffding_tree::delta>("delta", "how probable it may be that another split was better",
                                           above(0) | between(0, 1)),
        tree_field<&hoeffding_tree::tau>("tau", "a Hoeffding bound below this is a tie: then the better one is taken",
                                         between(0, 1)),
        tree_field<&hoeffding_tree::leaves>(
            "leaf_prediction", "what a leaf says: mc its majority class, nb naive Bayes, nba whichever of both was "
                               "right more often"),
        tree_field<&hoeffding_tree::max_depth>("max_depth", "of the tree; 0: no limit", between(0, 1000)),
        tree_field<&hoeffding_tree::n_splits>(
            "n_splits", "thresholds that are tried between the least and the largest value of an input",
            between(1, 1000)),
        tree_field<&hoeffding_tree::max_leaves>("max_leaves", "then no leaf is split any more; river bounds bytes",
                                                between(2, 100'000)),
    },
    online_memory_fields<&hoeffding_settings::columns>);

void complete(hoeffding_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const hoeffding_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, hoeffding_tree_classifier.name,
      std::to_string(s.columns.max_classes.value_or(usual_max_classes)) + " classes",
      [&](std::size_t inputs, models::online::class_list classes) {
        return models::online::hoeffding_tree_classifier(inputs, std::move(classes), s.how);
      },
      into);
}

} // namespace

constexpr step_kind hoeffding_tree_classifier = make_kind<hoeffding_settings, hoeffding_fields, bind, complete>(
    "hoeffding_tree_classifier", "a decision tree that learns on: it grows where it is sure of a split",
    "{ hoeffding_tree_classifier: Device, inputs: [Amount, Age], max_classes: 8, as: device_guess }");

} // namespace weir::steps
