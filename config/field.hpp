#pragma once

#include "config/field_values.hpp"
#include "core/base/member_of.hpp"

#include <array>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::config {

/// A field of a section or of a kind, without the type of its settings: what the reader, the schema, the docs, `weir
/// list` and `weir echo` loop over.
struct field_info {
  std::string_view name;
  std::string_view help; ///< lower case, no full stop
  value_type type;
  limits bounds;
  bool (*read)(yaml_section& from, const field_info& self, void* settings); ///< true: there was a good value
  value (*show)(const void* settings); ///< as it would stand in a file; nothing: it is not set
  void (*collect)(const void* settings, std::vector<column_name>& used, std::vector<new_column>& made);
  new_column* (*made)(void* settings);      ///< the column that it names; null: it names none, or several
  std::vector<std::string_view> (*words)(); ///< of a choice
  std::span<const field_info> (*members)(); ///< of a section in its place
};

namespace detail {

template <class V>
struct unwrapped {
  using type = V;
};
template <class V>
struct unwrapped<std::optional<V>> {
  using type = V;
};

/// `of.*first.*second...`
template <auto First, auto... Rest, class S>
constexpr auto& at_path(S& of) {
  if constexpr (sizeof...(Rest) == 0)
    return of.*First;
  else
    return at_path<Rest...>(of.*First);
}

template <auto First, auto...>
struct first_settings {
  using type = typename core::member_of<decltype(First)>::settings;
};

} // namespace detail

/// Declares a field once: its place in the settings (a path of pointers to members) gives the type, the settings'
/// initialiser the default.
template <auto... Path>
constexpr field_info field(std::string_view name, std::string_view help, limits bounds = {}) {
  using settings = typename detail::first_settings<Path...>::type;
  using stored = std::remove_reference_t<decltype(detail::at_path<Path...>(std::declval<settings&>()))>;
  using held = typename detail::unwrapped<stored>::type;
  return {.name = name,
          .help = help,
          .type = type_of<held>(),
          .bounds = bounds,
          .read =
              [](yaml_section& from, const field_info& self, void* into) {
                if (self.bounds.required && from.require(self.name) == nullptr)
                  return false;
                auto& place = detail::at_path<Path...>(*static_cast<settings*>(into));
                if constexpr (std::is_same_v<held, stored>)
                  return read_value(from, self.name, self.bounds, place);
                else {
                  held found{};
                  const bool is_good = read_value(from, self.name, self.bounds, found);
                  if (is_good)
                    place = std::move(found);
                  return is_good;
                }
              },
          .show =
              [](const void* of) {
                const auto& place = detail::at_path<Path...>(*static_cast<const settings*>(of));
                if constexpr (std::is_same_v<held, stored>)
                  return show_value(place);
                else
                  return place ? show_value(*place) : value{};
              },
          .collect =
              [](const void* of, std::vector<column_name>& used, std::vector<new_column>& made) {
                const auto& place = detail::at_path<Path...>(*static_cast<const settings*>(of));
                if constexpr (std::is_same_v<held, stored>)
                  collect_columns(place, used, made);
                else if (place)
                  collect_columns(*place, used, made);
              },
          .made = [](void* of) -> new_column* {
            if constexpr (std::is_same_v<stored, new_column>)
              return &detail::at_path<Path...>(*static_cast<settings*>(of));
            else
              return nullptr;
          },
          .words = words_of<held>,
          .members = members_of<held>};
}

/// Fields of several arrays as one: those that many kinds share stand in a place of their own.
template <std::size_t... Sizes>
constexpr auto join(const std::array<field_info, Sizes>&... parts) {
  std::array<field_info, (Sizes + ...)> all{};
  std::size_t at = 0;
  (
      [&] {
        for (const auto& part : parts)
          all[at++] = part;
      }(),
      ...);
  return all;
}

/// What can be said of a kind, of whatever it is one.
struct kind_info {
  std::string_view name;
  std::string_view help;    ///< one line, lower case, no full stop
  std::string_view example; ///< as it stands in a pipeline file; a test reads all of them
  std::span<const field_info> fields;
  value::mapping (*defaults)(); ///< of the fields, as far as they have one
};

/// Reads all fields of a mapping; what no field knows is reported when `from` ends.
void read_fields(yaml_section& from, std::span<const field_info> fields, void* settings);

/// All fields that are set, defaults included.
value::mapping show_fields(std::span<const field_info> fields, const void* settings);

/// What a kind's fields are where a file does not say.
template <class Settings, const auto& Fields>
value::mapping defaults_of() {
  const Settings settings;
  return show_fields(Fields, &settings);
}

} // namespace weir::config
