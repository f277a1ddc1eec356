#include "pipeline_fixture.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

class schema_test : public test::pipeline_fixture {};

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
      auto parsed = parse_pipeline(entry.path(), io::catalogue(), from());
      ++seen;
      for (const auto& d : parsed ? std::vector<diagnostic>{} : parsed.error())
        ADD_FAILURE() << d.text();
    }
  }
  EXPECT_GE(seen, 1u);
}

} // namespace
} // namespace weir::config
