#include "tests/models/model_fixture.hpp"

#include "models/onnx/writer.hpp"

#include <random>

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
    constexpr double untouched = -1234.5678;
    const auto read = read_onnx(bytes);
    if (!read) {
      EXPECT_FALSE(read.error().what.empty());
      return false;
    }
    const auto made = (*read)->make_model("");
    if (!made) {
      EXPECT_FALSE(made.error().what.empty());
      return false;
    }
    if ((*made)->inputs() > 1000)
      return false;
    std::vector<float> columns((*made)->inputs() * 3, 1.5f);
    std::vector<double> values(3, untouched), probabilities(3, untouched);
    (*made)->predict(columns.data(), 3, 3, values.data(), probabilities.data());
    for (const auto value : values)
      EXPECT_NE(value, untouched);
    return true;
  }
};

TEST_F(onnx_reader_test, names_an_operator_that_it_does_not_know) {
  EXPECT_EQ(problem_of(altered("boosted_multiclass.onnx", "Identity", "MatMulXY")),
            "operator 'MatMulXY' is not supported (`weir list operators` says which are; what prepares the inputs can "
            "be steps of the pipeline)");
  EXPECT_EQ(problem_of(altered("regressor.onnx", "TreeEnsembleRegressor", "TreeEnsembleRegressoX")),
            "operator 'TreeEnsembleRegressoX' is not supported (did you mean 'TreeEnsembleRegressor'? `weir list "
            "operators` says which are; what prepares the inputs can be steps of the pipeline)");
}

TEST_F(onnx_reader_test, names_a_mode_that_it_does_not_know) {
  EXPECT_NE(problem_of(altered("regressor.onnx", "BRANCH_LEQ", "BRANCH_GTE")).find("mode 'BRANCH_GTE'"),
            std::string::npos);
}

TEST_F(onnx_reader_test, names_an_attribute_that_it_does_not_know) {
  EXPECT_EQ(problem_of(altered("regressor.onnx", "post_transform", "post_transforX")),
            "unknown attribute 'post_transforX' of TreeEnsembleRegressor");
}

TEST_F(onnx_reader_test, refuses_a_node_that_leads_back) {
  auto from = trees_of(bytes_of("regressor.onnx"));
  auto& tree = from.ensemble.trees[3];
  const auto second = tree[0].left;
  ASSERT_FALSE(tree[second].is_leaf());
  tree[tree[second].left] = tree[second];
  tree[tree[second].left].left = second;
  EXPECT_NE(problem_of(write_onnx(from)).find("two parents"), std::string::npos);
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
