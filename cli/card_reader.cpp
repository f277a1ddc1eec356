#include "cli/card_reader.hpp"

#include "cli/json_member.hpp"

#include <algorithm>

namespace weir::cli {

namespace {

using simdjson::SUCCESS;
using json = simdjson::dom::element;
using object = simdjson::dom::object;

std::uint64_t count_of(const json& from, std::string_view field) {
  std::uint64_t count = 0;
  return from[field].get(count) == SUCCESS ? count : 0;
}

void read_data(const json& from, card_summary& into) {
  into.data_file = text_of(from, "file");
  into.data_digest = text_of(from, "sha256");
  into.train_rows = count_of(from, "train");
  into.test_rows = count_of(from, "test");
}

} // namespace

std::optional<std::pair<std::string, double>> card_summary::main_measure() const {
  for (const auto* name : {"r2", "roc_auc", "accuracy"}) {
    const auto found =
        std::find_if(measures.begin(), measures.end(), [&](const auto& one) { return one.first == name; });
    if (found != measures.end())
      return *found;
  }
  return std::nullopt;
}

std::optional<card_summary> read_card(const std::map<std::string, std::string>& metadata) {
  const auto found = metadata.find("card");
  simdjson::dom::parser parser;
  json card;
  if (found == metadata.end() || parser.parse(found->second).get(card) != SUCCESS)
    return std::nullopt;
  card_summary made;
  made.kind = text_of(card, "kind");
  made.target = text_of(card, "target");
  if (json data; card["data"].get(data) == SUCCESS)
    read_data(data, made);
  if (std::uint64_t seed = 0; card["random_state"].get(seed) == SUCCESS)
    made.random_state = seed;
  if (object parameters; card["parameters"].get(parameters) == SUCCESS)
    for (const auto field : parameters)
      if (std::string_view text; field.value.get(text) == SUCCESS)
        made.parameters.emplace_back(field.key, text);
  if (object test; card["test"].get(test) == SUCCESS)
    for (const auto field : test)
      if (double value = 0; field.value.get(value) == SUCCESS)
        made.measures.emplace_back(field.key, value);
  return made;
}

} // namespace weir::cli
