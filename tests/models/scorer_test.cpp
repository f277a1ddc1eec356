#include "tests/models/model_fixture.hpp"

#include "models/scorer.hpp"

#include <cmath>
#include <numeric>
#include <utility>

namespace weir::models {
namespace {

using core::column_id;
using core::column_type;
using core::row_index;

/// Batches whose columns are the four features that the models of the fixture take.
class scorer_test : public model_fixture {
protected:
  scorer_test() {
    inputs.push_back(columns.add({"Amount", column_type::float64, true}));
    inputs.push_back(columns.add({"Age", column_type::int64, true}));
    inputs.push_back(columns.add({"Ratio", column_type::float64, true}));
    inputs.push_back(columns.add({"Flag", column_type::boolean, true}));
  }

  core::batch make_batch(const std::vector<std::vector<std::string>>& rows) {
    core::batch b;
    for (std::size_t f = 0; f < 4; ++f) {
      auto c = std::make_shared<core::column>();
      c->type = columns[inputs[f]].type;
      for (const auto& row : rows)
        if (c->type == column_type::float64)
          c->f64.push_back(std::stod(row[f]));
        else
          c->i64.push_back(std::stoll(row[f]));
      b.columns.push_back(c);
    }
    b.rows.resize(rows.size());
    std::iota(b.rows.begin(), b.rows.end(), row_index{0});
    return b;
  }

  static void set_null(core::batch& b, column_id id, row_index row) {
    auto with_null = std::make_shared<core::column>(b.at(id));
    with_null->null.resize(b.rows.size());
    with_null->null[row] = 1;
    b.columns[id] = with_null;
  }

  scorer_ptr make(const std::string& model_file, std::string probability = {}) {
    auto made =
        scorer::make(load(model_file), columns, inputs, {.as = {"risk"}, .probability = std::move(probability)});
    EXPECT_TRUE(made) << made.error().text();
    return *made;
  }

  std::string problem(const std::string& model_file, std::vector<column_id> of, std::string probability = {}) {
    const auto before = columns.size();
    const auto made =
        scorer::make(load(model_file), columns, std::move(of), {.as = {"risk"}, .probability = std::move(probability)});
    EXPECT_EQ(columns.size(), before);
    return made ? "" : made.error().text();
  }

  core::layout columns;
  std::vector<column_id> inputs;
};

TEST_F(scorer_test, adds_the_prediction_of_a_regressor_to_the_rows_that_are_alive) {
  const auto scorer = make("regressor.onnx");
  const auto risk = *columns.find("risk");
  EXPECT_EQ(columns[risk].type, column_type::float64);
  const auto rows = table("regressor.csv");
  auto b = make_batch(rows);
  std::erase_if(b.rows, [](row_index r) { return r % 3 == 1; });
  const auto alive = b.rows;
  scorer->run(b);
  EXPECT_EQ(b.rows, alive);
  EXPECT_EQ(b.at(risk).f64.size(), rows.size());
  for (const auto r : alive)
    EXPECT_NEAR(b.at(risk).f64[r], std::stod(rows[r][4]), 1e-5 * std::abs(std::stod(rows[r][4])));
}

TEST_F(scorer_test, an_input_at_the_place_of_another_feature_is_an_error_that_names_both_orders) {
  const auto model = *read_onnx(forest_file({"Amount", "Age", "Gender", "Flag"}));
  const auto problem_of = [&](const std::vector<std::string>& names) {
    std::vector<input_meaning> given;
    for (const auto& name : names)
      given.push_back({.name = name});
    const auto good = check_meaning(*model, given);
    return good ? "" : good.error().text();
  };
  EXPECT_EQ(problem_of({"Amount", "Age", "Gender", "Flag"}), "");
  EXPECT_EQ(problem_of({"Amount", "Age", "gender_code", "Flag"}), "") << "it was encoded or renamed";
  EXPECT_EQ(problem_of({"Age", "Amount", "gender_code", "Flag"}),
            "the inputs are in another order than the model's features: the inputs are [Age, Amount, gender_code, "
            "Flag], the features [Amount, Age, Gender, Flag] (order them as the features are, or say "
            "'inputs_as_given: true')");
  EXPECT_NE(problem_of({"other", "Amount", "gender_code", "Flag"}), "") << "one that is displaced is enough";

  const auto of_no_names = load("regressor.onnx");
  EXPECT_TRUE(check_meaning(*of_no_names, {{.name = "b"}, {.name = "a"}, {.name = "d"}, {.name = "c"}}));
}

TEST_F(scorer_test, an_input_has_the_codes_that_the_model_learned) {
  const auto model = load("named_codes.onnx");
  const auto problem_of = [&](const input_meaning& gender, const input_meaning& flag = {.name = "Flag"}) {
    const auto good = check_meaning(*model, {{.name = "Amount"}, {.name = "Age"}, gender, flag});
    return good ? "" : good.error().text();
  };
  EXPECT_EQ(problem_of({"code", "Gender", {"F", "M", "X"}}), "");
  EXPECT_EQ(problem_of({.name = "code"}), "") << "nobody knows how it was encoded";
  EXPECT_EQ(
      problem_of({"code", "Gender", {"M", "F", "X"}}),
      "code 0 of input 'code' is not 'F', as the model learned it (take the categories that 'weir train' printed, "
      "in their order, or say 'inputs_as_given: true')");
  EXPECT_TRUE(problem_of({"code", "Gender", {"F", "M"}}).starts_with("code 2 of input 'code' is not 'X'"));
  EXPECT_TRUE(problem_of({"code", "Gender", {"F", "M", "X", "Z"}})
                  .starts_with("input 'code' has codes that the model did not learn, from 3 on"));
  EXPECT_TRUE(
      problem_of({.name = "Flag"}, {"code", "Gender", {"F", "M", "X"}}).starts_with("the inputs are in another order"));
}

TEST_F(scorer_test, scores_batches_of_many_blocks) {
  const auto scorer = make("regressor.onnx");
  const auto rows = table("regressor.csv");
  std::vector<std::vector<std::string>> many;
  while (many.size() < 3000)
    many.insert(many.end(), rows.begin(), rows.end());
  auto b = make_batch(many);
  scorer->run(b);
  for (const auto r : b.rows)
    ASSERT_NEAR(b.columns.back()->f64[r], std::stod(many[r][4]), 1e-4);
}

TEST_F(scorer_test, adds_the_label_of_a_classifier_as_the_type_that_it_has) {
  for (const auto* name : {"binary", "multiclass"}) {
    SCOPED_TRACE(name);
    const auto scorer = make(std::string{name} + ".onnx", "p");
    const auto risk = *columns.find("risk");
    const auto p = *columns.find("p");
    const auto rows = table(std::string{name} + ".csv");
    auto b = make_batch(rows);
    scorer->run(b);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (columns[risk].type == column_type::string)
        EXPECT_EQ(b.at(risk).text[r], rows[r][4]);
      else
        EXPECT_EQ(b.at(risk).i64[r], std::stoll(rows[r][4]));
      EXPECT_NEAR(b.at(p).f64[r], std::stod(rows[r][5]), 1e-5);
    }
  }
}

TEST_F(scorer_test, keeps_the_texts_of_labels_alive_when_it_has_gone) {
  const auto rows = table("multiclass.csv");
  auto b = make_batch(rows);
  make("multiclass.onnx")->run(b);
  EXPECT_EQ(b.columns.back()->text[0], rows[0][4]);
}

TEST_F(scorer_test, names_the_version_of_the_model_in_each_row) {
  auto b = make_batch(table("regressor.csv"));
  std::string version;
  {
    const auto model = load("regressor.onnx");
    version = model->version();
    ASSERT_TRUE(scorer::make(model, columns, inputs, {.as = {"risk"}, .version_as = "by"}).map([&](const auto& made) {
      made->run(b);
    }));
  }
  const auto& by = b.at(*columns.find("by"));
  EXPECT_EQ(by.type, column_type::string);
  for (const auto r : b.rows)
    EXPECT_EQ(by.text[r], version); // the batch keeps it alive
}

TEST_F(scorer_test, rejects_a_row_with_a_null_input_once) {
  const auto scorer = make("regressor.onnx");
  auto b = make_batch(table("regressor.csv"));
  const auto count = b.rows.size();
  set_null(b, inputs[1], 7);
  set_null(b, inputs[2], 7);
  set_null(b, inputs[2], 9);
  b.rows.erase(b.rows.begin() + 9);
  scorer->run(b);
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].row, 7u);
  EXPECT_EQ(b.rejected[0].stage, core::stage::infer);
  EXPECT_EQ(b.rejected[0].reason, "input 'Age' is null");
  EXPECT_EQ(b.rows.size(), count - 2);
}

