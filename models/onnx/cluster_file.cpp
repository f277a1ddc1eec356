#include "models/onnx/cluster_file.hpp"

#include "models/onnx/feature_inputs.hpp"

#include <cstdint>
#include <vector>

namespace weir::models {

std::string write_clusters(const clusters& from, const training_data& data) {
  const auto features = from.centres.front().size();
  std::vector<float> centres;
  for (const auto& centre : from.centres)
    centres.insert(centres.end(), centre.begin(), centre.end());
  file_writer file;
  const auto inputs = write_inputs(data, file);
  file.constant("centres", {static_cast<std::int64_t>(from.centres.size()), static_cast<std::int64_t>(features)},
                centres);
  file.node("Unsqueeze", {inputs}, {"x"}, {{"axes", std::vector<std::int64_t>{1}}});
  file.node("Sub", {"x", "centres"}, {"differences"});
  file.node("ReduceL2", {"differences"}, {"scores"},
            {{"axes", std::vector<std::int64_t>{2}}, {"keepdims", std::int64_t{0}}});
  file.node("ArgMin", {"scores"}, {"label"}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
  file.output("label", element::i64, 0);
  file.output("scores", element::f32, from.centres.size());
  return file.bytes();
}

} // namespace weir::models
