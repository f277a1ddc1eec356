#include "models/kinds/training_option.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace weir::models::detail {

namespace {

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, into);
  return at == end && problem == std::errc{};
}

} // namespace

bool read_value(std::string_view text, std::uint64_t& into) {
  return read_number(text, into);
}

bool read_value(std::string_view text, double& into) {
  return read_number(text, into);
}

std::string text_of(std::uint64_t value) {
  return std::to_string(value);
}

std::string text_of(double value) {
  std::array<char, core::number_text_size> text;
  return {text.data(), core::write_double(value, text.data())};
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
