#include "cli/train.hpp"

#include "models/file_bytes.hpp"
#include "models/model.hpp"
#include "models/row_block.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <unistd.h>

namespace weir::cli {
namespace {

class training_table_test : public testing::Test {
protected:
  static core::result<training_table> read(std::string_view csv) {
    return read_training_table(csv, {"pay", {"place", "level"}, {"place"}, ','});
  }
  static std::string problem(std::string_view csv) {
    const auto table = read(csv);
    return table ? "" : table.error().text();
  }
};

TEST_F(training_table_test, takes_features_in_their_order_and_encodes_texts) {
  const auto table = read("level,ignored,place,pay\n1,x,\"b, c\",10\n+2.5,,a, 20\r\ntrue,x,\"b, c\",3e1");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->data.features, (std::vector<std::vector<double>>{{1, 0, 1}, {1, 2.5, 1}}));
  EXPECT_EQ(table->data.target, (std::vector<double>{10, 20, 30}));
  ASSERT_EQ(table->data.encoders.size(), 1u);
  EXPECT_EQ(table->data.encoders[0].feature, "place");
  EXPECT_EQ(table->data.encoders[0].categories, (std::vector<std::string>{"a", "b, c"}));
  EXPECT_EQ(table->dropped, 0u);
}

TEST_F(training_table_test, drops_and_counts_rows_with_a_missing_value) {
  const auto table = read("place,level,pay\na,,1\n,2,1\na,2,\na,nan,1\na,1e999,1\na\n\nb,4,1\n");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->dropped, 6u);
  EXPECT_EQ(table->data.rows(), 1u);
  EXPECT_EQ(table->data.encoders[0].categories, std::vector<std::string>{"b"});
}

TEST_F(training_table_test, names_row_and_column_of_what_is_no_number) {
  EXPECT_EQ(problem("place,level,pay\na,1,1\na,high,1\n"),
            "row 3: 'high' in column 'level' is no number (encode it: --encode 'level')");
  EXPECT_EQ(problem("place,level,pay\na,1,much\n"),
            "row 2: 'much' in column 'pay' is no number (the target must be a number, or say --classify)");
}

TEST_F(training_table_test, names_a_column_that_is_not_there) {
  EXPECT_EQ(problem("place,levels,pay\n"), "there is no column 'level' (did you mean 'levels'?)");
  EXPECT_EQ(problem("place,height,pay\n"), "there is no column 'level' (columns: place, height, pay)");
  EXPECT_EQ(problem("place;level;pay\n"),
            "there is no column 'place' (the delimiter seems to be ';': give it as --delimiter)");
  EXPECT_EQ(problem(""), "the file is empty (a CSV file begins with the names of its columns)");
  EXPECT_EQ(read_training_table("a,b\n", {"b", {"a"}, {"b"}, ','}).error().what,
            "'b' is to be encoded, but is no feature");
}

TEST_F(training_table_test, a_target_is_no_feature) {
  const training_columns columns{"b", {"a", "b"}, {}, ','};
  EXPECT_EQ(check(columns).error().what, "the target 'b' is among the features");
  EXPECT_EQ(read_training_table("a,b\n1,2\n", columns).error().what, "the target 'b' is among the features");
}

TEST_F(training_table_test, weights_of_rows_are_no_feature) {
  constexpr auto csv = "a,w,b\n1,2,10\n2,,20\n3,0,30\n";
  training_columns columns{"b", {"a"}, {}, ','};
  columns.sample_weight = "w";
  const auto table = read_training_table(csv, columns);
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->data.weights, (std::vector<double>{2, 0}));
  EXPECT_EQ(table->data.features, (std::vector<std::vector<double>>{{1, 3}}));
  EXPECT_EQ(table->dropped, 1u);
  columns.features = {"all"};
  EXPECT_EQ(choose_features(csv, columns)->features, std::vector<std::string>{"a"});
  EXPECT_EQ(read_training_table("a,w,b\n1,-2,10\n", {"b", {"a"}, {}, ',', false, "w"}).error().text(),
            "row 2: '-2' in column 'w' is no weight (a weight is a number, 0 or more)");
  columns.features = {"a", "w"};
  EXPECT_EQ(check(columns).error().what, "the weights 'w' are among the features");
  EXPECT_EQ(check({"w", {"a"}, {}, ',', false, "w"}).error().what, "the weights are the target, 'w'");
}

TEST_F(training_table_test, chooses_all_columns_of_numbers_in_the_order_of_the_file) {
  const auto choose = [](std::string_view csv, training_columns columns) {
    return choose_features(csv, std::move(columns)).map([](const training_columns& chosen) { return chosen.features; });
  };
  constexpr auto csv = "id,place,level,empty,pay,late\n1,a,2.5,,10,true\n2,7,,,20,nan\n";
  EXPECT_EQ(*choose(csv, {"pay", {"all"}, {}, ','}), (std::vector<std::string>{"id", "level", "late"}));
  EXPECT_EQ(*choose(csv, {"pay", {"all"}, {"place"}, ','}), (std::vector<std::string>{"id", "place", "level", "late"}));
  EXPECT_EQ(*choose(csv, {"pay", {"level", "id"}, {}, ','}), (std::vector<std::string>{"level", "id"}));
  EXPECT_EQ(choose(csv, {"pay", {"all"}, {"plaice"}, ','}).error().text(),
            "there is no column 'plaice' (did you mean 'place'?)");
  EXPECT_EQ(choose("a,pay\nx,1\n", {"pay", {"all"}, {}, ','}).error().what,
            "no column of numbers is left to learn from");
}

