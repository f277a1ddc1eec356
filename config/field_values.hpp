#pragma once

#include "config/value.hpp"
#include "config/value_types.hpp"
#include "config/yaml_reader.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How a value of each type is read, shown and named: one overload for each. A type of a part's own (an enumeration, a
// section) says so beside its definition: `words_for`, `fields_for`.

namespace weir::config {

struct field_info;

/// What a field holds, for the schema and the docs.
enum class value_type : std::uint8_t {
  text,
  texts,
  column,
  columns,
  made_column,
  expression,
  made_columns,  ///< a new column, or a list
  labelled,      ///< a mapping of texts to new columns
  expressions,   ///< a mapping of new columns to expressions
  category_list, ///< a column with its categories, and the new column
  path,
  flag,
  number,
  integer,
  duration,
  size,
  choice,
  properties, ///< a mapping of texts
  section,    ///< a mapping with fields of its own
};

/// What a value must be beyond its type.
struct limits {
  bool required = false;
  double least = std::numeric_limits<double>::lowest(); ///< bytes of a size, milliseconds of a duration
  double most = std::numeric_limits<double>::max();
  bool above_least = false; ///< `least` itself is too little

  /// Both.
  constexpr limits operator|(const limits& more) const {
    return {.required = required || more.required,
            .least = least < more.least ? more.least : least,
            .most = most < more.most ? most : more.most,
            .above_least = above_least || more.above_least};
  }
};
inline constexpr limits required{.required = true};
constexpr limits at_least(double least) {
  return {.least = least};
}
constexpr limits above(double bound) {
  return {.least = bound, .above_least = true};
}
constexpr limits between(double least, double most) {
  return {.least = least, .most = most};
}

/// The words of an enumeration: `constexpr words<E> words_for(std::type_identity<E>)` beside it.
template <class E>
using words = std::span<const std::pair<std::string_view, E>>;

template <class E>
concept has_words = requires {
  words_for(std::type_identity<E>{});
};

/// What a section is called in messages, and its fields.
struct section_info {
  std::string_view name;
  std::span<const field_info> fields;
};

/// A section in a section: `section_info fields_for(std::type_identity<T>)` beside it.
template <class T>
concept has_fields = requires {
  fields_for(std::type_identity<T>{});
};

template <class V>
constexpr value_type type_of() {
  if constexpr (std::is_same_v<V, column_name>)
    return value_type::column;
  else if constexpr (std::is_same_v<V, std::vector<column_name>>)
    return value_type::columns;
  else if constexpr (std::is_same_v<V, new_column>)
    return value_type::made_column;
  else if constexpr (std::is_same_v<V, std::vector<new_column>>)
    return value_type::made_columns;
  else if constexpr (std::is_same_v<V, labelled_columns>)
    return value_type::labelled;
  else if constexpr (std::is_same_v<V, expression_text>)
    return value_type::expression;
  else if constexpr (std::is_same_v<V, named_expressions>)
    return value_type::expressions;
  else if constexpr (std::is_same_v<V, categories>)
    return value_type::category_list;
  else if constexpr (std::is_same_v<V, file_path>)
    return value_type::path;
  else if constexpr (std::is_same_v<V, bool>)
    return value_type::flag;
  else if constexpr (std::is_floating_point_v<V>)
    return value_type::number;
  else if constexpr (std::is_integral_v<V>)
    return value_type::integer;
  else if constexpr (std::is_same_v<V, milliseconds>)
    return value_type::duration;
  else if constexpr (std::is_same_v<V, byte_size>)
    return value_type::size;
  else if constexpr (has_words<V>)
    return value_type::choice;
  else if constexpr (has_fields<V>)
    return value_type::section;
  else if constexpr (std::is_same_v<V, std::map<std::string, std::string>>)
    return value_type::properties;
  else if constexpr (std::is_same_v<V, addresses>)
    return value_type::texts;
  else if constexpr (std::is_same_v<V, topic_name>)
    return value_type::text;
  else if constexpr (std::is_same_v<V, std::vector<located>> || std::is_same_v<V, std::vector<std::string>>)
    return value_type::texts;
  else {
    static_assert(std::is_same_v<V, std::string> || std::is_same_v<V, located>, "no field can hold this");
    return value_type::text;
  }
}

// --- reading: true when there was a good value; a wrong one is reported and leaves `into` as it is ---

bool read_value(yaml_section& from, std::string_view name, const limits&, std::string& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, located& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, topic_name& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, addresses& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<located>& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<column_name>& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<new_column>& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, labelled_columns& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<std::string>& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, named_expressions& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, categories& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, bool& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, double& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, milliseconds& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, byte_size& into);
bool read_value(yaml_section& from, std::string_view name, const limits&, std::map<std::string, std::string>& into);

/// A whole number between bounds.
std::optional<std::int64_t> read_integer(yaml_section& from, std::string_view name, const limits& bounds,
                                         std::int64_t least, std::int64_t most);

/// A mapping with these fields.
bool read_section(yaml_section& from, std::string_view name, const section_info& section, void* settings);

template <std::integral T>
bool read_value(yaml_section& from, std::string_view name, const limits& bounds, T& into) {
  constexpr auto most = std::numeric_limits<T>::max() < std::numeric_limits<std::int64_t>::max()
                            ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
                            : std::numeric_limits<std::int64_t>::max();
  const auto found = read_integer(from, name, bounds, static_cast<std::int64_t>(std::numeric_limits<T>::min()), most);
  if (found)
    into = static_cast<T>(*found);
  return found.has_value();
}

template <has_words E>
bool read_value(yaml_section& from, std::string_view name, const limits&, E& into) {
  return from.choice(name, into, words_for(std::type_identity<E>{}));
}

template <has_fields T>
bool read_value(yaml_section& from, std::string_view name, const limits&, T& into) {
  return read_section(from, name, fields_for(std::type_identity<T>{}), &into);
}

// --- showing ---

value show_value(const std::string& of);
value show_value(const located& of);
value show_value(const topic_name& of); ///< in full: alerts and dead letters name it too
value show_value(const addresses& of);
value show_value(const std::vector<located>& of);
value show_value(const std::vector<column_name>& of);
value show_value(const std::vector<new_column>& of); ///< one by itself
value show_value(const labelled_columns& of);
value show_value(const std::vector<std::string>& of);
value show_value(const named_expressions& of);
value show_value(const categories& of);
value show_value(bool of);
value show_value(double of);
value show_value(milliseconds of);
value show_value(byte_size of);
value show_value(
    const std::map<std::string, std::string>& of); ///< of librdkafka: the names alone, a value may be secret
value show_section(std::span<const field_info> fields, const void* settings);

template <std::integral T>
value show_value(T of) {
  return {static_cast<std::int64_t>(of)};
}

template <has_words E>
value show_value(const E& of) {
  for (const auto& [word, meaning] : words_for(std::type_identity<E>{}))
    if (meaning == of)
      return {std::string{word}};
  return {};
}

template <has_fields T>
value show_value(const T& of) {
  return show_section(fields_for(std::type_identity<T>{}).fields, &of);
}

// --- which columns it names ---

template <class V>
void collect_columns(const V& of, std::vector<column_name>& used, std::vector<new_column>& made) {
  if constexpr (std::is_same_v<V, column_name>)
    used.push_back(of);
  else if constexpr (std::is_same_v<V, std::vector<column_name>>)
    used.insert(used.end(), of.begin(), of.end());
  else if constexpr (std::is_same_v<V, new_column>)
    made.push_back(of);
  else if constexpr (std::is_same_v<V, std::vector<new_column>>)
    made.insert(made.end(), of.begin(), of.end());
  else if constexpr (std::is_same_v<V, labelled_columns>)
    for (const auto& one : of)
      made.push_back(one.name);
  else if constexpr (std::is_same_v<V, named_expressions>)
    for (const auto& one : of)
      made.push_back(one.name);
  else if constexpr (std::is_same_v<V, categories>) {
    used.push_back(of.of);
    made.push_back(of.as);
  }
}

// --- what a choice and a section consist of ---

template <class V>
std::vector<std::string_view> words_of() {
  std::vector<std::string_view> result;
  if constexpr (has_words<V>)
    for (const auto& word : words_for(std::type_identity<V>{}))
      result.push_back(word.first);
  return result;
}

template <class V>
std::span<const field_info> members_of() {
  if constexpr (has_fields<V>)
    return fields_for(std::type_identity<V>{}).fields;
  else
    return {};
}

} // namespace weir::config
