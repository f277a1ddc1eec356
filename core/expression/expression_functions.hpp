#pragma once

#include <string_view>
#include <vector>

namespace weir::core {

/// What can be said of a function of expressions. A function is one entry in a table: time_functions.cpp,
/// number_functions.cpp, value_functions.cpp, text_functions.cpp.
struct function_info {
  std::string_view name;
  std::string_view help;    ///< one line, lower case, no full stop
  std::string_view example; ///< a call, over the columns of transactions
};

/// All of them, in the order of the docs.
std::vector<function_info> expression_functions();

} // namespace weir::core
