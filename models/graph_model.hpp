#pragma once

#include "models/graph/program.hpp"
#include "models/model.hpp"

namespace weir::models {

/// A model that is a program of ours.
class graph_model final : public model {
public:
  graph_model(model_meaning meaning, model_identity who, program runs) :
      model{std::move(meaning), std::move(who)}, program_{std::move(runs)} {}

  std::size_t block_rows() const noexcept override { return program_.block_rows(); }

  void predict(const void* const* features, std::size_t rows, const void** columns) const override {
    program_.run(features, rows, columns);
  }

private:
  program program_;
};

} // namespace weir::models
