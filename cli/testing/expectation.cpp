#include "cli/testing/expectation.hpp"

#include "cli/testing/json_text.hpp"
#include "core/base/short_number.hpp"
#include "io/json_document.hpp"

#include <algorithm>
#include <cmath>

#include <simdjson.h>

namespace weir::cli {

namespace {

using config::yaml_node;
using simdjson::dom::element;

class comparison {
public:
  explicit comparison(double tolerance) : tolerance_{tolerance} {}

  std::vector<test_difference> take() { return std::move(all_); }

  void say(config::position at, std::string what) { all_.push_back({at, std::move(what)}); }

  /// Each entry of the list with the record at its place.
  void records(const yaml_node& expected, const std::vector<std::string>& found, const std::string& noun) {
    for (std::size_t i = 0; i < std::max(expected.items.size(), found.size()); ++i) {
      const auto place = noun + ' ' + std::to_string(i + 1);
      if (i >= found.size())
        return say(expected.items[i]->at, place + " is missing: there are " + std::to_string(found.size()));
      if (i >= expected.items.size())
        return say(expected.at, place + " is not expected: " + found[i]);
      element record;
      if (parser_.parse(found[i]).get(record) != simdjson::SUCCESS)
        return say(expected.items[i]->at, place + " is no JSON: " + found[i]);
      fields(*expected.items[i], record, place);
    }
  }

  void number(const yaml_node& expected, double found, const std::string& what) {
    element value;
    double wanted = 0;
    if (parser_.parse(json_of(expected)).get(value) != simdjson::SUCCESS || value.get(wanted) != simdjson::SUCCESS
        || !is_near(wanted, found))
      say(expected.at, what + " is " + core::short_number(found) + ", expected " + json_of(expected));
  }

private:
  void fields(const yaml_node& expected, element record, const std::string& place) {
    for (const auto& [key, value] : expected.members) {
      element there;
      // `a.b` is member b of a, unless there is one called so.
      auto found = record[key->text];
      if (found.error() != simdjson::SUCCESS)
        found = record.at_pointer('/' + pointer_of(key->text));
      if (found.get(there) != simdjson::SUCCESS) {
        if (value->shape != yaml_node::shape::nothing && json_of(*value) != "null")
          say(value->at, place + " has no '" + key->text + "', expected " + json_of(*value));
        continue;
      }
      simdjson::dom::parser parser;
      element wanted;
      const auto text = json_of(*value);
      if (parser.parse(text).get(wanted) != simdjson::SUCCESS || !is_same(wanted, there))
        say(value->at,
            place + ": '" + key->text + "' is " + std::string{simdjson::minify(there)} + ", expected " + text);
    }
  }

  static std::string pointer_of(std::string name) {
    std::replace(name.begin(), name.end(), '.', '/');
    return name;
  }

  bool is_near(double wanted, double found) const {
    return wanted == found || std::abs(wanted - found) <= tolerance_ * std::max(std::abs(wanted), 1.0);
  }

  bool is_same(element wanted, element found) const {
    double one = 0;
    double other = 0;
    if (wanted.is_number() && found.is_number())
      return wanted.get(one) == simdjson::SUCCESS && found.get(other) == simdjson::SUCCESS && is_near(one, other);
    simdjson::dom::array wanted_items;
    simdjson::dom::array found_items;
    if (wanted.get(wanted_items) == simdjson::SUCCESS && found.get(found_items) == simdjson::SUCCESS)
      return std::equal(wanted_items.begin(), wanted_items.end(), found_items.begin(), found_items.end(),
                        [this](element x, element y) { return is_same(x, y); });
    simdjson::dom::object wanted_members;
    simdjson::dom::object found_members;
    if (wanted.get(wanted_members) == simdjson::SUCCESS && found.get(found_members) == simdjson::SUCCESS)
      return std::all_of(wanted_members.begin(), wanted_members.end(), [&](const auto& member) {
        element there;
        return found_members[member.key].get(there) == simdjson::SUCCESS && is_same(member.value, there);
      });
    return std::string{simdjson::minify(wanted)} == std::string{simdjson::minify(found)};
  }

  simdjson::dom::parser parser_;
  double tolerance_;
  std::vector<test_difference> all_;
};

void compare_letters(const yaml_node& expected, const std::vector<test_dead_letter>& found, comparison& into) {
  for (std::size_t i = 0; i < std::max(expected.items.size(), found.size()); ++i) {
    const auto place = "dead letter " + std::to_string(i + 1);
    if (i >= found.size())
      return into.say(expected.items[i]->at, place + " is missing: there are " + std::to_string(found.size()));
    const auto& letter = found[i];
    if (i >= expected.items.size())
      return into.say(expected.at, place + " is not expected: record " + std::to_string(letter.record) + ", "
                                       + letter.stage + ": " + letter.reason);
    for (const auto& [key, value] : expected.items[i]->members) {
      const auto is = key->text == "record"  ? std::to_string(letter.record)
                      : key->text == "stage" ? letter.stage
                                             : letter.reason;
      const bool is_right = key->text == "reason" ? is.find(value->text) != std::string::npos : is == value->text;
      if (key->text != "record" && key->text != "stage" && key->text != "reason")
        into.say(key->at, "a dead letter has record, stage and reason, and no '" + key->text + "'");
      else if (!is_right)
        into.say(value->at, place + ": '" + key->text + "' is '" + is + "', expected '" + value->text + "'");
    }
  }
}

} // namespace

std::vector<test_difference> differences(const test_case& expected, const case_outcome& found) {
  comparison all{expected.tolerance};
  if (expected.expected_output != nullptr)
    all.records(*expected.expected_output, found.output, "record");
  if (expected.expected_dead_letters != nullptr)
    compare_letters(*expected.expected_dead_letters, found.dead_letters, all);
  else if (!found.dead_letters.empty())
    all.say(expected.at, "record " + std::to_string(found.dead_letters[0].record)
                             + " is a dead letter, which nobody expects: " + found.dead_letters[0].reason);
  if (expected.expected_alerts != nullptr)
    all.records(*expected.expected_alerts, found.alerts, "alert");
  if (expected.filtered && *expected.filtered != found.filtered)
    all.say(expected.at, "filtered are " + std::to_string(found.filtered) + " records, expected "
                             + std::to_string(*expected.filtered));
  if (expected.expected_aggregates != nullptr)
    for (const auto& [key, value] : expected.expected_aggregates->members) {
      const auto there = found.aggregates.find(key->text);
      if (there == found.aggregates.end())
        all.say(key->at, "there is no aggregate '" + key->text + "' over the whole pipeline");
      else
        all.number(*value, there->second, "'" + key->text + "'");
    }
  return all.take();
}

} // namespace weir::cli
