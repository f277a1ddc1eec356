#include "config/model_board.hpp"
#include "core/stats/dead_letter_reasons.hpp"
#include "lane_fixture.hpp"
#include "tests/models/online/streams.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace weir::config {
namespace {

using test::lane;

class online_models_test : public test::lane_fixture {};

/// A stream of tests/data/online as records, and its schema.
struct json_stream {
  explicit json_stream(const std::string& name) {
    const auto lines = weir::test::read_stream(name + ".csv");
    const auto& names = lines.front();
    const auto& truth = lines[1].back();
    const bool is_bool = truth == "true" || truth == "false";
    const bool is_text = !is_bool && std::isalpha(static_cast<unsigned char>(truth.front())) != 0;
    schema = "schema: {";
    for (std::size_t f = 0; f < names.size(); ++f)
      schema += (f == 0 ? " " : ", ") + names[f] + ": "
                + (f + 1 < names.size() ? "double"
                   : is_bool            ? "bool"
                   : is_text            ? "string"
                                        : "double");
    schema += " }\n";
    for (std::size_t i = 1; i < lines.size(); ++i) {
      std::string record = "{";
      for (std::size_t f = 0; f < names.size(); ++f) {
        const bool is_quoted = is_text && f + 1 == names.size();
        record += (f == 0 ? "\"" : ",\"") + names[f] + "\":" + (is_quoted ? '"' + lines[i][f] + '"' : lines[i][f]);
      }
      records.push_back(record + "}");
    }
  }

  std::string schema;
  std::vector<std::string> records;
};

std::string label_at(const core::column& labels, core::row_index row) {
  if (labels.is_null(row))
    return {};
  return labels.type == core::column_type::string ? std::string{labels.text[row]}
         : labels.i64[row] != 0                   ? "true"
                                                  : "false";
}

TEST_F(online_models_test, say_of_each_record_what_river_says) {
  const auto lines = weir::test::read_stream("predictions.csv", '\t');
  ASSERT_GE(lines.size(), 18u);
  for (const auto& line : lines) {
    SCOPED_TRACE(line[0]);
    const json_stream stream{line[1]};
    lane model{plan(stream.schema + "infer: [ " + line[0] + " ]\n")};
    const auto& columns = *model.plan().columns;
    const auto expected = weir::test::parts_of(line[3], ' ');
    ASSERT_EQ(expected.size(), std::stoul(line[2]));
    const auto probability = columns.find("p");
    for (std::size_t begin = 0; begin < expected.size(); begin += 77) {
      const auto end = std::min(expected.size(), begin + 77);
      const auto batch = model.run({stream.records.begin() + static_cast<std::ptrdiff_t>(begin),
                                    stream.records.begin() + static_cast<std::ptrdiff_t>(end)});
      ASSERT_EQ(batch.rows.size(), end - begin) << reasons(batch).front();
      const auto& said = batch.at(*columns.find("said"));
      for (std::size_t i = begin; i < end; ++i) {
        const auto row = static_cast<core::row_index>(i - begin);
        if (said.type == core::column_type::float64) {
          const auto wanted = std::stod(expected[i]);
          ASSERT_NEAR(said.f64[row], wanted, 1e-9 * std::max(1.0, std::abs(wanted))) << i;
          continue;
        }
        const auto wanted = weir::test::parts_of(expected[i], ':');
        ASSERT_EQ(label_at(said, row), wanted[0]) << i;
        if (wanted.size() > 1) {
          ASSERT_NEAR(batch.at(*probability).f64[row], std::stod(wanted[1]), 1e-9) << i;
        }
      }
    }
    EXPECT_EQ(model.counts().learned, expected.size());
    EXPECT_EQ(model.counts().not_learned, 0u);
  }
}

TEST_F(online_models_test, predict_first_and_learn_then) {
  lane model{plan("schema: { x: double, y: double }\n"
                  "infer: [ { sgd_regressor: y, inputs: [x], as: said, standardize: false } ]\n")};
  // intercept and weight 0.01 * 2 * 5 after the first record; the third has no truth
  EXPECT_EQ(model.output({R"({"x":1,"y":5})", R"({"x":1,"y":null})", R"({"x":2,"y":null})"}),
            "{\"x\":1,\"y\":5,\"said\":0}\n{\"x\":1,\"y\":null,\"said\":0.2}\n{\"x\":2,\"y\":null,\"said\":"
            "0.30000000000000004}\n");
  EXPECT_EQ(model.counts().learned, 1u);
}

TEST_F(online_models_test, count_how_far_they_were_from_the_truth_before_they_learned_it) {
  const auto made = plan("schema: { x: double, y: double, kind: string }\n"
                         "infer:\n  - { sgd_regressor: y, inputs: [x], as: said, standardize: false }\n"
                         "  - { gaussian_nb: kind, inputs: [x], as: kind_said }\n");
  const model_board board{made.models, made.learning};
  for (int i = 0; i < 2; ++i) // the lanes of a node count together
    lane{made}.output(
        {R"({"x":1,"y":5,"kind":"a"})", R"({"x":1,"y":null,"kind":"a"})", R"({"x":1,"y":1.2,"kind":"b"})"});
  const auto said = board.report();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].step, "said");
  EXPECT_EQ(said[0].figures.champion.rows, 6u);
  EXPECT_EQ(said[0].figures.champion.truths, 4u);
  EXPECT_DOUBLE_EQ(said[0].figures.champion.absolute_error, 2 * (5 + 1));
  EXPECT_DOUBLE_EQ(said[0].figures.champion.square_error, 2 * (25 + 1));
  EXPECT_EQ(said[1].step, "kind_said");
  EXPECT_EQ(said[1].figures.champion.truths, 4u); // the first has no prediction
  EXPECT_EQ(said[1].figures.champion.correct, 2u);
}

