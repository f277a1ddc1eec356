#include "config/model_keeper.hpp"

#include "config/compile.hpp"
#include "config/model_wish.hpp"
#include "models/kinds/model_kind.hpp"
#include "pipeline_fixture.hpp"
#include "tests/io/temporary_folder.hpp"

#include <filesystem>

namespace weir::config {
namespace {

/// A pipeline with a model of four inputs, whose file it may be asked to change.
class model_keeper_test : public test::pipeline_fixture {
protected:
  static std::string path_of(const std::string& name) { return WEIR_SOURCE_DIR "/tests/data/models/" + name + ".onnx"; }

  std::shared_ptr<const lane_plan> plan_of(const std::string& model = "regressor") {
    auto made = compile(good("name: tide\nsource: { file: in }\nsink: console\n"
                             "schema: { a: double, b: double, c: double, d: double }\ninfer:\n  - { model: '"
                             + path_of(model) + "', inputs: [a, b, c, d], as: risk }\n"));
    EXPECT_TRUE(made);
    return std::make_shared<const lane_plan>(*std::move(made));
  }

  core::chosen_model chosen(const std::string& name) {
    const auto wish = wish_for(*plan_of(), {}, {"infer.risk.model", path_of(name)}, "p.yaml");
    EXPECT_TRUE(wish) << wish.error().text();
    return wish->models.front();
  }

  core::model_swap_view current(std::uint64_t number, const std::string& name) {
    core::model_swap_view view;
    view.current = {number, {chosen(name)}};
    return view;
  }

  static core::record_block state_of(const core::model_choice& choice) {
    core::record_block changes;
    changes.append(core::model_choice_key, core::encode_model_choice(choice));
    return changes;
  }

  static std::string version_of(const model_set_ptr& models) { return models->models().at(0).version; }

