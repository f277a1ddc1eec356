#include "models/row_block.hpp"

namespace weir::models {

row_block::row_block(const model& scores_with) :
    model_{scores_with}, most_{scores_with.block_rows()}, outputs_(scores_with.columns()) {
  for (const auto& feature : model_.meaning().features)
    columns_.emplace_back(most_ * size_of(feature.type));
  for (const auto& column : columns_)
    inputs_.push_back(column.data());
}

void row_block::set(std::size_t feature, double value) noexcept {
  auto* into = columns_[feature].data();
  switch (model_.meaning().features[feature].type) {
  case element::f32: reinterpret_cast<float*>(into)[rows_] = static_cast<float>(value); break;
  case element::f64: reinterpret_cast<double*>(into)[rows_] = value; break;
  case element::i64: reinterpret_cast<std::int64_t*>(into)[rows_] = static_cast<std::int64_t>(value); break;
  case element::boolean: reinterpret_cast<bool*>(into)[rows_] = value != 0; break;
  case element::text: break;
  }
}

void row_block::set(std::size_t feature, std::string_view text) noexcept {
  reinterpret_cast<std::string_view*>(columns_[feature].data())[rows_] = text;
}

const std::vector<const void*>& row_block::predict() {
  model_.predict(inputs_.data(), rows_, outputs_.data());
  return outputs_;
}

double number_at(const void* column, element type, std::size_t row) noexcept {
  switch (type) {
  case element::f32: return static_cast<double>(static_cast<const float*>(column)[row]);
  case element::f64: return static_cast<const double*>(column)[row];
  case element::i64: return static_cast<double>(static_cast<const std::int64_t*>(column)[row]);
  case element::boolean: return static_cast<const bool*>(column)[row] ? 1 : 0;
  case element::text: break;
  }
  return 0;
}

} // namespace weir::models
