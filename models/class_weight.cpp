#include "models/class_weight.hpp"

#include "core/base/read_number.hpp"
#include "models/class_names.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace weir::models {

namespace {

using core::fail;

/// A class without rows, or with those of weight 0 alone, has 1.
std::vector<double> balanced_weights(const training_data& data) {
  std::vector<double> of_class(size_of(*data.labels));
  for (std::size_t r = 0; r < data.rows(); ++r)
    of_class[static_cast<std::size_t>(data.target[r])] += data.weight(r);
  const auto present = std::count_if(of_class.begin(), of_class.end(), [](double sum) { return sum > 0; });
  const auto share = std::accumulate(of_class.begin(), of_class.end(), 0.0) / static_cast<double>(present);
  for (auto& sum : of_class)
    sum = sum > 0 ? share / sum : 1;
  return of_class;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// `yes:3`
core::result<void> read_entry(std::string_view entry, const std::vector<std::string>& labels,
                              std::vector<double>& into) {
  const auto colon = entry.rfind(':');
  const auto weight =
      colon == std::string_view::npos ? std::nullopt : core::read_number<double>(trimmed(entry.substr(colon + 1)));
  if (!weight)
    return fail("class_weight must be balanced, or weights of labels such as yes:3,no:1, not '" + std::string{entry}
                + "'");
  const auto name = trimmed(entry.substr(0, colon));
  const auto known = std::find(labels.begin(), labels.end(), name);
  if (known == labels.end())
    return fail("class_weight names '" + std::string{name} + "', which is no label of the target");
  if (!(*weight > 0) || std::isinf(*weight))
    return fail("class_weight of '" + std::string{name} + "' must be above 0");
  into[static_cast<std::size_t>(known - labels.begin())] = *weight;
  return {};
}

} // namespace

core::result<std::vector<double>> weights_of_classes(const training_data& data, std::string_view class_weight) {
  if (class_weight == "balanced")
    return balanced_weights(data);
  const auto labels = class_names(*data.labels);
  std::vector<double> made(labels.size(), 1);
  while (!class_weight.empty()) {
    const auto comma = std::min(class_weight.find(','), class_weight.size());
    if (auto good = read_entry(class_weight.substr(0, comma), labels, made); !good)
      return tl::unexpected{std::move(good.error())};
    class_weight.remove_prefix(std::min(comma + 1, class_weight.size()));
  }
  return made;
}

core::result<std::vector<double>> weights_by_class(const training_data& data, std::string_view class_weight) {
  if (class_weight.empty())
    return data.weights;
  if (data.labels == nullptr)
    return fail("class_weight is of classes, and the target here are numbers", {},
                "leave it out, or learn classes: --classify");
  return weights_of_classes(data, class_weight).map([&](const std::vector<double>& of_class) {
    std::vector<double> made(data.rows());
    for (std::size_t r = 0; r < made.size(); ++r)
      made[r] = data.weight(r) * of_class[static_cast<std::size_t>(data.target[r])];
    return made;
  });
}

} // namespace weir::models
