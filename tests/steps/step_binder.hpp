#pragma once

#include "config/binding.hpp"
#include "config/kind.hpp"
#include "config/yaml_document.hpp"
#include "steps/kinds.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::steps::test {

/// Reads and binds steps as they stand in a pipeline file, `s.yaml`.
class step_binder {
public:
  /// @param keyed where windows and detectors can be seen
  explicit step_binder(core::keyed_plan& keyed) : keyed_{keyed} {}

  core::column_id source_column(const std::string& name, core::column_type type) {
    return walk.columns().add({.name = name, .type = type, .from_source = true});
  }

  /// Adds the step that `yaml` says.
  void add(const config::step_family& family, const std::string& yaml) {
    const auto problems = errors(family, yaml);
    EXPECT_EQ(problems, "") << yaml;
  }

  /// What is wrong with it, a line each; empty when it was added.
  std::string errors(const config::step_family& family, const std::string& yaml) {
    config::yaml_reader reader{"s.yaml"};
    const config::yaml_document document{yaml, "s.yaml", nothing, reader.diagnostics()};
    if (document.root() != nullptr)
      if (const auto step = config::read_step(reader, *document.root(), family)) {
        shown = step->show();
        walk.bind(*step);
        if (const auto* made = walk.last_keyed())
          keyed_ = *made;
      }
    std::string text;
    for (auto* problems : {&reader.diagnostics(), &walk.problems()}) {
      for (const auto& problem : *problems)
        text += problem.text() + "\n";
      problems->clear();
    }
    return text;
  }

  const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                    [](const std::string&) { return std::nullopt; }};
  config::binding walk{"s.yaml", false};
  config::value::mapping shown; ///< the last step's fields

private:
  core::keyed_plan& keyed_;
};

} // namespace weir::steps::test
