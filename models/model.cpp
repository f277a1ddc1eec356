#include "models/model.hpp"

#include "models/file_digest.hpp"
#include "models/onnx/reader.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weir::models {

core::result<model_ptr> model::load(const std::string& path, std::string name) {
  std::ifstream file{path, std::ios::binary};
  std::stringstream bytes;
  if (!file || !(bytes << file.rdbuf()))
    return core::fail(std::string{"cannot read the model: "} + std::strerror(errno), path, "is the path right?");
  const auto content = std::move(bytes).str();
  if (name.empty())
    name = std::filesystem::path{path}.stem().string();
  auto made = read_onnx(content).and_then(
      [&](const auto& definition) { return definition->make_model(name + "@" + short_digest(content)); });
  if (!made)
    made.error().where = path;
  return made;
}

} // namespace weir::models
