#include "config/model_follower.hpp"

#include "config/compile.hpp"
#include "config/model_wish.hpp"
#include "models/registry/registered_model.hpp"
#include "pipeline_fixture.hpp"
#include "tests/io/temporary_folder.hpp"

#include <filesystem>

namespace weir::config {
namespace {

namespace fs = std::filesystem;

/// A pipeline whose one model is followed.
class model_follower_test : public test::pipeline_fixture {
protected:
  static std::string bytes_of(const std::string& model) { return test::data_file("models/" + model + ".onnx"); }

  /// Compiles a pipeline with such a step, and looks at what it follows from now on.
  void follow(const std::string& model, const std::string& alias) {
    auto made = compile(
        good("name: p\nsource: { file: in }\nsink: console\nschema: { a: double, b: double, c: double, d: double }\n"
             "infer:\n  - { model: '"
             + model + "', follow: " + alias + ", inputs: [a, b, c, d], as: risk }\n"));
    ASSERT_TRUE(made) << made.error().front().text();
    plan = std::make_shared<const lane_plan>(*std::move(made));
    follower.emplace(plan->slots);
    now = plan->models;
  }

  /// What it wants, and says.
  std::vector<core::model_wish> look() {
    problems.clear();
    return follower->look(*now, problems);
  }

  /// The pipeline does as was wished.
  void take(const core::model_wish& wish) {
    const auto made = load_choice(plan->slots, *plan->models, {now->choice().number + 1, wish.models});
    ASSERT_TRUE(made) << made.error().text();
    now = *made;
  }

  io::test::temporary_folder folder;
  std::shared_ptr<const lane_plan> plan;
  std::optional<model_follower> follower;
  model_set_ptr now;
  std::vector<std::string> problems;
};

TEST_F(model_follower_test, wants_a_file_that_has_been_replaced_until_the_pipeline_scores_with_it) {
  const auto path = folder.write("risk.onnx", bytes_of("regressor"));
  follow(path, "file");
  EXPECT_TRUE(look().empty());
  folder.write("next", bytes_of("deep_regressor"));
  fs::rename(fs::path{path}.parent_path() / "next", path);
  const auto wished = look();
  ASSERT_EQ(wished.size(), 1u);
  EXPECT_FALSE(wished[0].models.front().is_pinned);
  ASSERT_EQ(look().size(), 1u);
  EXPECT_EQ(look()[0].id, wished[0].id) << "who has heard it ignores it";
  take(wished[0]);
  EXPECT_EQ(now->models()[0].version.substr(0, 5), "risk@");
  EXPECT_TRUE(look().empty());
}

TEST_F(model_follower_test, says_once_that_a_file_cannot_be_used_and_takes_the_one_after_it) {
  const auto path = folder.write("risk.onnx", bytes_of("regressor"));
  follow(path, "file");
  folder.write("risk.onnx", "half a file");
  EXPECT_TRUE(look().empty());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].find("infer.risk.model follows a model that cannot be used"), std::string::npos) << problems[0];
  EXPECT_TRUE(look().empty());
  EXPECT_TRUE(problems.empty());
  folder.write("risk.onnx", bytes_of("deep_regressor"));
  EXPECT_EQ(look().size(), 1u);
}

TEST_F(model_follower_test, follows_an_alias_of_a_registry_unless_an_operator_has_chosen) {
  const models::change_reason why{"ada", "here"};
  const auto path = folder / "models/risk";
  auto in_registry = models::registered_model::open_or_new(path);
  ASSERT_TRUE(in_registry) << in_registry.error().text();
  for (const auto* name : {"regressor", "deep_regressor", "boosted_regressor"})
    ASSERT_TRUE(in_registry->add(bytes_of(name), why));
  ASSERT_TRUE(in_registry->promote("champion", 1, why));
  follow(path, "champion");
  EXPECT_EQ(now->models()[0].version.substr(0, 7), "risk/1@");
  EXPECT_TRUE(look().empty());
  ASSERT_TRUE(in_registry->promote("champion", 2, why));
  const auto wished = look();
  ASSERT_EQ(wished.size(), 1u);
  EXPECT_EQ(wished[0].models.front().path, path + "@2") << "the alias may mean another tomorrow";
  take(wished[0]);
  EXPECT_EQ(now->models()[0].version.substr(0, 7), "risk/2@");
  EXPECT_TRUE(look().empty());

  const auto pinned = wish_for(*plan, {}, {"infer.risk.model", "3"}, "p.yaml");
  ASSERT_TRUE(pinned) << pinned.error().text();
  EXPECT_EQ(pinned->models.front().path, path + "@3");
  take(*pinned);
  ASSERT_TRUE(in_registry->promote("champion", 1, why));
  EXPECT_TRUE(look().empty()) << "an operator has chosen";
}

TEST_F(model_follower_test, an_alias_and_another_selector_contradict_each_other) {
  auto made = compile(good("name: p\nsource: { file: in }\nsink: console\nschema: { a: double }\ninfer:\n"
                           "  - { model: models/risk@3, follow: champion, as: risk }\n"));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().front().text().find("the model is '3' of 'models/risk', and follows 'champion'"),
            std::string::npos)
      << made.error().front().text();
}

} // namespace
} // namespace weir::config