  std::string problem_of(const std::string& setting, const std::string& value) {
    const auto wish = wish_for(*plan_of(), {}, {setting, value}, "p.yaml");
    return wish ? "" : wish.error().text();
  }
};

TEST_F(model_keeper_test, loads_what_is_proposed_and_takes_it_when_it_is_current) {
  const auto plan = plan_of();
  model_keeper keeper{plan};
  EXPECT_EQ(version_of(keeper.current()), "regressor@ced50237");
  core::model_swap_view view;
  view.proposed = core::model_choice{1, {chosen("deep_regressor")}};
  const auto wanted = keeper.hear(view);
  ASSERT_TRUE(wanted);
  EXPECT_FALSE(keeper.hear(view)) << "it is under way";
  keeper.loaded(load_models(*plan, *wanted));
  EXPECT_EQ(keeper.answer(), (core::model_answer{1, {}}));
  EXPECT_EQ(version_of(keeper.current()), "regressor@ced50237") << "the others may not be able";
  view.current = *view.proposed;
  view.proposed.reset();
  EXPECT_FALSE(keeper.hear(view));
  EXPECT_EQ(version_of(keeper.current()).substr(0, 15), "deep_regressor@");
  EXPECT_EQ(keeper.current()->choice().number, 1u);
}

TEST_F(model_keeper_test, loads_what_was_chosen_before_it_came) {
  const auto plan = plan_of();
  model_keeper keeper{plan};
  const auto view = current(5, "deep_regressor");
  const auto wanted = keeper.hear(view);
  ASSERT_TRUE(wanted);
  keeper.loaded(load_models(*plan, *wanted));
  EXPECT_EQ(keeper.current()->choice().number, 5u);
}

TEST_F(model_keeper_test, says_why_it_cannot_and_keeps_what_it_has) {
  const auto plan = plan_of();
  model_keeper keeper{plan};
  core::model_swap_view view;
  view.proposed = core::model_choice{1, {chosen("deep_regressor")}};
  view.proposed->models[0].path = "/no/such/file.onnx";
  keeper.loaded(load_models(*plan, *keeper.hear(view)));
  EXPECT_EQ(keeper.answer().number, 1u);
  EXPECT_NE(keeper.answer().problem.find("/no/such/file.onnx"), std::string::npos) << keeper.answer().problem;
  EXPECT_NE(keeper.answer().problem.find("infer.risk: "), std::string::npos) << keeper.answer().problem;

  view.proposed = core::model_choice{2, {chosen("deep_regressor")}};
  view.proposed->models[0].path = path_of("boosted_regressor");
  keeper.loaded(load_models(*plan, *keeper.hear(view)));
  EXPECT_NE(keeper.answer().problem.find("this is another file than the one that was chosen"), std::string::npos)
      << keeper.answer().problem;
  EXPECT_EQ(version_of(keeper.current()), "regressor@ced50237");
}

TEST_F(model_keeper_test, gives_a_lane_that_is_restored_the_models_that_it_had) {
  model_keeper keeper{plan_of()};
  const auto none = keeper.restore({});
  ASSERT_TRUE(none);
  EXPECT_EQ(version_of(*none), "regressor@ced50237");

  const auto newer = keeper.restore(state_of({7, {chosen("deep_regressor")}}));
  ASSERT_TRUE(newer);
  EXPECT_EQ(version_of(*newer).substr(0, 15), "deep_regressor@");
  EXPECT_EQ(keeper.current(), *newer) << "nobody knows of a newer choice";

  const auto older = keeper.restore(state_of({6, {chosen("boosted_regressor")}}));
  ASSERT_TRUE(older);
  EXPECT_EQ(version_of(*older).substr(0, 18), "boosted_regressor@");
  EXPECT_EQ(keeper.current(), *newer);

  auto gone = chosen("deep_regressor");
  gone.path = "/no/such/file.onnx";
  const auto lost = keeper.restore(state_of({8, {gone}}));
  ASSERT_FALSE(lost);
  EXPECT_NE(lost.error().text().find("put that file back, or name another model in the pipeline file"),
            std::string::npos)
      << lost.error().text();
}

TEST_F(model_keeper_test, takes_what_the_pipeline_file_says_once_that_names_another_model) {
  const core::model_choice choice{7, {chosen("deep_regressor")}};
  model_keeper edited{plan_of("boosted_regressor")};
  const auto restored = edited.restore(state_of(choice));
  ASSERT_TRUE(restored);
  EXPECT_EQ(version_of(*restored).substr(0, 18), "boosted_regressor@");
}

TEST_F(model_keeper_test, a_wish_that_cannot_be_is_refused_with_the_reason) {
  EXPECT_EQ(problem_of("infer.rik.model", path_of("deep_regressor")),
            "there is no setting 'infer.rik.model', did you mean 'infer.risk.model'? (there are: infer.risk.model, "
            "infer.risk.challenger, infer.risk.canary)");
  EXPECT_NE(problem_of("infer.risk.model", "nowhere.onnx").find("nowhere.onnx"), std::string::npos);
  EXPECT_EQ(
      problem_of("infer.risk.model", path_of("multiclass")),
      "the model makes 'risk' a string, the one of the pipeline file a double (what comes behind it is made for that "
      "type)");
  const io::test::temporary_folder folder;
  const models::training_data data{{{1, 2}, {1, 2}, {1, 2}}, {1, 2}, {"a", "b", "c"}};
  const auto small = folder.write("small.onnx", models::kinds::random_forest.train(data, 1, {})->file);
  EXPECT_EQ(problem_of("infer.risk.model", small), "the model takes 3 inputs, not 4 (its features: a, b, c)");
  EXPECT_EQ(problem_of("infer.risk.model", "default"), "");
}

TEST_F(model_keeper_test, a_challenger_is_chosen_and_becomes_a_canary_and_goes) {
  const auto plan = plan_of();
  core::model_choice choice;
  const auto set = [&](const std::string& setting, const std::string& value) {
    const auto wish = wish_for(*plan, choice, {setting, value}, "p.yaml");
    EXPECT_TRUE(wish) << wish.error().text();
    choice = {choice.number + 1, wish->is_default ? std::vector<core::chosen_model>{} : wish->models};
    const auto loaded = load_choice(plan->slots, *plan->models, choice);
    EXPECT_TRUE(loaded) << loaded.error().text();
    return (*loaded)->contests().front()->what();
  };
  EXPECT_EQ(problem_of("infer.risk.canary", "5%"),
            "there is no challenger that could be a canary (choose one: infer.risk.challenger)");
  const auto shadow = set("infer.risk.challenger", path_of("deep_regressor"));
  ASSERT_TRUE(shadow.challenger);
  EXPECT_EQ(shadow.canary, 0);
  EXPECT_EQ(set("infer.risk.canary", "5%").canary, 0.05);
  for (const auto* wrong : {"5", "five%", "-1%", "101%", ""})
    EXPECT_FALSE(wish_for(*plan, choice, {"infer.risk.canary", wrong}, "p.yaml")) << wrong;
  EXPECT_FALSE(set("infer.risk.challenger", "none").challenger);
  EXPECT_FALSE(set("infer.risk.challenger", "default").challenger);
}

} // namespace
} // namespace weir::config
