#include "pipeline_fixture.hpp"

#include "config/show.hpp"
#include "config/yaml_text.hpp"

#include <filesystem>

namespace weir::config {
namespace {

class examples_test : public test::pipeline_fixture {
protected:
  examples_test() {
    for (const auto* name :
         {"BROKERS", "IN", "OUT", "DEAD", "MODEL", "DATA", "NAME", "CA", "SASL_USER", "SASL_PASSWORD"})
      variables.emplace(name, name);
  }

  /// The pipeline files of the tests and the examples.
  static std::vector<std::filesystem::path> files() {
    std::vector<std::filesystem::path> found;
    for (const auto* folder : {"/tests/data/pipelines", "/examples"})
      for (const auto& entry : std::filesystem::recursive_directory_iterator{WEIR_SOURCE_DIR + std::string{folder}}) {
        const auto name = entry.path().filename().string();
        const bool is_pipeline = name.starts_with("pipeline") || folder == std::string_view{"/tests/data/pipelines"};
        if (is_pipeline && entry.path().extension() == ".yaml")
          found.push_back(entry.path());
      }
    return found;
  }
};

TEST_F(examples_test, are_all_right) {
  EXPECT_GE(files().size(), 5u);
  for (const auto& file : files()) {
    const auto parsed = parse_pipeline(file, io::catalogue(), from());
    for (const auto& d : parsed ? std::vector<diagnostic>{} : parsed.error())
      ADD_FAILURE() << d.text();
  }
}

TEST_F(examples_test, are_the_same_with_every_default_written_out) {
  for (const auto& file : files()) {
    const auto parsed = parse_pipeline(file, io::catalogue(), from());
    ASSERT_TRUE(parsed) << file;
    const auto text = yaml_text(show(*parsed));
    EXPECT_EQ(yaml_text(show(good(text))), text) << file;
  }
}

} // namespace
} // namespace weir::config