TEST_F(training_table_test, knows_its_rows_as_they_stand) {
  const auto table = read("place,level,pay\r\n\"a, b\",1,2\r\n\nb,,3\nc,4,5");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->header, "place,level,pay");
  EXPECT_EQ(table->rows, (std::vector<std::string_view>{"\"a, b\",1,2", "c,4,5"}));
}

class train_test : public testing::Test {
protected:
  train_test() {
    std::filesystem::create_directories(folder);
    std::ofstream csv{folder / "pay.csv"};
    csv << "place;level;pay\n";
    for (int i = 0; i < 500; ++i)
      csv << (i % 3 == 0 ? "south" : "north") << ';' << i % 10 << ';' << (i % 10) * 100 + (i % 3 == 0 ? 50 : 0) << '\n';
    csv << "north;;1\n";
    options.path = folder / "pay.csv";
    options.columns = {"pay", {"place", "level"}, {"place"}, ';'};
    options.settings = {{"n_estimators", "10"}};
    options.out = folder / "pay.onnx";
  }
  ~train_test() override { std::filesystem::remove_all(folder); }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("weir-train-" + std::to_string(getpid()));
  train_options options;
};

TEST_F(train_test, writes_a_model_that_knows_its_features_and_predicts) {
  const auto report = train(options);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->train_rows, 400u);
  EXPECT_EQ(report->test_rows, 100u);
  EXPECT_EQ(report->dropped_rows, 1u);
  ASSERT_TRUE(report->regression);
  EXPECT_GT(report->regression->r2, 0.99);

  const auto model = models::model::load(options.out);
  ASSERT_TRUE(model) << model.error().text();
  const auto& meaning = (*model)->meaning();
  ASSERT_EQ(meaning.features.size(), 2u);
  EXPECT_EQ(meaning.features[0].name, options.columns.features[0]);
  EXPECT_EQ(meaning.features[1].name, options.columns.features[1]);
  EXPECT_EQ(meaning.features[0].type, models::element::text);
  models::row_block row{**model};
  row.set(0, std::string_view{"south"});
  row.set(1, 7);
  row.add_row();
  EXPECT_NEAR(models::number_at(row.predict()[0], meaning.outputs[0].type, 0), 750, 30);
}

TEST_F(train_test, learns_from_all_rows_when_none_shall_test) {
  options.test_size = 0;
  const auto report = train(options);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->train_rows, 500u);
  EXPECT_FALSE(report->regression);
}

TEST_F(train_test, holds_the_rows_that_measure_out_in_the_order_of_the_file) {
  options.holdout = folder / "holdout.csv";
  const auto report = train(options);
  ASSERT_TRUE(report) << report.error().text();
  std::ifstream held{options.holdout}, all{options.path};
  std::size_t count = 0;
  for (std::string row, other; std::getline(held, row); ++count) {
    while (std::getline(all, other) && other != row) {
    }
    EXPECT_EQ(other, row);
  }
  EXPECT_EQ(count, 1 + report->test_rows);
  options.holdout = options.path;
  EXPECT_NE(train(options).error().text().find("written over the training data"), std::string::npos);
  options.holdout = options.out;
  EXPECT_NE(train(options).error().text().find("--out and --holdout are one file"), std::string::npos);
}

TEST_F(train_test, learns_without_a_target_where_the_kind_does) {
  options.columns.target.clear();
  EXPECT_EQ(train(options).error().text(), "'random_forest' learns to predict a column (name it: --target)");
  options.model = "isolation_forest";
  const auto report = train(options);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_FALSE(report->regression);
  options.columns.classify = true;
  EXPECT_EQ(train(options).error().what, "'isolation_forest' learns no classes");
}

TEST_F(train_test, rows_count_by_their_weights) {
  std::ofstream csv{options.path};
  csv << "x;w;y\n";
  for (int i = 0; i < 100; ++i)
    csv << 0 << ';' << (i % 2 == 0 ? 3 : 1) << ';' << (i % 2 == 0 ? 8 : 0) << '\n';
  csv.close();
  options.columns = {"y", {"x"}, {}, ';', false, "w"};
  options.model = "linear_regression";
  options.settings = {};
  options.test_size = 0;
  ASSERT_TRUE(train(options));
  const auto model = *models::model::load(options.out);
  models::row_block row{*model};
  row.set(0, 0.0);
  row.add_row();
  EXPECT_FLOAT_EQ(static_cast<float>(models::number_at(row.predict()[0], model->meaning().outputs[0].type, 0)), 6);
  options.model = "svr";
  EXPECT_EQ(train(options).error().text(), "'svr' takes no weights of rows (leave out --sample-weight)");
}