TEST_F(online_models_test, have_a_model_for_each_key) {
  const std::string schema = "schema: { k: string, x: double, y: double }\n";
  const std::string step = "{ sgd_regressor: y, inputs: [x], as: said";
  lane by_key{plan(schema + "infer: [ " + step + ", by: k } ]\n")};
  lane only_a{plan(schema + "infer: [ " + step + " } ]\n")};
  std::vector<std::string> records, of_a;
  for (int i = 0; i < 60; ++i) {
    const auto fields = "\"x\":" + std::to_string(i * 7 % 13) + ",\"y\":" + std::to_string(i * 5 % 11) + "}";
    of_a.push_back("{\"k\":\"a\"," + fields);
    records.push_back(of_a.back());
    records.push_back("{\"k\":\"b\",\"x\":" + std::to_string(i) + ",\"y\":1000}");
  }
  const auto mixed = by_key.run(records);
  const auto alone = only_a.run(of_a);
  const auto& said = mixed.at(*by_key.plan().columns->find("said"));
  const auto& said_alone = alone.at(*only_a.plan().columns->find("said"));
  for (std::size_t i = 0; i < of_a.size(); ++i)
    EXPECT_EQ(said.f64[2 * i], said_alone.f64[i]) << i;
  EXPECT_EQ(by_key.counts().keys, 2u);
}

