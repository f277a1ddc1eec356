#include "config/yaml_reader.hpp"

#include "config/units.hpp"
#include "core/base/read_number.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::config {

namespace {

template <class T>
std::optional<T> number_of(const yaml_node& node) {
  return node.quoted ? std::nullopt : core::read_number<T>(node.text);
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : ", ") + word;
  return result;
}

} // namespace

std::string shown_number(double value) {
  std::array<char, 32> text{};
  auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

located text_of(yaml_reader& reader, const yaml_node& node, std::string_view what) {
  if (node.shape != yaml_node::shape::scalar)
    reader.report(node.at, std::string{what} + " must be a text, found " + node.description());
  return {node.text, node.literal ? node.text_at : node.at, node.literal, node.hidden};
}

std::optional<std::size_t> word_of(yaml_reader& reader, const yaml_node& node, const std::string& what,
                                   const std::vector<std::string>& words) {
  const bool is_null = node.shape == yaml_node::shape::nothing;
  auto found = std::find(words.begin(), words.end(), is_null ? node.spelled : node.text);
  if (found != words.end() && (is_null || node.shape == yaml_node::shape::scalar))
    return static_cast<std::size_t>(found - words.begin());
  if (is_null)
    return std::nullopt; // a field without a value
  auto guess = node.hidden ? std::string{} : did_you_mean(node.text, words);
  if (!node.unresolved)
    reader.report(node.at, what + " must be one of " + joined(words) + ", found " + node.description() + guess);
  return std::nullopt;
}

std::vector<const yaml_node*> items_of(const yaml_node& node) {
  if (node.shape == yaml_node::shape::list)
    return node.items;
  return node.shape == yaml_node::shape::nothing ? std::vector<const yaml_node*>{} : std::vector{&node};
}

yaml_section::yaml_section(yaml_reader& reader, const yaml_node& node, std::string name) :
    reader_{reader}, node_{node}, name_{std::move(name)} {
  if (node.shape != yaml_node::shape::mapping && node.shape != yaml_node::shape::nothing && !node.unresolved)
    report(node.at, name_ + " must be a mapping of fields, found " + node.description());
}

yaml_section::~yaml_section() {
  if (accepts_others_)
    return;
  std::vector<std::string> candidates;
  for (const auto& field : known_)
    if (!has(field))
      candidates.push_back(field);
  for (const auto& [key, value] : others()) {
    auto hint = did_you_mean(key->text, candidates);
    if (hint.empty() && !needed_.empty())
      hint = ", which needs one of " + needed_;
    report(key->at, "unknown field '" + key->text + "' in " + name_ + hint);
  }
}

bool yaml_section::has(std::string_view field) const {
  return std::any_of(node_.members.begin(), node_.members.end(),
                     [&](const auto& member) { return member.key->text == field; });
}

const yaml_node* yaml_section::find(std::string_view field) {
  known_.emplace(field);
  for (const auto& member : node_.members)
    if (member.key->text == field)
      return member.value->shape == yaml_node::shape::nothing || member.value->unresolved ? nullptr : member.value;
  return nullptr;
}

const yaml_node* yaml_section::require(std::string_view field) {
  const auto* node = find(field);
  if (node != nullptr)
    return node;
  for (const auto& member : node_.members)
    if (member.key->text == field) {
      if (!member.value->unresolved)
        report(member.key->at, "field '" + std::string{field} + "' of " + name_ + " has no value");
      return nullptr;
    }
  if (node_.shape == yaml_node::shape::mapping || node_.shape == yaml_node::shape::nothing)
    report(at(), "missing field '" + std::string{field} + "' in " + name_);
  return nullptr;
}

const yaml_node* yaml_section::find_null(std::string_view field) const {
  for (const auto& member : node_.members)
    if (member.key->text == field && member.value->shape == yaml_node::shape::nothing
        && member.value->spelled == "null")
      return member.value;
  return nullptr;
}

std::vector<yaml_node::member> yaml_section::others() const {
  std::vector<yaml_node::member> result;
  for (const auto& member : node_.members)
    if (!known_.contains(member.key->text))
      result.push_back(member);
  return result;
}

const yaml_node::member* yaml_section::one_of(const std::vector<std::string>& fields) {
  const yaml_node::member* result = nullptr;
  for (const auto& field : fields)
    known_.insert(field);
  for (const auto& member : node_.members) {
    if (std::find(fields.begin(), fields.end(), member.key->text) == fields.end())
      continue;
    if (result != nullptr) {
      report(member.key->at, name_ + " has both '" + result->key->text + "' and '" + member.key->text + "', give one");
      return nullptr;
    }
    result = &member;
  }
  // An unknown field says enough: it is most likely the misspelt one.
  if (result == nullptr && node_.shape == yaml_node::shape::mapping) {
    if (others().empty())
      report(at(), name_ + " needs one of " + joined(fields));
    else
      needed_ = joined(fields);
  }
  return result;
}

bool yaml_section::text(std::string_view field, located& into) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  auto value = text_of(reader_, *node, called(field));
  if (node->shape == yaml_node::shape::scalar && value.text.empty())
    report(node->at, called(field) + " must not be empty");
  if (value.text.empty())
    return false;
  into = std::move(value);
  return true;
}

