#include "config/compile.hpp"
#include "config/lane_runner.hpp"
#include "models/kinds/model_kind.hpp"
#include "pipeline_fixture.hpp"
#include "tests/io/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

class compile_test : public test::pipeline_fixture {
protected:
  /// Compiles a pipeline from a file to the console with these sections as well.
  lane_plan plan(const std::string& sections) {
    auto made = compile(good("name: p\nsource: { file: in }\nsink: console\n" + sections));
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      ADD_FAILURE() << d.text();
    return made ? *made : lane_plan{};
  }

  std::string compile_errors(const std::string& sections) {
    auto made = compile(good("name: p\nsource: { file: in }\nsink: console\n" + sections));
    std::string text;
    for (const auto& d : made ? std::vector<diagnostic>{} : made.error())
      text += d.text() + "\n";
    return text;
  }

  /// What a lane of `plan` writes for records, a second apart, that all have the key `k`.
  static core::batch run(const lane_plan& plan, const std::vector<std::string>& records, std::string* out = nullptr) {
    auto raw = std::make_shared<core::raw_block>();
    for (std::size_t i = 0; i < records.size(); ++i)
      raw->append(static_cast<std::int64_t>(i), static_cast<std::int64_t>(1000 * i), "k", 1, records[i].data(),
                  records[i].size());
    raw->seal();
    auto batch = *lane_runner{plan}.run(raw);
    core::record_block written;
    plan.make_writer()->write(batch, written);
    for (std::size_t i = 0; out != nullptr && i < written.size(); ++i)
      *out += std::string{written.value(i)} + "\n";
    return batch;
  }

  static std::string output(const lane_plan& plan, const std::vector<std::string>& records) {
    std::string lines;
    run(plan, records, &lines);
    return lines;
  }
};

TEST_F(compile_test, makes_a_lane_that_cleans_aggregates_and_detects) {
  auto lane = plan(R"(
schema: { id: { type: string, key: true }, x: double, at: timestamp, device: string }
preprocess:
  - drop_null: x
  - filter: x > 1
  - derive: { hour: hour(at), twice: 2 * x }
  - encode: { device: [atm, web], as: code }
aggregate:
  - { rolling: mean, of: x, by: id, last: 2, as: mean_2 }
detect:
  - { threshold: x, above: 3, as: high, score: over }
)");
  EXPECT_EQ(output(lane, {R"({"id":"a","x":2,"at":"2026-01-05T13:45:10Z","device":"web","other":[1]})",
                          R"({"id":"a","x":1,"at":null,"device":"atm"})", R"({"id":"a","x":null})",
                          R"({"id":"a","x":4,"device":"fax"})"}),
            R"({"id":"a","x":2,"at":"2026-01-05T13:45:10Z","device":"web","other":[1],)"
            R"("hour":13,"twice":4,"code":1,"mean_2":2,"over":0,"high":false})"
            "\n"
            R"({"id":"a","x":4,"device":"fax","hour":null,"twice":8,"code":null,"mean_2":3,"over":1,"high":true})"
            "\n");
}

TEST_F(compile_test, replaces_fields_that_a_step_makes_anew) {
  auto lane = plan("schema: { x: double }\npreprocess:\n  - derive: { x: x + 1, new: x * 10 }\n");
  EXPECT_EQ(output(lane, {R"({"x":1,"new":"a field that the schema does not have","y":0})"}),
            "{\"y\":0,\"x\":2,\"new\":20}\n");
}

TEST_F(compile_test, drops_columns_and_fields) {
  auto lane = plan("schema: { x: double }\noutput: { drop: [x, y, made] }\n"
                   "preprocess:\n  - derive: { made: x + 1, kept: made + 1 }\n");
  EXPECT_EQ(output(lane, {R"({"x":1,"y":2,"z":3})"}), "{\"z\":3,\"kept\":3}\n");
}

