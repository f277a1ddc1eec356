#pragma once

#include "core/cluster/contest.hpp"
#include "core/cluster/model_choice.hpp"
#include "core/expression/expression.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// When a challenger becomes the champion of its step, or is taken away.
struct contest_rule {
  std::string step;
  bool promotes = false;  ///< false: the challenger is taken away
  std::string when;       ///< as it is written
  expression condition;   ///< bound to contest_columns()
  std::uint64_t over = 0; ///< rows that both models must have been given; where truths are known, with those
  std::string champion{}; ///< the champion of the pipeline file, as that names it
  std::optional<chosen_model> challenger{}; ///< the one of the pipeline file
};

/// What a rule may be about: `champion.rmse`, `challenger.refused`, `disagreement`, ... A figure that nobody knows yet
/// is null.
layout contest_columns();

/// One of these, for people.
struct contest_column {
  std::string_view name;
  std::string_view help;
};
std::span<const contest_column> contest_column_table() noexcept;

/// What these are now, in the order of contest_column_table(); NaN: nobody knows.
std::vector<double> contest_values(const contest_figures& figures);

/// What follows from a rule that has become true.
struct contest_decision {
  model_wish wish;
  std::string summary; ///< for people
};

/// @param choice what the pipeline scores with now
/// @returns nothing: there is no challenger, too few rows, or the rule is not true
std::optional<contest_decision> judge(const contest_rule& rule, const model_choice& choice,
                                      const contest_figures& figures);

} // namespace weir::core
