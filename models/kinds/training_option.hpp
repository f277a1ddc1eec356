#pragma once

#include "core/base/member_of.hpp"
#include "core/base/read_number.hpp"
#include "core/base/result.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace weir::models {

/// Options of a trainer by their names, as they were written.
using option_texts = std::map<std::string, std::string, std::less<>>;

/// An option of a trainer, without the type of its settings: what `weir train`, `weir list` and the docs loop over.
struct training_option {
  std::string_view name; ///< as scikit-learn has it: `n_estimators`
  std::string_view help; ///< lower case, no full stop
  std::string_view type; ///< `number`, `whole number`
  std::string (*usual)();
  /// False when the text is no value of that type. @param settings null: it is only checked
  bool (*read)(std::string_view text, void* settings);
};

namespace detail {

std::string text_of(std::uint64_t value);
std::string text_of(double value);

core::result<void> read_options(const option_texts& given, std::span<const training_option> known, void* into);

} // namespace detail

/// Declares an option once: its place in the settings gives the type, the settings' initialiser the default.
template <auto Member>
constexpr training_option option(std::string_view name, std::string_view help) {
  using settings = typename core::member_of<decltype(Member)>::settings;
  using value = typename core::member_of<decltype(Member)>::value;
  return {.name = name,
          .help = help,
          .type = std::integral<value> ? "whole number" : "number",
          .usual = [] { return detail::text_of(settings{}.*Member); },
          .read =
              [](std::string_view text, void* into) {
                const auto read = core::read_number<value>(text);
                if (read && into != nullptr)
                  static_cast<settings*>(into)->*Member = *read;
                return read.has_value();
              }};
}

} // namespace weir::models
