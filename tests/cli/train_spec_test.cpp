#include "cli/train_spec.hpp"

#include "cli/training_reader.hpp"
#include "config/parse_training.hpp"
#include "io/kinds.hpp"
#include "models/file_bytes.hpp"
#include "models/model.hpp"
#include "models/registry/registered_model.hpp"
#include "models/row_block.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace weir::cli {
namespace {

class train_spec_test : public testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "train-spec-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string in_folder(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream{in_folder(name)} << text; }

  /// A training of files in the folder, with its schema guessed where it has none.
  config::training spec(const std::string& yaml) const {
    auto made = config::parse_training(yaml, in_folder("t.yaml"), io::catalogue(), config::environment::of_process());
    for (const auto& d : made ? std::vector<config::diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    if (!made)
      return {};
    const auto guessed = guess_schema(*made);
    EXPECT_TRUE(guessed) << guessed.error().text();
    return *made;
  }

  training_rows rows(const config::training& of) const {
    const auto bound = config::bind_training(of, core::json_format);
    EXPECT_TRUE(bound) << bound.error().front().text();
    auto made = read_training_rows(of, [] { return true; });
    EXPECT_TRUE(made) << made.error().text();
    return made ? std::move(*made) : training_rows{};
  }

  static core::result<train_report> run(const config::training& of) {
    return train(of, [] { return true; });
  }

  std::filesystem::path folder_;
};

/// y = 2 x + 1, in `count` rows.
std::string line(int count, int slope = 2) {
  std::string csv = "x,y\n";
  for (int i = 0; i < count; ++i)
    csv += std::to_string(i) + "," + std::to_string(slope * i + 1) + "\n";
  return csv;
}

TEST_F(train_spec_test, several_files_of_several_formats_are_one_table) {
  write("a.csv", "place,pay,level\nb,10,1\na,20,2\n");
  write("b.ndjson", "{\"level\":3,\"place\":\"c\",\"pay\":30}\n{\"level\":4,\"place\":\"a\",\"pay\":40}\n");
  const auto made = rows(spec("name: t\ndata: [{ file: a.csv }, { file: b.ndjson }]\n"
                              "schema: { place: string, level: int, pay: double }\nmodel: random_forest\n"
                              "target: pay\nfeatures: [place, level]\nout: m.onnx\n"));
  EXPECT_EQ(made.data.features, (std::vector<std::vector<double>>{{1, 0, 2, 0}, {1, 2, 3, 4}}));
  EXPECT_EQ(made.data.target, (std::vector<double>{10, 20, 30, 40}));
  ASSERT_EQ(made.data.encoders.size(), 1u);
  EXPECT_EQ(made.data.encoders[0].categories, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(made.read, 4u);
}

TEST_F(train_spec_test, rows_are_filtered_refused_and_dropped_as_in_a_pipeline) {
  write("a.csv", "place,level,pay\na,1,1\na,2,\n,3,1\na,much,1\nb,5,100\nb,6,2\n");
  const auto made = rows(spec("name: t\ndata: { file: a.csv }\nschema: { place: string, level: int, pay: double }\n"
                              "preprocess:\n  - filter: pay < 50 or pay is null\nmodel: random_forest\n"
                              "target: pay\nfeatures: [place, level]\nout: m.onnx\n"));
  EXPECT_EQ(made.read, 6u);
  EXPECT_EQ(made.filtered, 1u);
  EXPECT_EQ(made.refused, 1u);
  EXPECT_NE(made.first_refusal.find("level"), std::string::npos) << made.first_refusal;
  EXPECT_EQ(made.dropped, 2u);
  EXPECT_EQ(made.data.features[1], (std::vector<double>{1, 6}));
}

TEST_F(train_spec_test, a_csv_file_shows_its_schema) {
  write("a.csv", "yes,whole,real,text,nothing\ntrue,1,1.5,a,\nfalse,-2,,7,\n,,3,,\n");
  const auto made = spec("name: t\ndata: { file: a.csv }\nmodel: ridge\ntarget: real\nfeatures: all\nout: m.onnx\n");
  std::vector<core::column_type> types;
  for (const auto& field : made.cleaning.schema)
    types.push_back(field.type);
  using enum core::column_type;
  EXPECT_EQ(types, (std::vector{boolean, int64, float64, string, string}));
  EXPECT_EQ(rows(made).data.feature_names, (std::vector<std::string>{"yes", "whole"}));
}

TEST_F(train_spec_test, labels_are_whole_numbers_or_texts_in_their_order) {
  write("a.csv", "x,number,text\n1,10,no\n2,9,yes\n3,10,maybe\n");
  const auto labels = [&](const std::string& target) {
    return rows(spec("name: t\ndata: { file: a.csv }\nmodel: random_forest\nclassify: true\ntarget: " + target
                     + "\nfeatures: [x]\nout: m.onnx\n"))
        .data;
  };
  EXPECT_EQ(*labels("number").labels, (models::class_labels{std::vector<std::int64_t>{9, 10}}));
  EXPECT_EQ(labels("number").target, (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(*labels("text").labels, (models::class_labels{std::vector<std::string>{"maybe", "no", "yes"}}));
  EXPECT_EQ(labels("text").target, (std::vector<double>{1, 2, 0}));
}

TEST_F(train_spec_test, weights_of_rows_are_no_feature) {
  write("a.csv", "x,w,y\n1,2,10\n2,,20\n3,0,30\n");
  const auto made = rows(spec("name: t\ndata: { file: a.csv }\nmodel: ridge\ntarget: y\nfeatures: all\n"
                              "sample_weight: w\nout: m.onnx\n"));
  EXPECT_EQ(made.data.feature_names, std::vector<std::string>{"x"});
  EXPECT_EQ(made.data.weights, (std::vector<double>{2, 0}));
  EXPECT_EQ(made.dropped, 1u);
}

TEST_F(train_spec_test, learns_what_the_steps_derive) {
  write("a.csv", line(200));
  const auto report = run(spec("name: t\ndata: { file: a.csv }\npreprocess:\n  - derive: { half: x / 2 }\n"
                               "model: linear_regression\ntarget: y\nfeatures: [half]\nout: "
                               + in_folder("m.onnx") + "\n"));
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->train_rows, 160u);
  EXPECT_GT(report->regression->r2, 0.999);
  const auto model = models::model::load(in_folder("m.onnx"));
  ASSERT_TRUE(model);
  models::row_block block{**model};
  block.set(0, 50.0);
  block.add_row();
  EXPECT_NEAR(models::number_at(block.predict()[0], (*model)->prediction().type, 0), 201, 1e-2);
}

TEST_F(train_spec_test, the_order_of_the_records_does_not_change_the_model) {
  write("a.csv", line(300));
  std::string turned = "x,y\n";
  for (int i = 300; i-- > 0;)
    turned += std::to_string(i) + "," + std::to_string(2 * i + 1) + "\n";
  std::vector<std::string> files;
  const auto of = spec("name: t\ndata: { file: a.csv }\nmodel: { random_forest: { n_estimators: 5 } }\ntarget: y\n"
                       "features: [x]\nout: "
                       + in_folder("m.onnx") + "\n");
  for (const auto& rows : {line(300), turned}) {
    write("a.csv", rows);
    const auto report = run(of);
    ASSERT_TRUE(report) << report.error().text();
    files.push_back(*models::read_file(in_folder("m.onnx")));
  }
  EXPECT_EQ(files[0], files[1]);
}

TEST_F(train_spec_test, promotes_only_what_is_better_on_the_same_rows) {
  write("a.csv", line(200));
  const auto registry = in_folder("models/line");
  const auto yaml = [&](const std::string& model) {
    return "name: t\ndata: { file: a.csv }\nmodel: " + model
           + "\ntarget: y\nfeatures: [x]\nsplit: { holdout: 0.2 }\n"
             "register: { model: "
           + registry + ", alias: champion, when: new.rmse < 0.9 * old.rmse }\n";
  };
  const auto coarse = run(spec(yaml("{ random_forest: { n_estimators: 1, max_depth: 2 } }")));
  ASSERT_TRUE(coarse) << coarse.error().text();
  EXPECT_TRUE(coarse->decided->promotes);
  EXPECT_TRUE(coarse->decided->figures.empty()); // there was nothing to compare with
  const auto exact = run(spec(yaml("linear_regression")));
  ASSERT_TRUE(exact) << exact.error().text();
  EXPECT_TRUE(exact->decided->promotes);
  EXPECT_EQ(exact->decided->figures.size(), 2u);
  const auto worse = run(spec(yaml("{ random_forest: { n_estimators: 1, max_depth: 3 } }")));
  ASSERT_TRUE(worse) << worse.error().text();
  EXPECT_FALSE(worse->decided->promotes);
  const auto model = models::registered_model::open(registry);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->versions()->size(), 3u); // what is not promoted is a version too
  EXPECT_EQ(*model->aliases(), (models::model_aliases{{"champion", 2}}));
}

TEST_F(train_spec_test, does_not_promote_over_a_model_that_takes_other_features) {
  write("a.csv", "x,z,y\n1,1,1\n2,3,2\n3,2,3\n4,9,4\n5,8,5\n");
  const auto yaml = [&](const std::string& feature) {
    return "name: t\ndata: { file: a.csv }\nmodel: ridge\ntarget: y\nfeatures: [" + feature
           + "]\n"
             "register: { model: "
           + in_folder("models/m") + ", alias: champion, when: new.rmse < old.rmse }\n";
  };
  ASSERT_TRUE(run(spec(yaml("x"))));
  const auto other = run(spec(yaml("z")));
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().text().find("the model takes 'x', which is no feature here"), std::string::npos)
      << other.error().text();
}

TEST_F(train_spec_test, a_row_that_the_old_model_cannot_score_counts_for_neither) {
  const auto rows = [](int count, const std::string& places) {
    std::string csv = "place,x,y\n";
    for (int i = 0; i < count; ++i) {
      csv += places[static_cast<std::size_t>(i) % places.size()];
      csv += "," + std::to_string(i) + "," + std::to_string(3 * i) + "\n";
    }
    return csv;
  };
  write("a.csv", rows(100, "ab"));
  const auto of = spec("name: t\ndata: { file: a.csv }\nschema: { place: string, x: int, y: double }\n"
                       "model: { random_forest: { n_estimators: 5 } }\ntarget: y\nfeatures: [place, x]\n"
                       "split: { test: 0.5 }\nregister: { model: "
                       + in_folder("models/m") + ", alias: champion, when: new.rmse < old.rmse }\n");
  ASSERT_TRUE(run(of));
  write("a.csv", rows(300, "abc"));
  const auto later = run(of);
  ASSERT_TRUE(later) << later.error().text();
  EXPECT_EQ(later->test_rows, 150u);
  const auto at = later->decided->why.find("on ");
  ASSERT_NE(at, std::string::npos) << later->decided->why;
  const auto judged = std::stoi(later->decided->why.substr(at + 3));
  EXPECT_GT(judged, 70); // of 150, those of a and b: two thirds or so
  EXPECT_LT(judged, 130);
  EXPECT_TRUE(later->decided->promotes); // the old one has not seen so large an x
}

TEST_F(train_spec_test, a_class_that_the_old_model_does_not_know_is_one_that_it_gets_wrong) {
  const auto rows = [](int classes) {
    std::string csv = "x,y\n";
    for (int i = 0; i < 300; ++i)
      csv += std::to_string(i) + "," + std::string(1, static_cast<char>('a' + i / 100 % classes)) + "\n";
    return csv;
  };
  write("a.csv", rows(2));
  const auto of = spec("name: t\ndata: { file: a.csv }\nschema: { x: int, y: string }\n"
                       "model: { random_forest: { n_estimators: 20 } }\ntarget: y\nclassify: true\nfeatures: [x]\n"
                       "split: { test: 0.3 }\nregister: { model: "
                       + in_folder("models/m") + ", alias: champion, when: new.accuracy > old.accuracy }\n");
  ASSERT_TRUE(run(of));
  write("a.csv", rows(3));
  const auto later = run(of);
  ASSERT_TRUE(later) << later.error().text();
  ASSERT_EQ(later->decided->figures.size(), 2u);
  EXPECT_GT(later->decided->figures[0].second, 0.9);
  EXPECT_NEAR(later->decided->figures[1].second, 2 / 3., 0.15); // it says `a` where it is `c`
  EXPECT_TRUE(later->decided->promotes);
}

TEST_F(train_spec_test, says_why_no_rows_are_left) {
  write("a.csv", line(10));
  const auto none =
      run(spec("name: t\ndata: { file: a.csv }\npreprocess: [{ filter: x > 100 }]\nmodel: ridge\ntarget: y\n"
               "features: [x]\nout: m.onnx\n"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().text(),
            "of 10 records none is left to learn from: 10 were filtered, 0 refused, 0 dropped for a missing value");
  const auto one = run(spec("name: t\ndata: { file: a.csv }\npreprocess: [{ filter: x = 1 }]\nmodel: ridge\ntarget: y\n"
                            "features: [x]\nout: m.onnx\n"));
  ASSERT_FALSE(one);
  EXPECT_NE(one.error().text().find("the split takes them all"), std::string::npos) << one.error().text();
}

TEST_F(train_spec_test, a_file_without_a_field_of_the_schema_is_named) {
  write("a.csv", line(10));
  const auto made = run(spec("name: t\ndata: { file: a.csv }\nschema: { x: int, y: int, zeal: int }\nmodel: ridge\n"
                             "target: y\nfeatures: [x]\nout: m.onnx\n"));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().text().find("a.csv:1: the header has no field 'zeal', which the schema names"),
            std::string::npos)
      << made.error().text();
}

TEST_F(train_spec_test, a_search_finds_the_best_options_and_learns_with_them) {
  write("a.csv", line(200));
  const auto yaml = [&](const std::string& split) {
    return "name: t\ndata: { file: a.csv }\nmodel: { random_forest: { n_estimators: 3 } }\ntarget: y\nfeatures: [x]\n"
           "split: { "
           + split + " }\nsearch: { grid: { max_depth: [1, 8, 2] } }\nout: " + in_folder("m.onnx") + "\n";
  };
  for (const auto& [split, scores] : {std::pair{"test: 0.2, folds: 4", 4u}, std::pair{"test: 0.25", 1u}}) {
    const auto made = run(spec(yaml(split)));
    ASSERT_TRUE(made) << made.error().text();
    ASSERT_EQ(made->trials.size(), 3u);
    EXPECT_EQ(made->score, "rmse");
    EXPECT_EQ(made->trials[0].options, (models::option_texts{{"max_depth", "8"}, {"n_estimators", "3"}}));
    EXPECT_EQ(made->trials[2].options.at("max_depth"), "1");
    EXPECT_EQ(made->trials[0].scores.size(), scores);
    EXPECT_LT(made->trials[0].score, made->trials[1].score);
    EXPECT_GT(made->regression->r2, 0.9); // of a tree of depth 8
  }
}

TEST_F(train_spec_test, a_global_search_goes_where_the_score_is_better) {
  write("a.csv", line(200));
  for (const auto* score : {"rmse", "r2"}) { // of one the least is the best, of the other the most
    const auto made =
        run(spec("name: t\ndata: { file: a.csv }\nmodel: ridge\ntarget: y\nfeatures: [x]\nsplit: { test: 0.25 }\n"
                 "search: { global: { alpha: { from: 0.001, to: 1000000000, log: true } }, trials: 15, score: "
                 + std::string{score} + " }\nout: " + in_folder("m.onnx") + "\n"));
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->score, score);
    EXPECT_GT(made->trials.size(), 10u);
    EXPECT_LT(std::stod(made->trials[0].options.at("alpha")), 1); // the line has no noise: the less, the better
    EXPECT_GT(made->regression->r2, 0.999);
  }
}

