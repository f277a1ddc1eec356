#include "models/model.hpp"

#include "models/file_bytes.hpp"
#include "models/file_digest.hpp"
#include "models/onnx/reader.hpp"
#include "models/registry/model_reference.hpp"

namespace weir::models {

core::result<model_ptr> model::load(const std::string& path, std::string name) {
  const auto from = resolve_model(path);
  if (!from)
    return tl::unexpected{from.error()};
  const auto content = read_file(from->file);
  if (!content)
    return tl::unexpected{content.error()};
  const auto digest = models::digest(*content);
  if (!from->digest.empty() && from->digest != digest)
    return core::fail("'" + from->file + "' is not the file that was added as version " + std::to_string(from->version),
                      path, "its audit log has the SHA-256 " + from->digest + "; add the model again");
  auto made = read_onnx(*content, {from->version_text(name, digest), digest});
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
