#pragma once

#include "config/value_types.hpp"
#include "config/yaml_document.hpp"

#include <concepts>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace weir::config {

/// What the sections of one file are read with: collects the diagnostics.
class yaml_reader {
public:
  explicit yaml_reader(std::string file_name) : file_name_{std::move(file_name)} {}

  void report(position at, std::string message) { diagnostics_.push_back({file_name_, at, std::move(message)}); }

  const std::string& file_name() const noexcept { return file_name_; }
  std::vector<diagnostic>& diagnostics() noexcept { return diagnostics_; }

private:
  std::string file_name_;
  std::vector<diagnostic> diagnostics_;
};

/// The words of an enumeration.
template <class E>
using choices = std::span<const std::pair<std::string_view, E>>;

/// The index of the word that a scalar holds; anything else is reported as `what`.
std::optional<std::size_t> word_of(yaml_reader& reader, const yaml_node& node, const std::string& what,
                                   const std::vector<std::string>& words);

template <class E>
bool choice_of(yaml_reader& reader, const yaml_node& node, const std::string& what, E& into,
               std::type_identity_t<choices<E>> words) {
  std::vector<std::string> names;
  for (const auto& word : words)
    names.emplace_back(word.first);
  auto index = word_of(reader, node, what, names);
  if (index)
    into = words[*index].second;
  return index.has_value();
}

/// A mapping of the file, read field by field. Each call below says that the field is known; a field that is known to
/// no call is reported when the section ends. Absent fields and those without a value leave `into` as it is; a wrong
/// value is reported and leaves it too. Each gives true when there was a good value.
class yaml_section {
public:
  /// @param name how messages call it: `kafka source`. A node that is no mapping is reported and reads as empty.
  yaml_section(yaml_reader& reader, const yaml_node& node, std::string name);
  ~yaml_section();
  yaml_section(const yaml_section&) = delete;
  yaml_section& operator=(const yaml_section&) = delete;

  /// The field's value; null when it is absent or empty.
  const yaml_node* find(std::string_view field);

  /// As find(), but reports an absent one.
  const yaml_node* require(std::string_view field);

  /// A text that is not empty.
  bool text(std::string_view field, std::string& into);
  bool text(std::string_view field, located& into);

  /// A list of texts that are not empty, or a single one.
  bool texts(std::string_view field, std::vector<located>& into);

  bool flag(std::string_view field, bool& into);
  bool number(std::string_view field, double& into, double least = std::numeric_limits<double>::lowest());
  bool duration(std::string_view field, milliseconds& into, milliseconds least = milliseconds{0},
                milliseconds most = milliseconds::max());
  bool size(std::string_view field, std::uint64_t& into, std::uint64_t least);

  template <std::integral T>
  bool integer(std::string_view field, T& into, std::int64_t least, std::int64_t most) {
    auto value = integer_between(field, least, most);
    if (value)
      into = static_cast<T>(*value);
    return value.has_value();
  }

  template <class E>
  bool choice(std::string_view field, E& into, std::type_identity_t<choices<E>> words) {
    const auto* node = find(field);
    if (node == nullptr) // `null` may be one of the words
      node = find_null(field);
    return node != nullptr && choice_of(reader_, *node, called(field), into, words);
  }

  /// Whichever of `fields` is there; none or several are reported, and give null.
  const yaml_node::member* one_of(const std::vector<std::string>& fields);

  /// Of the fields that no call knows: they are names that the user chose.
  std::vector<yaml_node::member> others() const;

  /// Says that the fields that no call knows are fine.
  void accept_others() noexcept { accepts_others_ = true; }

  void report(position at, std::string message) { reader_.report(at, std::move(message)); }
  position at() const noexcept { return node_.at; }
  const std::string& name() const noexcept { return name_; }

  /// What messages call a field of it: `'rate' in file source`.
  std::string called(std::string_view field) const { return "'" + std::string{field} + "' in " + name_; }
  yaml_reader& reader() noexcept { return reader_; }

private:
  bool has(std::string_view field) const;
  const yaml_node* find_null(std::string_view field) const;
  std::optional<std::int64_t> integer_between(std::string_view field, std::int64_t least, std::int64_t most);
  yaml_reader& reader_;
  const yaml_node& node_;
  std::string name_;
  std::set<std::string, std::less<>> known_;
  bool accepts_others_ = false;
  std::string needed_; ///< the fields that one_of() has not found
};

/// A scalar as a text with its place; any other node is reported as `what`, and reads as empty.
located text_of(yaml_reader& reader, const yaml_node& node, std::string_view what);

/// A number as a person writes it.
std::string shown_number(double value);

/// The items of a list, or the one scalar or mapping that stands in its place.
std::vector<const yaml_node*> items_of(const yaml_node& node);

} // namespace weir::config
