#include "core/expression/expression_functions.hpp"

#include "core/base/nearest_name.hpp"
#include "core/expression/function_kinds.hpp"

#include <algorithm>
#include <vector>

namespace weir::core {

namespace {

std::vector<function> all_functions() {
  std::vector<function> all;
  for (const auto table : {time_functions(), number_functions(), value_functions(), text_functions()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

} // namespace

std::vector<function_info> expression_functions() {
  const auto all = all_functions();
  return {all.begin(), all.end()};
}

result<operand> call_function(expression_builder& builder, std::string_view name, std::size_t column,
                              std::vector<operand> in) {
  const auto functions = all_functions();
  const auto known = std::find_if(functions.begin(), functions.end(), [&](const auto& f) { return f.name == name; });
  if (known == functions.end()) {
    std::vector<std::string_view> names;
    std::string list = "there are";
    for (const auto& f : functions) {
      names.push_back(f.name);
      list += ' ' + std::string{f.name};
    }
    auto remedy = did_you_mean(name, names);
    return fail_at(column, "unknown function '" + std::string{name} + "'", remedy.empty() ? list : remedy);
  }
  if (in.size() < known->least || in.size() > known->most) {
    const auto wanted = known->least == known->most
                            ? std::to_string(known->least)
                            : std::to_string(known->least) + " to " + std::to_string(known->most);
    return fail_at(column, std::string{name} + "() takes " + wanted + (wanted == "1" ? " argument" : " arguments")
                               + ", not " + std::to_string(in.size()));
  }
  auto value = known->build(builder, std::string{name} + "()", in);
  if (value)
    value->column = column;
  return value;
}

} // namespace weir::core
