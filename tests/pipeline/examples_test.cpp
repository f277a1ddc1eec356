#include "pipeline_fixture.hpp"

#include "config/parse_training.hpp"
#include "config/show.hpp"
#include "config/yaml_text.hpp"

#include <filesystem>

namespace weir::config {
namespace {

class examples_test : public test::pipeline_fixture {
protected:
  examples_test() {
    for (const auto* name : {"BROKERS", "IN", "OUT", "DEAD", "MODEL", "DATA", "NAME", "CA", "SASL_USER",
                             "SASL_PASSWORD", "REGISTRY", "STREAMED"})
      variables.emplace(name, name);
  }

  /// The pipeline files of the tests and the examples.
  static std::vector<std::filesystem::path> files() { return files("pipeline"); }

  static std::vector<std::filesystem::path> files(std::string_view begin) {
    std::vector<std::filesystem::path> found;
    for (const auto* folder : {"/tests/data/pipelines", "/examples"})
      for (const auto& entry : std::filesystem::recursive_directory_iterator{WEIR_SOURCE_DIR + std::string{folder}}) {
        const auto name = entry.path().filename().string();
        const bool is_wanted =
            name.starts_with(begin) || (begin == "pipeline" && folder == std::string_view{"/tests/data/pipelines"});
        if (is_wanted && entry.path().extension() == ".yaml" && !name.ends_with(".test.yaml"))
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

TEST_F(examples_test, trainings_are_all_right) {
  EXPECT_GE(files("train").size(), 2u);
  for (const auto& file : files("train")) {
    const auto parsed = parse_training(file, io::catalogue(), from());
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
