#include "config/parse_training.hpp"
#include "io/kinds.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace weir::config {
namespace {

const std::string whole = R"(name: traffic
data:
  - file: traffic.csv
  - kafka: { brokers: "b1:9092", topic: traffic, from: 24h, to: "2026-01-05T13:45:10Z" }
schema: { Total: int, Bikes: int, Day: string, at: timestamp, Jam: string }
preprocess:
  - filter: Total > 50
  - derive: { twice: Bikes * 2 }
model: { random_forest: { n_estimators: 20, bootstrap: false } }
target: Total
features: [twice, Day]
split: { test: 0.2, holdout: 0.1, random_state: 4 }
out: traffic.onnx
register: { model: models/traffic, alias: champion, when: "new.rmse < 0.98 * old.rmse" }
every: 10m
)";

class training_file_test : public ::testing::Test {
protected:
  static environment nowhere() {
    const auto nothing = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
    return {nothing, nothing};
  }

  static training good(const std::string& yaml) {
    auto made = parse_training(yaml, "t.yaml", io::catalogue(), nowhere());
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    return made ? *made : training{};
  }

  static std::string errors(const std::string& yaml) {
    auto made = parse_training(yaml, "t.yaml", io::catalogue(), nowhere());
    std::string text;
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      text += d.text() + "\n";
    return text;
  }

  /// What is wrong when `from` is `to` in the whole file.
  static std::string errors_with(const std::string& from, const std::string& to) {
    auto yaml = whole;
    const auto at = yaml.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return errors(yaml.replace(at, from.size(), to));
  }
};