TEST_F(scorer_test, scores_no_rows) {
  const auto scorer = make("binary.onnx", "p");
  auto empty = make_batch({});
  scorer->run(empty);
  EXPECT_TRUE(empty.columns.back()->f64.empty());
  auto filtered = make_batch(table("binary.csv"));
  filtered.rows.clear();
  scorer->run(filtered);
  EXPECT_EQ(filtered.at(*columns.find("p")).f64.size(), table("binary.csv").size());
}

/// Adds up its four features.
class sum_model final : public model {
public:
  sum_model() : model{{.features = std::vector<model_feature>(4), .outputs = {{"sum", element::f64}}}, {"sum@1", {}}} {}

  std::size_t block_rows() const noexcept override { return 100; }

  void predict(const void* const* features, std::size_t rows, const void** columns) const override {
    thread_local std::vector<double> sums;
    sums.assign(rows, 0);
    for (std::size_t f = 0; f < 4; ++f)
      for (std::size_t r = 0; r < rows; ++r)
        sums[r] += static_cast<double>(static_cast<const float*>(features[f])[r]);
    columns[0] = sums.data();
  }
};

TEST_F(scorer_test, scores_with_a_model_of_any_kind) {
  const auto scorer =
      scorer::make(std::make_shared<const sum_model>(), columns, inputs, {.as = {"risk"}, .version_as = "by"});
  ASSERT_TRUE(scorer) << scorer.error().text();
  auto b = make_batch({{"1.5", "2", "0.25", "1"}, {"0", "-7", "1", "0"}});
  (*scorer)->run(b);
  EXPECT_EQ(b.at(*columns.find("risk")).f64, (std::vector<double>{4.75, -6}));
  EXPECT_EQ(b.at(*columns.find("by")).text[1], "sum@1");
}

TEST_F(scorer_test, says_what_does_not_fit) {
  EXPECT_EQ(problem("regressor.onnx", {inputs[0]}),
            "the model takes 4 inputs, not 1 (name a column for each feature, in order)");
  const auto device = columns.add({"Device", column_type::string, true});
  EXPECT_EQ(problem("regressor.onnx", {inputs[0], inputs[1], inputs[2], device}),
            "input 'Device' is a string (make a number of it by an 'encode' step in 'preprocess')");
  EXPECT_EQ(problem("regressor.onnx", inputs, "p"), "a regressor has no probability (remove 'probability')");
}

} // namespace
} // namespace weir::models
