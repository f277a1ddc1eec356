#include "models/column_card.hpp"

#include <cmath>
#include <numeric>
#include <string_view>

#include <simdjson.h>

namespace weir::models {

namespace {

using simdjson::SUCCESS;
using json = simdjson::dom::element;

bool read_numbers(const json& from, std::string_view name, std::vector<double>& into) {
  simdjson::dom::array all;
  if (from[name].get(all) != SUCCESS)
    return false;
  for (const auto one : all)
    if (one.get(into.emplace_back()) != SUCCESS)
      return false;
  return true;
}

bool read_counts(const json& from, std::vector<std::uint64_t>& into) {
  simdjson::dom::array all;
  if (from["counts"].get(all) != SUCCESS)
    return false;
  for (const auto one : all)
    if (one.get(into.emplace_back()) != SUCCESS)
      return false;
  return true;
}

/// Each bin between two deciles has a tenth of the values.
bool bins_of_deciles(const json& from, column_card& into) {
  std::vector<double> deciles;
  if (!read_numbers(from, "quantiles", deciles) || deciles.size() < 3)
    return false;
  for (std::size_t i = 1; i < deciles.size(); ++i)
    if (!(deciles[i] > deciles[i - 1]))
      return false;
  into.edges.assign(deciles.begin() + 1, deciles.end() - 1);
  const auto known = static_cast<double>(into.rows) * (1 - into.missing);
  into.counts.assign(into.edges.size() + 1,
                     static_cast<std::uint64_t>(std::llround(known / static_cast<double>(into.edges.size() + 1))));
  return true;
}

core::result<void> read_number(const json& from, const std::string& called, column_card& into) {
  const auto wrong = [&](const char* what) {
    return core::fail(called + " has no distribution in the model's card: " + what, {},
                      "train the model again, or give the baseline as a file");
  };
  if (from["missing"].get(into.missing) != SUCCESS || from["mean"].get(into.mean) != SUCCESS
      || from["deviation"].get(into.deviation) != SUCCESS || !(into.missing >= 0 && into.missing <= 1))
    return wrong("its figures are missing");
  if (read_numbers(from, "edges", into.edges) && read_counts(from, into.counts)
      && into.counts.size() == into.edges.size() + 1)
    return {};
  into.edges.clear();
  into.counts.clear();
  if (!bins_of_deciles(from, into))
    return wrong("it was written by an older version, and values repeat");
  return {};
}

} // namespace

core::result<card_columns> read_card_columns(const std::map<std::string, std::string>& metadata) {
  const auto found = metadata.find("card");
  simdjson::dom::parser parser;
  json card;
  if (found == metadata.end() || parser.parse(found->second).get(card) != SUCCESS)
    return core::fail("the model has no card", {}, "train it with weir, or give the baseline as a file");
  const auto count_of = [&](const char* name) {
    std::uint64_t count = 0;
    return card["data"][name].get(count) == SUCCESS ? count : 0;
  };
  card_columns made;
  simdjson::dom::array features;
  if (card["features"].get(features) != SUCCESS)
    return core::fail("the model's card has no features", {}, "train it again, or give the baseline as a file");
  for (const auto feature : features) {
    auto& column = made.features.emplace_back();
    column.rows = count_of("train");
    std::string_view name, type;
    if (feature["name"].get(name) != SUCCESS || feature["type"].get(type) != SUCCESS)
      return core::fail("the model's card has a feature without a name", {}, "train the model again");
    column.name = name;
    column.is_text = type == "text";
    if (!column.is_text) {
      if (auto read = read_number(feature, "'" + column.name + "'", column); !read)
        return tl::unexpected{std::move(read.error())};
      continue;
    }
    simdjson::dom::object shares;
    if (feature["shares"].get(shares) == SUCCESS)
      for (const auto share : shares)
        if (double value = 0; share.value.get(value) == SUCCESS)
          column.shares.emplace_back(share.key, value);
  }
  if (json prediction; card["prediction"].get(prediction) == SUCCESS) {
    made.prediction.emplace();
    made.prediction->rows = count_of("test");
    if (auto read = read_number(prediction, "the prediction", *made.prediction); !read)
      return tl::unexpected{std::move(read.error())};
  }
  return made;
}

} // namespace weir::models
