#include "models/kinds/training_option.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/number_text.hpp"

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
