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
  auto made = read_onnx(*content).and_then(
      [&](const auto& definition) { return definition->make_model(name + "@" + short_digest(*content)); });
  if (!made)
    made.error().where = path;
  return made;
}

} // namespace weir::models
