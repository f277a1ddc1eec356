#include "models/kinds/training_option.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/number_text.hpp"
#include "core/base/read_number.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace weir::models::detail {

std::string text_of(std::uint64_t value) {
  return std::to_string(value);
}

std::string text_of(double value) {
  std::array<char, core::number_text_size> text;
  return {text.data(), core::write_double(value, text.data())};
}

std::string text_of(bool value) {
  return value ? "true" : "false";
}

std::string text_of(const std::string& value) {
  return value;
}

std::string text_of(const std::vector<int>& value) {
  std::string text;
  for (const auto one : value)
    text += (text.empty() ? "" : ",") + std::to_string(one);
  return text;
}

bool read_option(std::string_view text, std::uint64_t& into) {
  const auto read = core::read_number<std::uint64_t>(text);
  into = read.value_or(0);
  return read.has_value();
}

bool read_option(std::string_view text, double& into) {
  const auto read = core::read_number<double>(text);
  into = read.value_or(0);
  return read.has_value();
}

bool read_option(std::string_view text, bool& into) {
  into = text == "true";
  return into || text == "false";
}

bool read_option(std::string_view text, std::string& into) {
  into = text;
  return true;
}

bool read_option(std::string_view text, std::vector<int>& into) {
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto read = core::read_number<int>(text.substr(0, end));
    if (!read)
      return false;
    into.push_back(*read);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

core::result<void> read_options(const option_texts& given, std::span<const training_option> known, void* into) {
  for (const auto& [name, text] : given) {
    const auto option = std::find_if(known.begin(), known.end(), [&](const auto& o) { return o.name == name; });
    if (option == known.end()) {
      std::vector<std::string_view> names;
      for (const auto& other : known)
        names.push_back(other.name);
      return core::fail("the kind of model has no option '" + name + "'", {}, core::did_you_mean(name, names));
    }
    if (!option->read(text, into))
      return core::fail(name + " must be a " + std::string{option->type} + ", not '" + text + "'");
  }
  return {};
}

} // namespace weir::models::detail
