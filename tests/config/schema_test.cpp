#include "config/yaml_document.hpp"
#include "config_fixture.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

const yaml_node* member_of(const yaml_node* node, std::string_view name) {
  for (const auto& member : node->members)
    if (member.key->text == name)
      return member.value;
  return nullptr;
}

class schema_test : public test::config_fixture {};

TEST_F(schema_test, has_the_fields_that_the_parser_knows_and_no_others) {
  std::ifstream in{std::string{WEIR_SOURCE_DIR} + "/config/schema/pipeline.schema.json"};
  std::stringstream text;
  text << in.rdbuf();
  std::vector<diagnostic> problems;
  yaml_document document{text.str(), "schema", {}, problems}; // every JSON text is YAML
  ASSERT_NE(document.root(), nullptr);
  const auto* definitions = member_of(document.root(), "definitions");
  ASSERT_NE(definitions, nullptr);
  for (const auto& [section, fields] : known_fields()) {
    const auto* definition = member_of(definitions, section);
    ASSERT_NE(definition, nullptr) << section;
    std::set<std::string> declared;
    for (const auto& property : member_of(definition, "properties")->members)
      declared.insert(property.key->text);
    EXPECT_EQ(declared, fields) << section;
  }
}

TEST_F(schema_test, belongs_to_a_parser_that_takes_all_examples) {
  for (const auto* name : {"BROKERS", "IN", "OUT", "DEAD", "MODEL", "DATA", "NAME"})
    variables.emplace(name, name);
  std::size_t seen = 0;
  for (const auto* folder : {"/tests/data/pipelines", "/examples"}) {
    const std::filesystem::path path{WEIR_SOURCE_DIR + std::string{folder}};
    if (!std::filesystem::exists(path))
      continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{path}) {
      auto name = entry.path().filename().string();
      if (!name.starts_with("pipeline") && folder != std::string_view{"/tests/data/pipelines"})
        continue;
      if (entry.path().extension() != ".yaml")
        continue;
      auto parsed = parse_pipeline(entry.path(), from());
      ++seen;
      for (const auto& d : parsed ? std::vector<diagnostic>{} : parsed.error())
        ADD_FAILURE() << d.text();
    }
  }
  EXPECT_GE(seen, 1u);
}

} // namespace
} // namespace weir::config