/// A large file is one of any size here.
class large_table_test : public train_test {
protected:
  large_table_test() { options.columns.encode = {"place"}; }

  /// The model and the rows held out that come of a file that is held, or of one that is read twice.
  std::pair<std::string, std::string> made(bool is_large) {
    options.large_from = is_large ? 0 : train_options::large;
    options.holdout = folder / "held.csv";
    const auto report = train(options);
    EXPECT_TRUE(report) << report.error().text();
    return {*models::read_file(options.out), *models::read_file(options.holdout)};
  }

  void expect_the_same() { EXPECT_EQ(made(true), made(false)); }
};

TEST_F(large_table_test, a_file_that_is_read_twice_makes_the_same_model_bit_by_bit) {
  expect_the_same();
  options.model = "extra_trees";
  options.holdout_size = 0.1;
  expect_the_same();
  options.model = "gradient_boosting";
  options.settings = {{"max_iter", "20"}, {"min_samples_leaf", "3"}, {"max_bins", "4"}, {"n_iter_no_change", "2"}};
  options.columns.features = {"all"};
  expect_the_same();
}

TEST_F(large_table_test, labels_and_weights_are_the_same_too) {
  options.columns = {"place", {"level"}, {}, ';', true, "pay"};
  options.settings = {{"n_estimators", "5"}, {"class_weight", "balanced"}};
  expect_the_same();
  options.columns = {"level", {"place", "pay"}, {"place"}, ';', true};
  expect_the_same();
}

TEST_F(large_table_test, says_the_same_of_what_is_wrong) {
  const auto both_say = [&](const std::string& expected) {
    options.large_from = 0;
    EXPECT_EQ(train(options).error().text(), expected);
    options.large_from = train_options::large;
    EXPECT_EQ(train(options).error().text(), expected);
  };
  std::ofstream{options.path, std::ios::app} << "north;high;5\n";
  both_say(options.path + ", row 503: 'high' in column 'level' is no number (encode it: --encode 'level')");
  options.columns.features = {"place", "leval"};
  both_say(options.path + ": there is no column 'leval' (did you mean 'level'?)");
  options.columns.features = {"place", "pay"};
  both_say("the target 'pay' is among the features (take it out of --features: a model that sees its target learns "
           "nothing else)");
  std::ofstream{options.path} << "place;level;pay\n";
  options.columns.features = {"place", "level"};
  both_say("there are no rows to learn from");
}

TEST_F(large_table_test, of_very_many_rows_some_drawn_at_random_give_the_bins) {
  std::ofstream csv{options.path};
  csv << "x;y\n";
  for (int i = 0; i < 260'000; ++i)
    csv << i * 7919LL % 260'000 << ';' << (i * 7919LL % 260'000) / 1000 << '\n';
  csv.close();
  options.columns = {"y", {"x"}, {}, ';'};
  options.model = "gradient_boosting";
  options.settings = {{"max_iter", "10"}, {"learning_rate", "0.5"}};
  options.large_from = 0;
  const auto report = train(options);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->train_rows, 208'000u);
  EXPECT_EQ(report->test_rows, 52'000u);
  EXPECT_GT(report->regression->r2, 0.999);
}

TEST_F(train_test, says_that_a_target_is_constant) {
  EXPECT_FALSE(train(options)->is_constant);
  std::ofstream{options.path} << "place;level;pay\nsouth;1;5\nnorth;2;5\nnorth;3;5\n";
  EXPECT_TRUE(train(options)->is_constant);
}

TEST_F(train_test, names_a_kind_of_model_or_an_option_that_it_does_not_have) {
  options.settings = {{"n_estimator", "10"}};
  EXPECT_EQ(train(options).error().text(),
            "the kind of model has no option 'n_estimator' (did you mean 'n_estimators'?)");
  options.model = "tree_ensemble";
  EXPECT_EQ(train(options).error().text(),
            "there is no trainer of 'tree_ensemble' (weir trains random_forest, "
            "extra_trees, gradient_boosting, linear_regression, ridge, lasso, "
            "elastic_net, kernel_ridge, svr, linear_svc, svc, logistic_regression, gaussian_nb, k_means, "
            "isolation_forest, one_class_svm)");
  EXPECT_FALSE(std::filesystem::exists(options.out));
}

TEST_F(train_test, does_not_write_over_its_training_data) {
  options.out = folder / "." / "pay.csv";
  EXPECT_NE(train(options).error().text().find("the model would be written over its training data"), std::string::npos);
  EXPECT_GT(std::filesystem::file_size(options.path), 1000u);
}

TEST_F(train_test, names_the_file_that_it_cannot_use) {
  options.path = folder / "none.csv";
  EXPECT_NE(train(options).error().text().find("none.csv': No such file"), std::string::npos);
  options.path = folder / "pay.csv";
  options.columns.target = "pey";
  EXPECT_EQ(train(options).error().text(), options.path + ": there is no column 'pey' (did you mean 'pay'?)");
}

} // namespace
} // namespace weir::cli
