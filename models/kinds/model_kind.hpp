#pragma once

#include "core/base/result.hpp"
#include "models/kinds/training_option.hpp"
#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// What came of a training.
struct trained_model {
  /// What the model is made of: `{100, "trees"}`.
  struct part {
    std::size_t count;
    std::string_view of;
  };

  std::string file; ///< bytes of an ONNX file, which read_onnx() reads
  std::vector<part> parts;
  std::vector<double> importances{}; ///< by feature, they sum up to 1; empty: this kind has none
};

/// `{100, "trees"}, {3982, "nodes"}`
std::vector<trained_model::part> parts_of(const tree_ensemble& trees);

/// What a trainer learns from.
enum class learning : std::uint8_t {
  values,  ///< a target of numbers
  classes, ///< a target of labels
  values_or_classes,
  unsupervised, ///< no target
};

/// A kind of model. It is learned here, or comes from elsewhere in an ONNX file.
struct model_kind {
  std::string_view name;
  std::string_view help;                         ///< one line, lower case, no full stop
  std::string_view example;                      ///< a command, or a step of `infer`
  std::span<const std::string_view> operators;   ///< a file of this kind has one of these
  learning learns = learning::values_or_classes; ///< its trainer does
  std::span<const training_option> options{};    ///< of its trainer
  bool takes_weights = true;                     ///< its trainer does, of rows
  bool takes_bins = false;                       ///< and bins in place of numbers
  bool takes_categories = false;                 ///< and features whose values have no order

  /// Learns a model. The same data, `random_state` and options make the same file. Fails when weir cannot learn from
  /// the data, or an option is unknown or out of its range. Null: weir does not train this kind.
  core::result<trained_model> (*train)(const training_data& data, std::uint64_t random_state,
                                       const option_texts& given) = nullptr;
};

namespace kinds {

// One line a kind, here and in the table of kinds.cpp.
extern const model_kind elastic_net;
extern const model_kind extra_trees;
extern const model_kind gaussian_nb;
extern const model_kind gradient_boosting;
extern const model_kind isolation_forest;
extern const model_kind k_means;
extern const model_kind kernel_ridge;
extern const model_kind lasso;
extern const model_kind linear_regression;
extern const model_kind linear_svc;
extern const model_kind logistic_regression;
extern const model_kind one_class_svm;
extern const model_kind random_forest;
extern const model_kind ridge;
extern const model_kind svc;
extern const model_kind svr;
extern const model_kind tree_ensemble;

} // namespace kinds

/// All of them, in the order of `weir list models`.
std::span<const model_kind* const> model_kinds() noexcept;

/// The kind of that name, which has a trainer. The error says which have one.
core::result<const model_kind*> find_trained_kind(std::string_view name);

/// model_kind::train for a trainer that has settings.
template <class Settings, const auto& Options, auto Train>
core::result<trained_model> train_with(const training_data& data, std::uint64_t random_state,
                                       const option_texts& given) {
  Settings settings;
  return detail::read_options(given, Options, &settings).and_then([&] { return Train(data, random_state, settings); });
}

} // namespace weir::models
