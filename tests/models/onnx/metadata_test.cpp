#include "models/onnx/metadata.hpp"

#include "tests/models/model_fixture.hpp"

#include <cstdio>
#include <filesystem>

#include <unistd.h>

namespace weir::models {
namespace {

class metadata_test : public model_fixture {
protected:
  std::string write(const std::string& bytes) {
    std::ofstream{path_, std::ios::binary} << bytes;
    return path_;
  }
  ~metadata_test() override { std::remove(path_.c_str()); }

  const std::string path_ =
      (std::filesystem::temp_directory_path() / ("weir-metadata-" + std::to_string(::getpid()))).string();
};

TEST_F(metadata_test, is_read_without_the_graph_as_with_it) {
  const auto bytes = with_metadata(forest_file({"a", "b", "c", "d"}), "card", "{\"kind\":\"x\"}");
  const auto alone = read_metadata(write(bytes));
  ASSERT_TRUE(alone) << alone.error().text();
  EXPECT_EQ(*alone, (*read_onnx(bytes))->meaning().metadata);
  EXPECT_EQ(alone->at("card"), "{\"kind\":\"x\"}");
}

TEST_F(metadata_test, of_what_is_no_onnx_file_is_an_error) {
  EXPECT_TRUE(read_metadata(path_of("no_such.onnx")).error().is_unreachable);
  for (const auto* text : {"a text that is no model", "text", "r\x02", ""})
    EXPECT_FALSE(read_metadata(write(text))) << text;
  const auto bytes = forest_file({"a", "b", "c", "d"});
  for (const auto left : {bytes.size() - 1, bytes.size() / 2})
    EXPECT_FALSE(read_metadata(write(bytes.substr(0, left)))) << left;
}

} // namespace
} // namespace weir::models
