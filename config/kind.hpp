#pragma once

#include "config/field.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

class binding;
struct step_kind;

/// What a step is called.
struct step_name {
  std::string called;       ///< in messages: `detector`, `encode step`
  std::string_view section; ///< of the file, where kinds of its family stand: `detect`
};

/// One step of a pipeline file.
class step {
public:
  step(const step_kind& of, step_name name, position place) noexcept : kind_{&of}, name_{std::move(name)}, at_{place} {}
  virtual ~step() = default;
  step(const step&) = delete;
  step& operator=(const step&) = delete;

  /// Checks the step against the columns that the steps before have made, and adds what lanes run. What is wrong is
  /// reported to `into`, at its place.
  virtual void bind(binding& into) const = 0;

  /// Its fields as they are, defaults included.
  virtual value::mapping show() const = 0;

  /// The columns that it reads and makes, as far as its fields name them; an expression's are not among them.
  std::vector<column_name> used_columns() const { return columns().first; }
  std::vector<new_column> made_columns() const { return columns().second; }

  /// The same step, which makes all columns that its kind can make: one that it does not name is called after the field
  /// that would, `PREFIX.FIELD`. @param added their names
  virtual std::shared_ptr<const step> with_all_columns(const std::string& prefix,
                                                       std::vector<located>& added) const = 0;

  /// The text that a field holds; empty: it holds none, or there is no such field.
  std::string text_of(std::string_view field) const;

  const step_name& name() const noexcept { return name_; }
  std::string_view section() const noexcept { return name_.section; }

  const step_kind& kind() const noexcept { return *kind_; }
  position at() const noexcept { return at_; }

private:
  virtual std::pair<std::vector<column_name>, std::vector<new_column>> columns() const = 0;

  const step_kind* kind_;
  step_name name_;
  position at_;
};

using step_ptr = std::shared_ptr<const step>;

/// A kind of step. In a file it is the mapping that has a field of its name.
struct step_kind : kind_info {
  step_ptr (*read)(const step_kind& self, step_name name, yaml_section& from);
};

/// Kinds of step that stand in one section of the file.
struct step_family {
  std::string_view section; ///< `detect`
  std::string_view noun;    ///< what messages call one of it: `detector`
  std::string_view help;    ///< one line
  std::span<const step_kind* const> kinds;
};

/// The step that `item` is; what is wrong is reported. Null when it cannot be told of which kind it is.
/// @param families of which it may be: one, or, in a list of steps, all
step_ptr read_step(yaml_reader& reader, const yaml_node& item, std::span<const step_family* const> families);

inline step_ptr read_step(yaml_reader& reader, const yaml_node& item, const step_family& family) {
  const auto* only = &family;
  return read_step(reader, item, std::span{&only, 1});
}

namespace detail {

template <class Settings, const auto& Fields, auto Bind>
class step_of final : public step {
public:
  step_of(const step_kind& of, step_name name, position place, Settings settings) :
      step{of, std::move(name), place}, settings_{std::move(settings)} {}

  void bind(binding& into) const override { Bind(settings_, into); }
  value::mapping show() const override { return show_fields(Fields, &settings_); }

  std::shared_ptr<const step> with_all_columns(const std::string& prefix, std::vector<located>& added) const override {
    auto settings = settings_;
    for (const field_info& field : Fields)
      if (auto* name = field.made(&settings); name != nullptr && name->text.empty()) {
        *name = new_column{{prefix + '.' + std::string{field.name}, at()}};
        added.push_back(*name);
      }
    return std::make_shared<step_of>(kind(), name(), at(), std::move(settings));
  }

private:
  std::pair<std::vector<column_name>, std::vector<new_column>> columns() const override {
    std::pair<std::vector<column_name>, std::vector<new_column>> all;
    for (const field_info& field : Fields)
      field.collect(&settings_, all.first, all.second);
    return all;
  }

  Settings settings_;
};

template <class Settings>
constexpr void complete_nothing(Settings&, yaml_section&) {}

} // namespace detail

/// A kind from its settings, its fields and what binds it.
/// @tparam Complete reports what is wrong with fields taken together, and fills in the defaults that depend on others;
/// it may ask `from` for places
template <class Settings, const auto& Fields, auto Bind, auto Complete = detail::complete_nothing<Settings>>
constexpr step_kind make_kind(std::string_view name, std::string_view help, std::string_view example) {
  return {{name, help, example, Fields, defaults_of<Settings, Fields>},
          [](const step_kind& self, step_name called, yaml_section& from) -> step_ptr {
            Settings settings;
            read_fields(from, Fields, &settings);
            Complete(settings, from);
            return std::make_shared<detail::step_of<Settings, Fields, Bind>>(self, std::move(called), from.at(),
                                                                             std::move(settings));
          }};
}

} // namespace weir::config
