#include "tests/models/model_fixture.hpp"

#include "models/onnx_reader.hpp"
#include "models/onnx_writer.hpp"

#include <cmath>
#include <random>

namespace weir::models {
namespace {

class model_test : public model_fixture {
protected:
  struct predictions {
    std::vector<double> values;
    std::vector<double> probabilities;
  };

  static predictions predict(const model& m, const std::vector<std::vector<std::string>>& rows) {
    predictions made{std::vector<double>(rows.size()), std::vector<double>(rows.size())};
    const auto columns = columns_of(rows, m.inputs());
    m.predict(columns.data(), rows.size(), rows.size(), made.values.data(),
              m.is_classifier() ? made.probabilities.data() : nullptr);
    return made;
  }

  static void expect_as_the_oracle_says(const std::string& name) {
    SCOPED_TRACE(name);
    const auto m = load(name + ".onnx");
    const auto rows = table(name + ".csv");
    ASSERT_GT(rows.size(), 64u);
    const auto made = predict(*m, rows);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto& expected = rows[r][m->inputs()];
      if (!m->is_classifier()) {
        EXPECT_NEAR(made.values[r], std::stod(expected), 1e-5 * std::abs(std::stod(expected))) << "row " << r;
        continue;
      }
      EXPECT_EQ(label(*m, made.values[r]), expected) << "row " << r;
      EXPECT_NEAR(made.probabilities[r], std::stod(rows[r][m->inputs() + 1]), 1e-5) << "row " << r;
    }
  }

  static std::string label(const model& m, double chosen) {
    const auto at = static_cast<std::size_t>(chosen);
    if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&m.labels()))
      return std::to_string((*numbers)[at]);
    return std::get<std::vector<std::string>>(m.labels())[at];
  }
};

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_regressor) {
  expect_as_the_oracle_says("regressor");
  expect_as_the_oracle_says("deep_regressor");
  expect_as_the_oracle_says("boosted_regressor");
}

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_classifier_of_two_classes) {
  expect_as_the_oracle_says("binary");
  expect_as_the_oracle_says("boosted_binary");
}

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_classifier_of_several_classes) {
  expect_as_the_oracle_says("multiclass");
  expect_as_the_oracle_says("boosted_multiclass");
}

TEST_F(model_test, sends_a_missing_value_where_each_node_says) {
  expect_as_the_oracle_says("missing");
}

TEST_F(model_test, gives_a_row_the_same_prediction_however_many_come_with_it) {
  const auto m = load("deep_regressor.onnx");
  const auto rows = table("deep_regressor.csv");
  const auto together = predict(*m, rows);
  const auto columns = columns_of(rows, m->inputs());
  for (std::size_t count : {1u, 3u, 63u, 64u, 65u})
    for (std::size_t begin = 0; begin + count <= rows.size(); begin += count) {
      std::vector<double> values(count);
      m->predict(columns.data() + begin, rows.size(), count, values.data());
      for (std::size_t r = 0; r < count; ++r)
        ASSERT_EQ(values[r], together.values[begin + r]);
    }
}

TEST_F(model_test, knows_its_version_by_its_name_and_by_what_is_in_the_file) {
  EXPECT_EQ(load("boosted_binary.onnx")->version(), "boosted_binary@f7bd7fdd");
  EXPECT_EQ((*model::load(path_of("boosted_binary.onnx"), "v3"))->version(), "v3@f7bd7fdd");
}

TEST_F(model_test, names_a_file_that_cannot_be_read) {
  const auto missing = model::load(path_of("no_such.onnx"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().where.find("no_such.onnx"), std::string::npos);
  EXPECT_NE(missing.error().what.find("No such file"), std::string::npos);
  EXPECT_FALSE(model::load(path_of("")));
}

TEST_F(model_test, reads_what_it_writes) {
  auto from = *read_onnx(bytes_of("regressor.onnx"));
  from.feature_names = {"Amount", "Ä \"quoted\" name", "", "d"};
  from.encoders = {{"d", {"mobile", "pos\n"}}, {"", {}}};
  from.base_values = {0.5};
  const auto again = read_onnx(write_onnx(from));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->feature_names, from.feature_names);
  EXPECT_EQ(again->base_values, from.base_values);
  ASSERT_EQ(again->encoders.size(), 2u);
  EXPECT_EQ(again->encoders[0].feature, "d");
  EXPECT_EQ(again->encoders[0].categories, from.encoders[0].categories);
  const auto rows = table("regressor.csv");
  EXPECT_EQ(predict(**model::make(*again, ""), rows).values, predict(**model::make(from, ""), rows).values);
}

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
    auto read = read_onnx(bytes);
    if (!read) {
      EXPECT_FALSE(read.error().what.empty());
      return false;
    }
    const auto made = model::make(*std::move(read), "");
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
            "operator 'MatMulXY' is not supported (export the trees alone, with one float input, and put what "
            "prepares the inputs into the pipeline)");
  EXPECT_NE(problem_of(altered("regressor.onnx", "TreeEnsembleRegressor", "TreeEnsembleRegressoX"))
                .find("'TreeEnsembleRegressoX'"),
            std::string::npos);
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
  auto from = *read_onnx(bytes_of("regressor.onnx"));
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
