#include "cli/model_facts.hpp"

#include "cli/card_reader.hpp"
#include "cli/measures.hpp"
#include "core/base/number_text.hpp"
#include "models/class_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::cli {

namespace {

std::string listed(const std::vector<std::string>& texts) {
  std::string made;
  for (const auto& text : texts)
    made += (made.empty() ? "" : ", ") + text;
  return made;
}

std::string exactly(double value) {
  std::array<char, core::number_text_size> text{};
  return {text.data(), core::write_double(value, text.data())};
}

void add_card(const card_summary& card, std::vector<model_fact>& into) {
  into.push_back({"model", "kind", card.kind});
  into.push_back({"model", "target", card.target});
  into.push_back({"data", "file", card.data_file});
  into.push_back({"data", "sha256", card.data_digest.substr(0, 8), card.data_digest});
  into.push_back({"data", "rows to learn", std::to_string(card.train_rows)});
  into.push_back({"data", "rows to test", std::to_string(card.test_rows)});
  for (const auto& [name, value] : card.parameters)
    into.push_back({"parameter", name, value});
  if (card.random_state)
    into.push_back({"parameter", "random_state", std::to_string(*card.random_state)});
}

void add_columns(const models::model_meaning& meaning, std::vector<model_fact>& into) {
  std::vector<std::string> order;
  for (const auto& feature : meaning.features) {
    into.push_back({"input", feature.name, std::string{name_of(feature.type)}});
    order.push_back(feature.name);
  }
  into.push_back({"input", order_of_inputs, listed(order)});
  for (const auto& encoder : meaning.encoders)
    into.push_back({"input", encoder.feature + " (categories)", std::to_string(encoder.categories.size()),
                    listed(encoder.categories)});
  for (std::size_t i = 0; i < meaning.outputs.size(); ++i) {
    const auto& output = meaning.outputs[i];
    auto text = std::string{name_of(output.type)};
    if (output.columns > 1)
      text += " x " + std::to_string(output.columns);
    if (output.labels != nullptr)
      text += ": " + listed(models::class_names(*output.labels));
    into.push_back({"output", output.name, text + (i == meaning.prediction ? " (predicts)" : "")});
  }
}

} // namespace

std::vector<model_fact> facts_of(const models::model& of) {
  std::vector<model_fact> made;
  const auto card = read_card(of.meaning().metadata);
  if (card)
    add_card(*card, made);
  add_columns(of.meaning(), made);
  if (card)
    for (const auto& [name, value] : card->measures)
      made.push_back({"test", std::string{title_of(name)}, shown(value), exactly(value)});
  std::erase_if(made, [](const model_fact& one) { return one.text.empty(); });
  return made;
}

std::vector<fact_pair> pairs_of(const std::vector<model_fact>& first, const std::vector<model_fact>& second) {
  const auto find = [](const std::vector<model_fact>& in, const model_fact& one) {
    return std::find_if(in.begin(), in.end(),
                        [&](const auto& other) { return other.section == one.section && other.name == one.name; });
  };
  const auto exact = [](const model_fact& of) { return of.exact.empty() ? of.text : of.exact; };
  std::vector<fact_pair> made;
  for (const auto& one : first) {
    const auto other = find(second, one);
    const bool is_there = other != second.end();
    made.push_back(
        {one.section, one.name, one.text, is_there ? other->text : "", is_there && exact(one) == exact(*other)});
  }
  for (const auto& one : second)
    if (find(first, one) == first.end()) {
      // Beside the others of its section.
      const auto behind =
          std::find_if(made.rbegin(), made.rend(), [&](const auto& p) { return p.section == one.section; });
      made.insert(behind == made.rend() ? made.end() : behind.base(), {one.section, one.name, "", one.text, false});
    }
  return made;
}

} // namespace weir::cli
