#include "models/onnx/class_outputs.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace weir::models {

attribute labels_attribute(const class_labels& labels) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&labels))
    return {"classlabels_strings", *texts};
  return {"classlabels_ints", std::get<std::vector<std::int64_t>>(labels)};
}

void write_label(const class_labels& labels, file_writer& file) {
  const auto is_text = std::holds_alternative<std::vector<std::string>>(labels);
  file.output("label", is_text ? element::text : element::i64, 0);
}

void write_second_score(file_writer& file) {
  file.constant("second", {1}, std::vector<std::int64_t>{1});
  file.node("Gather", {"scores", "second"}, {std::string{decision_output}}, {{"axis", std::int64_t{1}}});
}

} // namespace weir::models