TEST_F(compile_test, writes_csv_from_json) {
  auto made = compile(good("name: p\nsource: { file: in }\nsink: { console: {}, format: csv }\n"
                           "schema: { x: double, s: string }\npreprocess:\n  - derive: { y: x + 1 }\n"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->sink_header(), "x,s,y");
  EXPECT_EQ(output(*made, {R"({"s":"a,b","x":1})"}), "1,\"a,b\",2\n");
}

TEST_F(compile_test, reads_csv_with_the_header_of_the_file) {
  auto made = compile(good("name: p\nsource: { file: in, format: csv, header: [s, x, more] }\nsink: console\n"
                           "schema: { x: double }\npreprocess:\n  - derive: { y: x + 1 }\noutput.drop: s\n"));
  ASSERT_TRUE(made);
  EXPECT_EQ(output(*made, {"a,1,b"}), "{\"x\":1,\"more\":\"b\",\"y\":2}\n");
}

TEST_F(compile_test, a_column_that_is_watched_over_all_lanes_has_values_for_alerts_and_none_for_records) {
  auto lane = plan(R"(
schema: { id: string, x: double, kind: string }
drift:
  - { data_drift: x, scope: pipeline, window: 500, baseline_size: 200, as: x_drifts, drift_percent: x_drift }
  - { data_drift: kind, scope: pipeline, window: 500, baseline_size: 200, baseline: sliding, as: kind_drifts }
alerts:
  - { name: drift, when: engine.drifting_columns > 0 }
  - { name: x, when: x_drifts > 0 and x_drift > 5 }
  - { name: record, when: x > 3 and x_drift > 5 }
)");
  ASSERT_TRUE(lane.drift && lane.drift_news);
  EXPECT_EQ(lane.drift->window, 500u);
  ASSERT_EQ(lane.drift->columns.size(), 2u);
  EXPECT_TRUE(lane.drift->columns[1].is_text);
  EXPECT_EQ(lane.drift->columns[1].how.baseline, core::drift_baseline::sliding);
  EXPECT_EQ(lane.engine_rules.size(), 2u);
  EXPECT_EQ(lane.lane_rules->rules.size(), 1u);
  EXPECT_EQ(output(lane, {R"({"x":1})"}), "{\"x\":1}\n") << "records go through as they were";
  EXPECT_EQ(lane.state_needs().at(0).name, "the drift of the stream");
}

TEST_F(compile_test, runs_the_alert_rules_of_a_lane_last) {
  auto lane = plan(R"(
schema: { id: string, x: double }
aggregate:
  - { rolling: mean, of: x, over: 5m, as: mean_5m }
detect:
  - { threshold: x, above: 3, as: high }
alerts:
  - { name: spike, when: high and x > mean_5m, by: id, severity: critical, summary: "{x} over {mean_5m}" }
  - { name: behind, when: engine.lag > 1000 }
  - { name: busy, when: mean_5m > 50 }
)");
  EXPECT_EQ(lane.engine_rules.size(), 2u);
  ASSERT_EQ(lane.cluster_aggregates.size(), 1u);
  EXPECT_EQ(lane.cluster_aggregates[0].window.panes, 60u);
  lane.cluster->set("mean_5m", 3.5);
  auto batch = run(lane, {R"({"id":"a","x":3.2})", R"({"id":"a","x":3.7})"});
  ASSERT_TRUE(batch.alerts);
  ASSERT_EQ(batch.alerts->size(), 1u);
  EXPECT_NE(batch.alerts->value(0).find(R"("summary":"3.7 over 3.5")"), std::string::npos);

  std::vector<std::string> remembered;
  for (const auto& need : lane.state_needs())
    if (need.most > 0)
      remembered.push_back(need.name);
  EXPECT_EQ(remembered, (std::vector<std::string>{"mean_5m", "alerts"}));

  auto engine = lane.make_engine_alerts();
  core::record_block out;
  engine.evaluate({{"engine.lag", 2000}, {"mean_5m", 60}}, 0, out);
  EXPECT_EQ(out.size(), 2u);
}

TEST_F(compile_test, names_the_version_of_a_model_in_outputs_that_ask_for_it_and_in_every_alert) {
  auto lane = plan(R"(
schema: { a: double, b: double, c: double, d: double }
infer:
  - { model: )" WEIR_SOURCE_DIR
                   R"(/tests/data/models/regressor.onnx, inputs: [a, b, c, d], as: risk, version_as: model }
output: { drop: [risk] }
alerts:
  - { name: risky, when: risk > -1000 }
)");
  ASSERT_EQ(lane.models->models().size(), 1u);
  EXPECT_EQ(lane.models->models()[0].column, "risk");
  EXPECT_EQ(lane.models->models()[0].version, "regressor@ced50237");
  std::string out;
  const auto batch = run(lane, {R"({"a":1,"b":2,"c":3,"d":4})"}, &out);
  EXPECT_EQ(out, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"model\":\"regressor@ced50237\"}\n");
  ASSERT_TRUE(batch.alerts);
  EXPECT_NE(batch.alerts->value(0).find(R"("models":{"risk":"regressor@ced50237"}})"), std::string::npos)
      << batch.alerts->value(0);
}

TEST_F(compile_test, a_model_has_a_challenger_and_rules_between_both) {
  const std::string folder = WEIR_SOURCE_DIR "/tests/data/models/";
  const auto with = [&](const std::string& more) {
    return "schema: { a: double, b: double, c: double, d: double, paid: double }\ninfer:\n  - { model: " + folder
           + "regressor.onnx, inputs: [a, b, c, d], as: risk, " + more + " }\n";
  };
  const auto made = plan(with("truth: paid, challenger: " + folder
                              + "deep_regressor.onnx, canary: 5%, "
                                "promote: when challenger.rmse < 0.95 * champion.rmse over 10000, "
                                "rollback: challenger.refused > 0.01 over 1000"));
  const auto& what = made.models->contests().front()->what();
  ASSERT_TRUE(what.challenger);
  EXPECT_EQ(what.canary, 0.05);
  EXPECT_TRUE(what.truth);
  ASSERT_EQ(made.contest_rules.size(), 2u);
  EXPECT_TRUE(made.contest_rules[0].promotes);
  EXPECT_EQ(made.contest_rules[0].over, 10000u);
  EXPECT_FALSE(made.contest_rules[1].promotes);
  ASSERT_TRUE(made.contest_rules[1].challenger);
  EXPECT_EQ(made.contest_rules[1].challenger->path, folder + "deep_regressor.onnx");

  const auto said = [&](const std::string& more) { return compile_errors(with(more)); };
  EXPECT_NE(said("challenger: nowhere.onnx").find("nowhere.onnx"), std::string::npos);
  EXPECT_NE(said("canary: 5%").find("'canary' needs a 'challenger'"), std::string::npos);
  EXPECT_NE(said("canary: much, challenger: " + folder + "deep_regressor.onnx").find("'canary' is a share of keys: 5%"),
            std::string::npos);
  EXPECT_NE(said("challenger: " + folder + "multiclass.onnx").find("the model makes 'risk' a string"),
            std::string::npos);
}

TEST_F(compile_test, makes_no_operator_where_there_is_nothing_to_keep) {
  auto lane = plan("schema: { x: double }\n");
  EXPECT_EQ(lane.make_operators(), std::vector<operator_list>{{}});
}

TEST_F(compile_test, says_at_its_place_that_a_model_cannot_be_read_and_not_what_the_environment_holds) {
  variables["MODEL"] = "secret.onnx";
  const auto said = compile_errors("schema: { x: double }\ninfer:\n  - { model: '${MODEL}', inputs: [x], as: risk }\n");
  EXPECT_EQ(said.find("p.yaml:6:14: error: "), 0u) << said;
  EXPECT_EQ(said.find("secret"), std::string::npos) << said;
}

TEST_F(compile_test, takes_the_inputs_of_a_model_in_the_order_of_its_features_unless_the_step_says_otherwise) {
  const io::test::temporary_folder folder;
  const models::training_data data{{{1, 2}, {1, 2}, {1, 2}, {1, 2}}, {1, 2}, {"a", "b", "c", "d"}};
  variables["MODEL"] = folder.write("risk.onnx", models::kinds::random_forest.train(data, 1, {})->file);
  const auto with_inputs = [](const std::string& inputs) {
    return "schema: { a: double, b: double, c: double, d: double }\ninfer:\n  - { model: '${MODEL}', inputs: [" + inputs
           + ", as: risk }\n";
  };
  EXPECT_EQ(plan(with_inputs("a, b, c, d]")).slots.size(), 1u);
  EXPECT_EQ(compile_errors(with_inputs("a, c, b, d]")),
            "p.yaml:6:35: error: the inputs are in another order than the model's features: the inputs are [a, c, b, "
            "d], the features [a, b, c, d]: order them as the features are, or say 'inputs_as_given: true'\n");
  EXPECT_EQ(plan(with_inputs("a, c, b, d], inputs_as_given: true")).slots.size(), 1u);

  variables["INPUT"] = "c";
  const auto hidden = compile_errors(with_inputs("a, '${INPUT}', b, d]"));
  EXPECT_NE(hidden.find("the inputs are ["), std::string::npos) << hidden;
  EXPECT_EQ(hidden.find("[a, c, b, d]"), std::string::npos) << hidden;
}

TEST_F(compile_test, takes_the_inputs_that_a_models_file_names_where_the_step_names_none) {
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/columns_one_hot.onnx";
  const std::string step = "infer:\n  - { model: '${MODEL}', as: price }\n";
  const auto lane = plan("schema: { ratio: double, hour: int, colour: string, amount: double }\n" + step);
  const auto lines = output(lane, {R"({"ratio":1.5,"hour":3,"colour":"green","amount":55.5})"});
  EXPECT_EQ(lines.find(R"({"ratio":1.5,"hour":3,"colour":"green","amount":55.5,"price":")"), 0u) << lines;
  EXPECT_EQ(compile_errors("schema: { ratio: double, hour: int, amount: double }\n" + step),
            "p.yaml:6:14: error: unknown column 'colour' in inference\n");
  EXPECT_EQ(compile_errors("schema: { ratio: double, hour: int, amount: double, colour: double }\n" + step),
            "p.yaml:6:14: error: inference needs a string, 'colour' is a double\n");
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/ridge.onnx";
  EXPECT_EQ(compile_errors("schema: { x: double }\n" + step),
            "p.yaml:6:14: error: the model's file does not name its features: name a column for each in 'inputs'\n");
}

TEST_F(compile_test, a_model_of_numbers_takes_no_text) {
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/one_feature.onnx";
  EXPECT_EQ(compile_errors("schema: { x: string }\ninfer:\n  - { model: '${MODEL}', inputs: [x], as: y }\n"),
            "p.yaml:6:35: error: inference needs a number, 'x' is a string: declare it as a number, or make one of it "
            "with 'encode' in preprocess\n");
}

TEST_F(compile_test, says_the_probabilities_of_classes_and_chooses_from_a_threshold_on) {
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/stump.onnx";
  const auto with = [](const std::string& more) {
    return "schema: { a: double, b: double, c: double, d: double, e: double }\n"
           "infer:\n  - { model: '${MODEL}', inputs: [a, b, c, d, e], as: y, "
           + more + " }\noutput: { drop: [a, b, c, d, e] }\n";
  };
  const std::vector<std::string> records{R"({"a":50,"b":1,"c":1,"d":0,"e":0})", R"({"a":50,"b":1,"c":1,"d":1,"e":0})"};
  const auto labels_of = [&](const std::string& more) { return output(plan(with(more)), records); };
  const auto usual = labels_of("probability: p");
  EXPECT_EQ(usual.find(R"({"y":0,"p":0.)"), 0u) << usual;
  EXPECT_NE(usual.find(R"({"y":1,"p":0.)"), std::string::npos) << usual;
  EXPECT_NE(labels_of("probabilities: { '0': no, '1': yes }").find(R"("no":0.)"), std::string::npos);
  EXPECT_EQ(labels_of("threshold: 0"), "{\"y\":1}\n{\"y\":1}\n");
  EXPECT_EQ(labels_of("threshold: 1"), "{\"y\":0}\n{\"y\":0}\n");
  EXPECT_EQ(compile_errors(with("probabilities: { fraud: p }")),
            "p.yaml:6:14: error: the model has no class 'fraud': its classes: 0, 1\n");
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/forest_named_classes.onnx";
  EXPECT_EQ(compile_errors(with("threshold: 0.3")),
            "p.yaml:6:14: error: a threshold chooses between two classes, not 3\n");
}

TEST_F(compile_test, a_model_of_several_targets_makes_a_column_for_each) {
  variables["MODEL"] = WEIR_SOURCE_DIR "/tests/data/onnx/forest_several_targets.onnx";
  const auto with = [](const std::string& as) {
    return "schema: { a: double, b: double, c: double, d: double, e: double }\n"
           "infer:\n  - { model: '${MODEL}', inputs: [a, b, c, d, e], as: "
           + as + " }\n";
  };
  const auto lines = output(plan(with("[x, y, z]")), {R"({"a":50,"b":1,"c":1,"d":0,"e":0})"});
  EXPECT_NE(lines.find(R"("e":0,"x":)"), std::string::npos) << lines;
  EXPECT_NE(lines.find(R"(,"z":)"), std::string::npos) << lines;
  EXPECT_EQ(compile_errors(with("x")),
            "p.yaml:6:14: error: the model predicts 3 values, not 1: name a column for each in 'as'\n");
}

TEST_F(compile_test, keeps_aggregates_behind_the_models_unless_one_is_an_input) {
  const std::string sections = "schema: { x: double, id: string }\n"
                               "aggregate:\n  - { rolling: mean, of: x, by: id, last: 2, as: m }\n"
                               "infer:\n  - { model: r.onnx, inputs: [x, INPUT], as: risk }\n";
  auto with_input = [&](const std::string& name) {
    auto text = sections;
    text.replace(text.find("INPUT"), 5, name);
    return good("name: p\nsource: { file: in }\nsink: console\n" + text).steps.front()->section();
  };
  EXPECT_EQ(with_input("m"), "aggregate");
  EXPECT_EQ(with_input("other"), "infer");
}

TEST_F(compile_test, says_which_window_is_out_of_range) {
  auto text = errors("name: p\nsource: { file: in }\nsink: console\nschema: { x: double, id: string }\naggregate:\n"
                     "  - { rolling: mean, of: x, by: id, over: 5ms, panes: 10, as: m }\n");
  EXPECT_TRUE(text.starts_with("p.yaml:6:5: error: the window of 'm' is out of range")) << text;
}

} // namespace
} // namespace weir::config