TEST_F(train_spec_test, where_more_is_better_the_most_is_best) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 120; ++i)
    csv += std::to_string(i) + (i % 40 < 20 ? ",a\n" : ",b\n");
  write("a.csv", csv);
  const auto made =
      run(spec("name: t\ndata: { file: a.csv }\nmodel: { random_forest: { n_estimators: 5 } }\ntarget: y\n"
               "classify: true\nfeatures: [x]\nsplit: { folds: 3, stratify: true }\n"
               "search: { grid: { max_depth: [1, 6] } }\nout: "
               + in_folder("m.onnx") + "\n"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->score, "accuracy");
  EXPECT_EQ(made->trials[0].options.at("max_depth"), "6");
  EXPECT_GT(made->trials[0].score, made->trials[1].score);
}

TEST_F(train_spec_test, folds_alone_measure_the_options_as_they_are) {
  write("a.csv", line(100));
  const auto made = run(spec("name: t\ndata: { file: a.csv }\nmodel: ridge\ntarget: y\nfeatures: [x]\n"
                             "split: { test: 0, folds: 5 }\nout: "
                             + in_folder("m.onnx") + "\n"));
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->trials.size(), 1u);
  EXPECT_EQ(made->trials[0].scores.size(), 5u);
  const auto few = run(spec("name: t\ndata: { file: a.csv }\npreprocess: [{ filter: x < 4 }]\nmodel: ridge\ntarget: y\n"
                            "features: [x]\nsplit: { test: 0, folds: 5 }\nout: m.onnx\n"));
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().text(), "4 rows learn, too few for 5 folds");
}

} // namespace
} // namespace weir::cli
