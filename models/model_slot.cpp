#include "models/model_slot.hpp"

namespace weir::models {

namespace {

core::result<std::vector<core::column_id>> find_features(const model_meaning& of, const core::layout& columns) {
  if (!of.has_names)
    return core::fail("the model's file does not name its features, and the pipeline no inputs", {},
                      "name a column for each feature in 'inputs'");
  std::vector<core::column_id> ids;
  for (const auto& feature : of.features) {
    const auto id = columns.find(feature.name);
    if (!id)
      return core::fail("the model takes '" + feature.name + "', which is no column in front of it", {},
                        "add it to the schema, or take a model that needs no other columns");
    ids.push_back(*id);
  }
  return ids;
}

} // namespace

core::result<scorer_ptr> model_slot::fit(model_ptr other) const {
  auto ids =
      inputs.empty() ? find_features(other->meaning(), columns) : core::result<std::vector<core::column_id>>{inputs};
  if (!ids)
    return tl::unexpected{ids.error()};
  if (auto good = check_meaning(*other, meanings); !good)
    return tl::unexpected{good.error()};
  auto all = columns;
  auto fitted = scorer::make(std::move(other), all, *std::move(ids), makes);
  for (std::size_t i = 0; fitted && i < made.size(); ++i) {
    const auto& column = all[static_cast<core::column_id>(columns.size() + i)];
    if (column.type != made[i])
      return core::fail("the model makes '" + column.name + "' a " + std::string{to_string(column.type)}
                            + ", the one of the pipeline file a " + std::string{to_string(made[i])},
                        {}, "what comes behind it is made for that type");
  }
  return fitted;
}

} // namespace weir::models
