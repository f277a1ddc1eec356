#include "models/model.hpp"

#include "models/file_bytes.hpp"
#include "models/file_digest.hpp"
#include "models/onnx/reader.hpp"

#include <filesystem>

namespace weir::models {

core::result<model_ptr> model::load(const std::string& path, std::string name) {
  const auto content = read_file(path);
  if (!content)
    return tl::unexpected{content.error()};
  if (name.empty())
    name = std::filesystem::path{path}.stem().string();
  auto made = read_onnx(*content, {name + "@" + short_digest(*content), models::digest(*content)});
  if (!made)
    made.error().where = path;
  return made;
}

bool model::is_classifier() const noexcept {
  const auto& made = prediction();
  return made.type == element::text || made.labels != nullptr;
}

std::size_t model::columns() const noexcept {
  return first_column(meaning_.outputs.size()) + meaning_.refusals.size();
}

std::size_t model::first_column(std::size_t output) const noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < output; ++i)
    count += meaning_.outputs[i].columns;
  return count;
}

} // namespace weir::models
