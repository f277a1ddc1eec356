#pragma once

#include "models/model.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace weir::cli::test {

/// 2 * a + b; a code and a text stand beside them.
class sum_model final : public models::model {
public:
  explicit sum_model(std::map<std::string, std::string> metadata = {}) :
      model{meaning_of(std::move(metadata)), {"sum", {}}} {}

  std::size_t block_rows() const noexcept override { return 3; }

  void predict(const void* const* features, std::size_t rows, const void** columns) const override {
    for (std::size_t i = 0; i < rows; ++i)
      sums_[i] = 2 * static_cast<const float*>(features[0])[i] + static_cast<const float*>(features[1])[i];
    columns[0] = sums_;
  }

private:
  static models::model_meaning meaning_of(std::map<std::string, std::string> metadata) {
    models::model_meaning made;
    made.features = {{"a"}, {"b"}, {"place"}, {"name", models::element::text}};
    made.has_names = true;
    made.outputs = {{"y"}};
    made.encoders = {{"place", {"north", "south"}}};
    made.metadata = std::move(metadata);
    return made;
  }

  mutable float sums_[3] = {};
};

} // namespace weir::cli::test
