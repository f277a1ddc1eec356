#include "tests/models/model_fixture.hpp"

#include "models/onnx/tree_file.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace weir::models {
namespace {

class onnx_reader_test : public model_fixture {
protected:
  /// The file with `from` in place of `to`, which is as long.
  static std::string altered(const std::string& name, const std::string& from, const std::string& to) {
    auto bytes = bytes_of(name);
    EXPECT_EQ(from.size(), to.size());
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1))
      bytes.replace(at, to.size(), to);
    return bytes;
  }

  static std::string problem_of(const std::string& bytes) {
    const auto read = read_onnx(bytes);
    return read ? "" : read.error().text();
  }

  /// An error that says something, or a model that scores all rows. @returns whether it is one that scores
  static bool is_refused_or_scores(const std::string& bytes) {
    const auto read = read_onnx(bytes);
    if (!read) {
      EXPECT_FALSE(read.error().what.empty());
      return false;
    }
    const auto& m = **read;
    if (m.meaning().features.size() > 1000)
      return false;
    const std::vector<std::string> row(m.meaning().features.size(), "1");
    const auto scored = test::score(m, {row, row, row});
    for (const auto& column : scored.numbers)
      EXPECT_TRUE(column.empty() || column.size() == 3);
    return true;
  }
};

TEST_F(onnx_reader_test, names_an_operator_that_it_does_not_know) {
  EXPECT_EQ(problem_of(altered("boosted_multiclass.onnx", "Identity", "MatMulXY")),
            "operator 'MatMulXY' is not supported (did you mean 'MatMul'? `weir list operators` says which are; what "
            "prepares the inputs can "
            "be steps of the pipeline)");
  EXPECT_EQ(problem_of(altered("regressor.onnx", "TreeEnsembleRegressor", "TreeEnsembleRegressoX")),
            "operator 'TreeEnsembleRegressoX' is not supported (did you mean 'TreeEnsembleRegressor'? `weir list "
            "operators` says which are; what prepares the inputs can be steps of the pipeline)");
}

TEST_F(onnx_reader_test, names_a_mode_that_it_does_not_know) {
  EXPECT_NE(problem_of(altered("regressor.onnx", "BRANCH_LEQ", "BRANCH_ODD")).find("mode 'BRANCH_ODD'"),
            std::string::npos);
}

TEST_F(onnx_reader_test, names_an_attribute_that_it_does_not_know) {
  EXPECT_EQ(problem_of(altered("regressor.onnx", "post_transform", "post_transforX")),
            "node 'TreeEnsembleRegressor': unknown attribute 'post_transforX' of TreeEnsembleRegressor");
}

TEST_F(onnx_reader_test, refuses_a_node_that_leads_back) {
  tree_ensemble trees;
  trees.features = 1;
  trees.trees.emplace_back(5);
  auto& tree = trees.trees[0];
  tree[0].left = 1;
  tree[0].right = 2;
  tree[1].left = 3;
  tree[1].right = 1; // itself
  trees.add_leaf(std::array{1.0});
  training_data data;
  data.features.resize(1);
  EXPECT_NE(problem_of(write_trees({trees, {}}, data, {}, "NONE")).find("is a cycle"), std::string::npos);
}

TEST_F(onnx_reader_test, refuses_what_is_no_onnx_file) {
  EXPECT_EQ(problem_of("no model"), "this is no ONNX file");
  EXPECT_EQ(problem_of(""), "the graph is empty");
}

TEST_F(onnx_reader_test, survives_flipped_bits) {
  std::mt19937_64 random{1};
  int score = 0;
  for (const auto* name : {"boosted_binary.onnx", "boosted_multiclass.onnx", "boosted_regressor.onnx"}) {
    const auto good = bytes_of(name);
    for (int i = 0; i < 3000; ++i) {
      auto bytes = good;
      for (auto flips = 1 + random() % 4; flips > 0; --flips)
        bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
      score += is_refused_or_scores(bytes);
    }
  }
  EXPECT_GT(score, 100); // a bit of a leaf's value is one value for another
  EXPECT_LT(score, 8900);
}

TEST_F(onnx_reader_test, survives_flipped_bits_in_every_operator) {
  std::mt19937_64 random{2};
  for (const auto& entry : std::filesystem::directory_iterator{WEIR_SOURCE_DIR "/tests/data/onnx"}) {
    if (entry.path().extension() != ".onnx")
      continue;
    SCOPED_TRACE(entry.path());
    std::ifstream file{entry.path(), std::ios::binary};
    std::stringstream good;
    good << file.rdbuf();
    for (int i = 0; i < 40; ++i) {
      auto bytes = good.str();
      for (auto flips = 1 + random() % 4; flips > 0; --flips)
        bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
      is_refused_or_scores(bytes);
    }
  }
}

TEST_F(onnx_reader_test, survives_a_file_that_ends_early) {
  const auto good = bytes_of("boosted_binary.onnx");
  EXPECT_TRUE(is_refused_or_scores(good));
  std::size_t cuts = 0, score = 0;
  for (std::size_t size = 0; size < good.size(); size += 7, ++cuts)
    score += is_refused_or_scores(good.substr(0, size));
  EXPECT_LT(score, cuts / 10); // only what stands at the end can be done without
}

} // namespace
} // namespace weir::models
