#include "models/kinds/prepared_training.hpp"

#include "models/categories.hpp"
#include "models/onnx/metadata.hpp"
#include "models/onnx/target_inverse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace weir::models {

namespace {

using core::fail;

core::result<void> fill_missing(training_data& data, const imputations& how) {
  if (how.empty())
    return {};
  if (data.bins != nullptr)
    return fail("missing values are filled before features are put into bins");
  data.fills.assign(data.features.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t f = 0; f < data.features.size(); ++f) {
    const auto& name = data.feature_names[f];
    const auto* by = find_imputation(how, name);
    if (by != nullptr && !by->feature.empty() && data.find_category(f) != nullptr)
      return fail("'" + name + "' is a category: a missing one is like one that is not known, and is not filled", {},
                  "take it out of impute");
    if (by == nullptr || data.find_category(f) != nullptr)
      continue;
    const auto is_text = std::ranges::find(data.encoders, name, &ordinal_encoder::feature) != data.encoders.end();
    if (is_text && !by->suits_texts())
      return fail("'" + name + "' is a text, and a missing one can be the most frequent one alone", {},
                  "impute it by most_frequent");
    const auto fill = fill_of(*by, data.features[f], is_text);
    if (std::isnan(fill))
      return fail("'" + name + "' has no value in the rows that learn: there is nothing to fill it with");
    for (auto& value : data.features[f])
      value = std::isnan(value) ? fill : value;
    data.fills[f] = fill;
  }
  return {};
}

} // namespace

core::result<trained_model> train_prepared(const model_kind& kind, const training_data& data, const preparation& how,
                                           std::uint64_t random_state, const option_texts& given) {
  if (how.is_nothing())
    return kind.train(data, random_state, given);
  if (!how.categories.empty() && !kind.takes_categories)
    return fail("'" + std::string{kind.name} + "' takes no categories", {},
                "name a model of trees, or encode them as numbers");
  if (!how.categories.empty() && data.bins != nullptr)
    return fail("categories are told apart before features are put into bins");
  auto prepared = data;
  if (auto good = encode_categories(prepared, how.categories); !good)
    return tl::unexpected{std::move(good.error())};
  if (auto good = fill_missing(prepared, how.impute); !good)
    return tl::unexpected{std::move(good.error())};
  if (how.transform == target_transform::none)
    return kind.train(prepared, random_state, given);
  if (prepared.labels != nullptr || !prepared.has_target())
    return fail("a target_transform is of targets that are numbers");
  const auto transform = transform_targets(how.transform, prepared.target);
  if (!transform)
    return tl::unexpected{transform.error()};
  return kind.train(prepared, random_state, given).map([&](trained_model&& made) {
    made.file = with_metadata(with_target_inverse(made.file, *transform), "target_transform",
                              std::string{name_of(how.transform)});
    return std::move(made);
  });
}

} // namespace weir::models
