#include "models/linear/checks.hpp"

#include <string>
#include <variant>
#include <vector>

namespace weir::models {

namespace {

using core::fail;

core::result<void> check_complete(const training_data& data) {
  return check(data).and_then([&] { return check_nothing_is_missing(data); });
}

std::string name_of_class(const class_labels& labels, std::size_t index) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&labels))
    return (*texts)[index];
  return std::to_string(std::get<std::vector<std::int64_t>>(labels)[index]);
}

core::result<void> check_rows_of_classes(const training_data& data) {
  std::vector<bool> is_there(size_of(*data.labels));
  for (std::size_t r = 0; r < data.rows(); ++r)
    if (data.weight(r) > 0)
      is_there[static_cast<std::size_t>(data.target[r])] = true;
  for (std::size_t k = 0; k < is_there.size(); ++k)
    if (!is_there[k])
      return fail("class '" + name_of_class(*data.labels, k) + "' has no rows to learn from", {},
                  "give it rows whose weight is not 0, or leave it out");
  return {};
}

} // namespace

core::result<void> check_values(const training_data& data) {
  if (auto good = check_complete(data); !good)
    return good;
  if (data.labels != nullptr)
    return fail("this kind of model learns numbers, not classes", {}, "choose a classifier");
  if (!data.has_target())
    return fail("there is no target to learn");
  return {};
}

core::result<void> check_classes(const training_data& data) {
  if (auto good = check_complete(data); !good)
    return good;
  if (data.labels == nullptr)
    return fail("this kind of model learns classes, not numbers", {}, "give the target labels, or choose a regressor");
  if (!data.has_target())
    return fail("there is no target to learn");
  if (size_of(*data.labels) < 2)
    return fail("the target is of one class: there is nothing to tell apart");
  return check_rows_of_classes(data);
}

} // namespace weir::models
