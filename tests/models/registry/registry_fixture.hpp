#pragma once

#include "models/model.hpp"
#include "models/onnx/metadata.hpp"
#include "models/registry/model_reference.hpp"
#include "models/registry/registered_model.hpp"
#include "tests/models/model_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <stdlib.h>

namespace weir::models {

/// A registry in a folder of the test's own, with the model `risk`.
class registry_fixture : public model_fixture {
protected:
  registry_fixture() {
    auto name = (std::filesystem::temp_directory_path() / "weir-registry-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    registry_ = name;
    risk_ = registry_ + "/risk";
  }
  ~registry_fixture() override {
    std::error_code ignored;
    std::filesystem::remove_all(registry_, ignored);
  }

  /// A small model; each number makes another file.
  static std::string model_bytes(int number) {
    static const auto file = forest_file({"a", "b", "c", "d"});
    return with_metadata(file, "number", std::to_string(number));
  }

  static change_reason why(std::string note = {}) { return {"ann", "host-1", std::move(note)}; }

  registered_model risk(step_hook hook = {}) const { return *registered_model::open_or_new(risk_, std::move(hook)); }

  /// Versions 1 to `count`.
  registered_model risk_with(int count) const {
    auto model = risk();
    for (int i = 1; i <= count; ++i)
      EXPECT_EQ(model.add(model_bytes(i), why())->number, static_cast<std::uint64_t>(i));
    return model;
  }

  static std::uint64_t version_of(const registered_model& model, const std::string& alias) {
    const auto aliases = *model.aliases();
    const auto at = aliases.find(alias);
    return at == aliases.end() ? 0 : at->second;
  }

  static std::vector<std::uint64_t> numbers_of(const registered_model& model) {
    std::vector<std::uint64_t> made;
    const auto versions = *model.versions();
    for (const auto& version : versions)
      made.push_back(version.number);
    return made;
  }

  /// `promoted champion 1>2`, `added 3`, ...
  static std::vector<std::string> log_of(const registered_model& model) {
    std::vector<std::string> made;
    const auto log = *model.log();
    for (const auto& entry : log) {
      made.emplace_back(name_of(entry.action));
      made.back() += entry.alias.empty()
                         ? " " + std::to_string(entry.version)
                         : " " + entry.alias + " " + std::to_string(entry.from) + ">" + std::to_string(entry.to);
    }
    return made;
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{risk_ + "/" + name, std::ios::binary} << text;
  }

  std::string read(const std::string& name) const {
    std::ifstream in{risk_ + "/" + name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::string registry_;
  std::string risk_; ///< the model's folder
};

} // namespace weir::models