TEST_F(online_models_test, records_that_cannot_be_learned_from_go_to_the_dead_letters) {
  lane model{plan(R"(
schema: { x: double, z: int, y: double, label: string }
preprocess: [ { derive: { q: x / z } } ]
infer:
  - { sgd_regressor: y, inputs: [q, z], as: said }
  - { sgd_classifier: label, inputs: [z], classes: [cat, dog], as: animal }
)")};
  const std::string good_record = R"({"x":1,"z":2,"y":3,"label":"cat"})";
  const auto batch =
      model.run({good_record, R"({"x":1,"z":null,"y":3,"label":"cat"})", R"({"x":1e308,"z":0,"y":3,"label":"cat"})",
                 R"({"x":1,"z":2,"y":3,"label":"cow"})", R"({"x":1,"z":2,"y":3,"label":null})", good_record});
  const auto why = reasons(batch);
  ASSERT_EQ(why.size(), 3u);
  EXPECT_EQ(why[0], "1 infer: input 'q' is null");
  EXPECT_EQ(why[1].substr(0, 8), "2 infer:") << why[1];
  EXPECT_EQ(why[2], "3 infer: label 'label' is none of the classes");
  EXPECT_EQ(batch.rows, (std::vector<core::row_index>{0, 4, 5}));
  const auto code = core::dead_letter_reason_of(core::stage::infer, "label 'label' is none of the classes");
  EXPECT_EQ(core::dead_letter_reason_table[code].code, "unknown_class");
}

TEST_F(online_models_test, find_the_classes_that_come_and_refuse_labels_that_are_too_long) {
  lane model{plan("schema: { x: double, kind: string, n: int }\ninfer:\n"
                  "  - { gaussian_nb: kind, inputs: [x], max_classes: 2, as: said }\n"
                  "  - { sgd_classifier: n, inputs: [x], classes: [7, -3], as: number, probability: p }\n")};
  const auto record = [](const std::string& x, const std::string& kind, const std::string& n) {
    return "{\"x\":" + x + ",\"kind\":\"" + kind + "\",\"n\":" + n + "}";
  };
  const auto batch = model.run({record("1", "", "7"), record("2", std::string(64, 'a'), "7"), record("9", "b", "-3"),
                                record("1.5", "", "7"), record("8", "b", "-3"), record("1.2", "c", "7")});
  EXPECT_EQ(reasons(batch), (std::vector<std::string>{"1 infer: label 'kind' has 64 bytes; 63 are the most"}));
  const auto& columns = *model.plan().columns;
  const auto& said = batch.at(*columns.find("said"));
  EXPECT_TRUE(said.is_null(0));
  EXPECT_FALSE(said.is_null(2)); // the empty text is a class too
  EXPECT_EQ(said.text[2], "");
  EXPECT_EQ(said.text[5], "");
  EXPECT_EQ(batch.at(*columns.find("number")).i64[5], 7);
  EXPECT_EQ(model.counts().not_learned, 1u); // c is one class too many
}

TEST_F(online_models_test, numbers_that_are_not_finite_are_refused_by_the_columns_name) {
  lane model{plan(R"(
schema: { x: double, y: double }
preprocess: [ { derive: { big: x * x, target: y * y } } ]
infer: [ { sgd_regressor: target, inputs: [big], as: said } ]
)")};
  const auto batch = model.run({R"({"x":1e200,"y":1})", R"({"x":1,"y":1e200})", R"({"x":1,"y":1})"});
  EXPECT_EQ(reasons(batch), (std::vector<std::string>{"0 infer: input 'big' is not a finite number",
                                                      "1 infer: truth 'target' is not a finite number"}));
  EXPECT_EQ(model.counts().learned, 1u);
  const auto code = core::dead_letter_reason_of(core::stage::infer, "input 'big' is not a finite number");
  EXPECT_EQ(core::dead_letter_reason_table[code].code, "not_finite");
}

TEST_F(online_models_test, are_read_by_what_comes_behind_and_read_what_comes_before) {
  lane model{plan(R"(
schema: { k: { type: string, key: true }, x: double, y: double }
aggregate: [ { rolling: mean, of: x, by: k, last: 3, as: mean_3 } ]
infer: [ { sgd_regressor: y, inputs: [mean_3], as: said } ]
detect: [ { threshold: said, above: 0.01, as: high } ]
alerts: [ { name: high, when: said > 0.01, severity: low } ]
)")};
  const auto batch = model.run({R"({"k":"a","x":1,"y":5})", R"({"k":"a","x":2,"y":5})", R"({"k":"a","x":4,"y":5})"});
  EXPECT_EQ(reasons(batch), std::vector<std::string>{});
  EXPECT_EQ(batch.at(*model.plan().columns->find("high")).i64, (std::vector<std::int64_t>{0, 1, 1}));
  ASSERT_NE(batch.alerts, nullptr);
  EXPECT_GE(batch.alerts->size(), 1u);
}

TEST_F(online_models_test, a_window_behind_the_model_reads_what_it_says) {
  lane model{plan(R"(
schema: { k: { type: string, key: true }, x: double, y: double }
infer: [ { sgd_regressor: y, inputs: [x], as: said } ]
aggregate: [ { rolling: max, of: said, by: k, last: 3, as: most_said } ]
)")};
  const auto batch = model.run({R"({"k":"a","x":1,"y":5})", R"({"k":"a","x":2,"y":5})"});
  const auto& columns = *model.plan().columns;
  EXPECT_EQ(batch.at(*columns.find("most_said")).f64, batch.at(*columns.find("said")).f64);
}

TEST_F(online_models_test, go_on_after_a_restart_as_if_they_had_never_stopped) {
  const json_stream stream{"image_segments"};
  const auto sections = stream.schema + R"(infer:
  - { sgd_classifier: category, inputs: [intensity-mean, hue-mean], as: all, probability: p }
  - { sgd_regressor: hue-mean, inputs: [exred-mean, intensity-mean], by: category, max_keys: 3, as: hue }
  - { passive_aggressive_classifier: category, inputs: [intensity-mean, hue-mean], max_classes: 3, as: passive }
  - { recursive_least_squares: hue-mean, inputs: [exred-mean, intensity-mean], as: squares }
  - { kernel_recursive_least_squares: hue-mean, inputs: [exred-mean, intensity-mean], gamma: 0.01, by: category, as: curve }
  - { gaussian_nb: category, inputs: [intensity-mean, hue-mean], by: category, as: bayes }
  - { hoeffding_tree_classifier: category, inputs: [intensity-mean, hue-mean], tau: 0.9, grace_period: 10, as: tree }
  - { hoeffding_tree_regressor: hue-mean, inputs: [exred-mean, intensity-mean], tau: 0.9, grace_period: 10, as: values }
  - { adaptive_random_forest_classifier: category, inputs: [intensity-mean, hue-mean], n_models: 3, as: forest }
  - { adaptive_random_forest_regressor: hue-mean, inputs: [exred-mean, intensity-mean], n_models: 3, max_values: 20, as: hues }
)";
  lane steady{plan(sections)};
  lane restarted{plan(sections)};
  for (std::size_t i = 0; i < stream.records.size(); i += 15) {
    const auto from = stream.records.begin() + static_cast<std::ptrdiff_t>(i);
    const auto expected = steady.output({from, from + 15});
    auto got = restarted.output({from, from + 4});
    got += restarted.output({from + 4, from + 15});
    ASSERT_EQ(got, expected) << i;
    restarted.commit();
    if (i % 2 == 0) {
      // what comes after the commit is lost, and read again
      restarted.output({stream.records.begin(), stream.records.begin() + 9});
      ASSERT_EQ(restarted.restart(), "");
    }
  }
  EXPECT_EQ(steady.counts().keys, restarted.counts().keys);
}

TEST_F(online_models_test, do_not_take_the_weights_of_other_settings) {
  const std::string schema = "schema: { a: double, b: double, y: double }\ninfer: [ ";
  lane model{plan(schema + "{ sgd_regressor: y, inputs: [a, b], as: said } ]\n")};
  model.run({R"({"a":1,"b":2,"y":5})"});
  model.commit();
  const std::string error =
      "the state of 'said' was written with other settings (restore these settings, or delete the pipeline's state)";
  for (const auto* other :
       {"{ sgd_regressor: y, inputs: [b, a], as: said }", "{ sgd_regressor: y, inputs: [a], as: said }",
        "{ sgd_regressor: y, inputs: [a, b], as: said, standardize: false }",
        "{ sgd_regressor: y, inputs: [a, b], as: said, l1: 0.1 }",
        "{ sgd_regressor: y, inputs: [a, b], as: said, loss: huber }"})
    EXPECT_EQ(model.restart_as(plan(schema + other + " ]\n")), error) << other;
  EXPECT_EQ(model.restart_as(plan(schema + "{ sgd_regressor: y, inputs: [a, b], as: said, learning_rate: 1 } ]\n")),
            "");
}

TEST_F(online_models_test, say_what_is_wrong_with_their_settings) {
  const std::string schema = "schema: { k: string, x: double, i: int, f: bool, y: double }\ninfer: [ ";
  const auto wrong = [&](const std::string& step) {
    const auto text = compile_errors(schema + step + " ]\n");
    const auto begin = text.find("error: ");
    return begin == std::string::npos ? text : text.substr(begin + 7);
  };
  EXPECT_EQ(wrong("{ sgd_regressor: y, inputs: [x, y], as: a }"),
            "the truth cannot be an input: the model would have nothing to learn\n");
  EXPECT_EQ(wrong("{ sgd_regressor: k, inputs: [x], as: a }").substr(0, 52),
            "inference needs a number, 'k' is a string: declare i");
  EXPECT_EQ(wrong("{ sgd_regressor: y, inputs: [x], as: a, l1: 1, l2: 1 }"),
            "'l1' and 'l2' are not for the same model, give one\n");
  EXPECT_EQ(wrong("{ sgd_regressor: y, inputs: [x], as: a, epsilon: 1 }"),
            "'epsilon' belongs to 'loss: huber' and 'loss: epsilon_insensitive'\n");
  EXPECT_EQ(wrong("{ sgd_classifier: y, inputs: [x], as: a }"),
            "the truth of a classifier is a bool, an int or a string, 'y' is a double\n");
  EXPECT_EQ(wrong("{ sgd_classifier: i, inputs: [x], classes: [0, one], as: a }"), "'one' is no label of an int\n");
  EXPECT_EQ(wrong("{ sgd_classifier: f, inputs: [x], classes: [no, yes], as: a }"),
            "the classes of a bool are false and true: remove 'classes'\n");
  EXPECT_EQ(wrong("{ sgd_classifier: k, inputs: [x], classes: [a], as: a }"), "'classes' needs two labels at least\n");
  EXPECT_EQ(wrong("{ sgd_classifier: k, inputs: [x], loss: hinge, as: a, probability: p }"),
            "'loss: hinge' has no probabilities: take log_loss or modified_huber\n");
}

} // namespace
} // namespace weir::config