TEST_F(training_file_test, says_everything) {
  const auto made = good(whole);
  ASSERT_EQ(made.data.size(), 2u);
  EXPECT_EQ(made.data[0].name(), "traffic.csv");
  EXPECT_EQ(made.data[0].format, core::format_of_file("x.csv", nullptr));
  ASSERT_TRUE(made.data[1].topic);
  EXPECT_EQ(made.data[1].topic->from.what, topic_place::kind::ago);
  EXPECT_EQ(made.data[1].topic->from.time_at(100'000'000), 100'000'000 - 86'400'000);
  EXPECT_EQ(made.data[1].topic->to.what, topic_place::kind::time);
  EXPECT_EQ(made.data[1].topic->to.ms, 1'767'620'710'000);
  EXPECT_EQ(made.model, "random_forest");
  EXPECT_EQ(made.options, (models::option_texts{{"bootstrap", "false"}, {"n_estimators", "20"}}));
  EXPECT_EQ(made.cleaning.schema.size(), 5u);
  EXPECT_EQ(made.cleaning.steps.size(), 2u);
  EXPECT_EQ(made.split.holdout, 0.1);
  EXPECT_EQ(made.split.random_state, 4u);
  EXPECT_EQ(made.to->alias.text, "champion");
  EXPECT_EQ(made.every, milliseconds{600'000});
}

TEST_F(training_file_test, its_steps_are_those_of_a_pipeline) {
  const auto plan = bind_training(good(whole), core::json_format);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->columns->find("twice"));
  EXPECT_EQ(plan->transforms->size(), 2u);
}

TEST_F(training_file_test, names_what_is_wrong_at_its_place) {
  EXPECT_EQ(errors_with("features: [twice, Day]", "features: [twice, Dya]"),
            "t.yaml:11:19: error: there is no column 'Dya', did you mean 'Day'?\n");
  EXPECT_EQ(errors_with("features: [twice, Day]", "features: [weather]"),
            "t.yaml:11:12: error: there is no column 'weather'; columns: Total, Bikes, Day, at, Jam, twice\n");
  EXPECT_EQ(errors_with("n_estimators: 20", "n_estimator: 20"),
            "t.yaml:9:27: error: unknown field 'n_estimator' in random_forest, did you mean 'n_estimators'?\n");
  EXPECT_EQ(errors_with("n_estimators: 20", "n_estimators: many"),
            "t.yaml:9:41: error: 'n_estimators' in random_forest must be a whole number, found 'many'\n");
  EXPECT_EQ(errors_with("filter: Total > 50", "filter: Totl > 50"),
            "t.yaml:7:13: error: unknown column 'Totl', did you mean 'Total'?\n");
  EXPECT_EQ(errors_with("every: 10m", "evry: 10m"),
            "t.yaml:15:1: error: unknown field 'evry' in training, did you mean 'every'?\n");
  EXPECT_EQ(errors_with("from: 24h", "from: yesterday"),
            "t.yaml:4:56: error: 'from' in kafka data must be earliest, a time such as 2026-01-05T13:45:10Z, or how "
            "long ago, such as 24h\n");
}

TEST_F(training_file_test, weights_of_rows_are_a_column_of_numbers_and_no_feature) {
  const auto with = [](const std::string& line) { return errors_with("every: 10m", line); };
  EXPECT_EQ(with("sample_weight: Bikes"), "");
  EXPECT_EQ(with("sample_weight: Jam"), "t.yaml:15:16: error: 'Jam' is no number, and a weight is one\n");
  EXPECT_EQ(with("sample_weight: twice"), "t.yaml:11:12: error: the weights 'twice' are among the features: where the "
                                          "model scores there are none\n");
  EXPECT_EQ(with("sample_weight: Total"), "t.yaml:15:16: error: the weights are the target, 'Total'\n");
  EXPECT_EQ(errors_with("model: { random_forest: { n_estimators: 20, bootstrap: false } }",
                        "model: svr\nsample_weight: Bikes"),
            "t.yaml:10:16: error: 'svr' takes no weights of rows\n");
}

TEST_F(training_file_test, weights_of_classes_are_a_word_or_a_mapping) {
  auto yaml = whole;
  const std::string bootstrap = "bootstrap: false";
  yaml.replace(yaml.find(bootstrap), bootstrap.size(), "class_weight: { yes: 3, no: 0.5 }");
  EXPECT_EQ(good(yaml).options.at("class_weight"), "yes:3,no:0.5");
}

TEST_F(training_file_test, a_rule_is_a_condition_over_the_measures_of_the_kind) {
  EXPECT_EQ(errors_with("new.rmse <", "new.rsme <"),
            "t.yaml:14:60: error: unknown column 'new.rsme', did you mean 'new.rmse'?\n");
  EXPECT_EQ(errors_with("new.rmse < 0.98 * old.rmse", "new.rmse"),
            "t.yaml:14:60: error: 'when' must be a condition, such as new.rmse < old.rmse\n");
  EXPECT_EQ(errors_with("alias: champion, ", ""), "t.yaml:14:43: error: 'when' is a rule for an alias: name it\n");
  EXPECT_NE(errors_with("test: 0.2, holdout: 0.1, ", "test: 0, "), "");
}

TEST_F(training_file_test, a_target_is_what_its_kind_can_learn) {
  EXPECT_EQ(errors_with("target: Total", "target: Jam"),
            "t.yaml:10:9: error: the target 'Jam' is a text: say classify: true, or make it a number\n");
  EXPECT_EQ(
      errors_with("target: Total", "target: twice"),
      "t.yaml:11:12: error: the target 'twice' is among the features: a model that sees its target learns nothing "
      "else\n");
  EXPECT_EQ(
      errors_with("features: [twice, Day]", "features: [at]"),
      "t.yaml:11:12: error: 'at' is a timestamp, and a model takes numbers and texts: derive what matters, such as "
      "hour(at)\n");
  EXPECT_EQ(errors_with("random_state: 4", "stratify: true"),
            "t.yaml:12:8: error: 'stratify' is of classes, and 'random_forest' learns none here\n");
}

TEST_F(training_file_test, a_split_leaves_rows_and_knows_its_time) {
  EXPECT_EQ(errors_with("holdout: 0.1", "holdout: 0.8"),
            "t.yaml:12:8: error: 'test' and 'holdout' leave no rows to learn from\n");
  EXPECT_EQ(errors_with("random_state: 4", "by: time"),
            "t.yaml:12:8: error: a split by time needs the 'column' that says it\n");
  EXPECT_EQ(errors_with("random_state: 4", "by: time, column: Day"),
            "t.yaml:12:53: error: 'Day' is a text, and time is a timestamp or a number\n");
  EXPECT_EQ(errors_with("random_state: 4", "by: time, column: at"), "");
}

TEST_F(training_file_test, a_search_chooses_among_options_of_the_model) {
  auto yaml =
      whole
      + "search: { random: { max_depth: { from: 2, to: 9 }, bootstrap: [true, false] }, trials: 7, score: mae }\n";
  const auto made = good(yaml);
  ASSERT_TRUE(made.search);
  EXPECT_EQ(made.search->by, search_method::random);
  EXPECT_EQ(made.search->trials, 7);
  ASSERT_EQ(made.search->choices.size(), 2u);
  EXPECT_EQ(score_of(made), "mae");
  for (const auto& choice : made.search->choices)
    EXPECT_EQ(choice.range.has_value(), choice.name == "max_depth");
  const auto wrong = [&](const std::string& search) { return errors(whole + "search: " + search + "\n"); };
  EXPECT_EQ(wrong("{ grid: { max_dept: [2] } }")
                .find("t.yaml:16:19: error: unknown field 'max_dept' in random_forest, did "
                      "you mean 'max_depth'?"),
            0u);
  EXPECT_EQ(wrong("{ grid: { max_depth: [2, deep] } }"),
            "t.yaml:16:34: error: 'max_depth' in random_forest must be a whole number, found 'deep'\n");
  EXPECT_EQ(wrong("{ grid: { max_depth: [2] }, trials: 3 }"),
            "t.yaml:16:45: error: 'trials' belongs to a random or global search: a grid tries all combinations\n");
  EXPECT_EQ(wrong("{ grid: { max_depth: [2] }, score: accuracy }")
                .find("t.yaml:16:44: error: there is no measure 'accuracy'"),
            0u);
  EXPECT_NE(wrong("{ grid: {} }"), "");
  EXPECT_EQ(
      wrong("{ global: { max_depth: [2, 3] } }"),
      "t.yaml:16:32: error: 'max_depth' in random_forest must be a range in a global search: { from: 1, to: 10 }; "
      "what is a list can be searched at random\n");
  EXPECT_EQ(wrong("{ global: { max_depth: { from: 3, to: 3 } } }"),
            "t.yaml:16:32: error: 'from' must be less than 'to'\n");
}

TEST_F(training_file_test, only_csv_can_do_without_a_schema) {
  const std::string rest = "model: ridge\ntarget: a\nfeatures: [b]\nout: m.onnx\n";
  EXPECT_EQ(errors("name: t\ndata: { file: rows.csv }\n" + rest), "");
  EXPECT_NE(errors("name: t\ndata: { file: rows.ndjson }\n" + rest).find("give a 'schema'"), std::string::npos);
}

TEST_F(training_file_test, takes_schema_and_steps_of_a_pipeline) {
  const auto path = std::filesystem::temp_directory_path() / ("pipeline-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream{path} << "name: p\nsource: { file: in.csv }\nschema: { a: double, b: double }\n"
                         "preprocess:\n  - derive: { c: b * 2 }\nsink: { file: out.csv }\n";
  const std::string rest = "data: { file: rows.ndjson }\nmodel: ridge\ntarget: a\nfeatures: [c]\nout: m.onnx\n";
  const auto made = good("name: t\npipeline: " + path.string() + "\n" + rest);
  EXPECT_EQ(made.cleaning.schema.size(), 2u);
  EXPECT_EQ(made.cleaning.steps.size(), 1u);
  EXPECT_EQ(errors("name: t\npipeline: " + path.string() + "\nschema: { a: double }\n" + rest),
            "t.yaml:3:9: error: 'schema' comes from the pipeline's file, give one of both\n");
  std::filesystem::remove(path);
}

} // namespace
} // namespace weir::config
