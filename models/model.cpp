#include "models/model.hpp"

#include "models/onnx/reader.hpp"
#include "models/onnxruntime/runtime_reader.hpp"
#include "models/registry/model_reference.hpp"

namespace weir::models {

core::result<model_ptr> model::load(const std::string& path, std::string name, bool explains, backend computed_by) {
  const auto from = resolve_model(path);
  if (!from)
    return tl::unexpected{from.error()};
  auto file = read_model_file(*from);
  if (!file)
    return tl::unexpected{file.error()};
  model_identity who{from->version_text(name, file->digest), file->digest};
  auto made = computed_by == backend::onnxruntime ? read_runtime_model(file->bytes, std::move(who), explains)
                                                  : read_onnx(file->bytes, std::move(who), explains);
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