bool yaml_section::text(std::string_view field, std::string& into) {
  located value;
  if (!text(field, value))
    return false;
  into = std::move(value.text);
  return true;
}

bool yaml_section::texts(std::string_view field, std::vector<located>& into) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  for (const auto* item : items_of(*node)) {
    if (item->unresolved)
      continue;
    auto value = text_of(reader_, *item, "an item of " + called(field));
    if (item->shape == yaml_node::shape::scalar && value.text.empty())
      report(item->at, "an item of " + called(field) + " must not be empty");
    if (!value.text.empty())
      into.push_back(std::move(value));
  }
  return true;
}

bool yaml_section::flag(std::string_view field, bool& into) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  if (node->quoted || (node->text != "true" && node->text != "false")) {
    report(node->at, called(field) + " must be true or false, found " + node->description());
    return false;
  }
  into = node->text == "true";
  return true;
}

bool yaml_section::number(std::string_view field, double& into, double least) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  auto value = number_of<double>(*node);
  if (!value || !std::isfinite(*value) || *value < least) {
    auto range = least > std::numeric_limits<double>::lowest() ? " of at least " + shown_number(least) : std::string{};
    report(node->at, called(field) + " must be a number" + range + ", found " + node->description());
    return false;
  }
  into = *value;
  return true;
}

bool yaml_section::duration(std::string_view field, milliseconds& into, milliseconds least, milliseconds most) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  auto value = node->shape == yaml_node::shape::scalar ? parse_duration(node->text) : std::nullopt;
  if (!value || *value < least || *value > most) {
    auto range = least.count() > 0 ? " of at least " + std::to_string(least.count()) + "ms" : std::string{};
    if (most != milliseconds::max())
      range += (range.empty() ? " of at most " : " and at most ") + std::to_string(most.count()) + "ms";
    report(node->at, called(field) + " must be a duration" + range + " such as 100ms, 5s, 5m or 1h, found "
                         + node->description());
    return false;
  }
  into = *value;
  return true;
}

bool yaml_section::size(std::string_view field, std::uint64_t& into, std::uint64_t least) {
  const auto* node = find(field);
  if (node == nullptr)
    return false;
  auto value = node->shape == yaml_node::shape::scalar ? parse_size(node->text) : std::nullopt;
  if (!value || *value < least) {
    constexpr std::uint64_t small_size = 64u << 10;
    const auto bound = least > 0 ? " of at least " + size_text(least) : std::string{};
    report(node->at, called(field) + " must be a size" + bound + " such as " + (least > small_size ? "" : "64KiB, ")
                         + "256MiB or 1GB, found " + node->description());
    return false;
  }
  into = *value;
  return true;
}

std::optional<std::int64_t> yaml_section::integer_between(std::string_view field, std::int64_t least,
                                                          std::int64_t most) {
  const auto* node = find(field);
  if (node == nullptr)
    return std::nullopt;
  auto value = number_of<std::int64_t>(*node);
  if (!value || *value < least || *value > most) {
    report(node->at, called(field) + " must be a whole number from " + std::to_string(least) + " to "
                         + std::to_string(most) + ", found " + node->description());
    return std::nullopt;
  }
  return value;
}

} // namespace weir::config
