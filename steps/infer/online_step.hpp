#pragma once

#include "config/binding.hpp"
#include "config/kind.hpp"
#include "models/online/class_list.hpp"
#include "models/online/learner.hpp"
#include "models/online/linear_weights.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the kinds of models that learn on have in common in a pipeline file.

namespace weir::steps {

/// The columns of such a model.
struct online_columns {
  config::column_name truth{};
  std::vector<config::column_name> inputs{};
  config::new_column as{};
  std::optional<config::column_name> by{};
  std::optional<std::uint32_t> max_keys{};
  std::optional<bool> unlearn{}; ///< absent: where the source holds changes and the schema has what it takes
  // of a classifier
  std::vector<config::located> classes{};
  std::optional<std::uint32_t> max_classes{};
  config::new_column probability{};
};

inline constexpr std::uint32_t usual_max_classes = 32;

/// `inputs` and `as`. @tparam Columns the member of the settings that holds online_columns
template <auto Columns>
constexpr std::array online_fields{
    config::field<Columns, &online_columns::inputs>(
        "inputs", "columns of numbers; a record with a null or a number that is not finite goes to the dead letters",
        config::required),
    config::field<Columns, &online_columns::as>(
        "as", "the new column: what the model said before it learned from the record", config::required),
};

/// `by`, `max_keys` and `unlearn`.
template <auto Columns>
constexpr std::array online_memory_fields{
    config::field<Columns, &online_columns::by>(
        "by", "a model of its own for each value of this column; without: one for the lane"),
    config::field<Columns, &online_columns::max_keys>(
        "max_keys",
        "of a lane, default 1,000,000: the least recently used goes, and is counted; `state.memory_limit` may allow "
        "fewer",
        config::between(1, 100'000'000)),
    config::field<Columns, &online_columns::unlearn>(
        "unlearn",
        "of changes (`format: debezium`): the old row of an update or a delete is un-learned; default: if "
        "the model can and the schema has `__op` or `__deleted` and a `before.` column for each that it reads"),
};

/// `probability`, `classes` and `max_classes`.
template <auto Columns>
constexpr std::array online_class_fields{
    config::field<Columns, &online_columns::probability>(
        "probability", "a new column: the probability of the second of two classes that are given, else of the class "
                       "that is chosen"),
    config::field<Columns, &online_columns::classes>(
        "classes", "the labels, two at least, the positive one last of two; without: false and true of a bool, else "
                   "those that come, in their order"),
    config::field<Columns, &online_columns::max_classes>(
        "max_classes", "of labels that come, default 32; a record with one more is scored and not learned from",
        config::between(1, 1000)),
};

/// Reports options that do not belong together, and fills in defaults.
void complete_online(online_columns& columns, config::yaml_section& from);

/// @param options those that the meaning of the state depends on  @param make of so many inputs
void bind_online_regressor(const online_columns& columns, std::string_view kind, std::string options,
                           const std::function<models::online::learner_ptr(std::size_t inputs)>& make,
                           config::binding& into);

/// The same for a classifier.
void bind_online_classifier(
    const online_columns& columns, std::string_view kind, std::string options,
    const std::function<models::online::learner_ptr(std::size_t inputs, models::online::class_list)>& make,
    config::binding& into);

} // namespace weir::steps
