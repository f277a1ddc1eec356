#include "models/class_names.hpp"

namespace weir::models {

std::vector<std::string> class_names(const class_labels& labels) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&labels))
    return *texts;
  std::vector<std::string> made;
  for (const auto number : std::get<std::vector<std::int64_t>>(labels))
    made.push_back(std::to_string(number));
  return made;
}

std::vector<std::string> class_names(const model_output& of) {
  if (of.labels != nullptr)
    return class_names(*of.labels);
  std::vector<std::string> made;
  for (std::size_t k = 0; k < of.columns; ++k)
    made.push_back(std::to_string(k));
  return made;
}

} // namespace weir::models
