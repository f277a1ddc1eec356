#pragma once

#include "core/base/member_of.hpp"
#include "core/base/result.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace weir::models {

/// Options of a trainer by their names, as they were written.
using option_texts = std::map<std::string, std::string, std::less<>>;

/// An option of a trainer, without the type of its settings: what `weir train`, `weir list` and the docs loop over.
struct training_option {
  std::string_view name; ///< as scikit-learn has it: `n_estimators`
  std::string_view help; ///< lower case, no full stop
  std::string_view type; ///< `number`, `whole number`, `text`, ...
  std::string (*usual)();
  /// False when the text is no value of that type. @param settings null: it is only checked
  bool (*read)(std::string_view text, void* settings);
};

namespace detail {

std::string text_of(std::uint64_t value);
std::string text_of(double value);
std::string text_of(bool value);
std::string text_of(const std::string& value);
std::string text_of(const std::vector<int>& value);

bool read_option(std::string_view text, std::uint64_t& into);
bool read_option(std::string_view text, double& into);
bool read_option(std::string_view text, bool& into);
bool read_option(std::string_view text, std::string& into);
bool read_option(std::string_view text, std::vector<int>& into);

template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::integral<T>)
    return "whole number";
  else if constexpr (std::floating_point<T>)
    return "number";
  else if constexpr (std::is_same_v<T, std::string>)
    return "text";
  else
    return "list of whole numbers";
}

core::result<void> read_options(const option_texts& given, std::span<const training_option> known, void* into);

} // namespace detail

/// Declares an option once: its place in the settings gives the type, the settings' initialiser the default.
template <auto Member>
constexpr training_option option(std::string_view name, std::string_view help) {
  using settings = typename core::member_of<decltype(Member)>::settings;
  using value = typename core::member_of<decltype(Member)>::value;
  return {.name = name,
          .help = help,
          .type = detail::type_name<value>(),
          .usual = [] { return detail::text_of(settings{}.*Member); },
          .read =
              [](std::string_view text, void* into) {
                value read{};
                const auto good = detail::read_option(text, read);
                if (good && into != nullptr)
                  static_cast<settings*>(into)->*Member = std::move(read);
                return good;
              }};
}

/// Some options and one more.
template <std::size_t Count>
constexpr std::array<training_option, Count + 1> with_more(const std::array<training_option, Count>& some,
                                                           const training_option& more) {
  std::array<training_option, Count + 1> all;
  for (std::size_t i = 0; i < Count; ++i)
    all[i] = some[i];
  all[Count] = more;
  return all;
}

} // namespace weir::models
