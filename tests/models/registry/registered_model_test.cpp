#include "models/file_digest.hpp"
#include "models/registry/names.hpp"
#include "tests/models/registry/registry_fixture.hpp"

namespace weir::models {
namespace {

namespace fs = std::filesystem;

class registered_model_test : public registry_fixture {};

TEST_F(registered_model_test, numbers_versions_and_keeps_what_was_added) {
  const auto model = risk_with(3);
  const auto versions = *model.versions();
  ASSERT_EQ(numbers_of(model), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(versions[1].digest, digest(model_bytes(2)));
  EXPECT_EQ(versions[1].size, model_bytes(2).size());
  EXPECT_EQ(versions[1].added.size(), 24u);
  EXPECT_EQ(read("2.onnx"), model_bytes(2));
  EXPECT_EQ(log_of(model), (std::vector<std::string>{"added 1", "added 2", "added 3"}));
}

TEST_F(registered_model_test, adds_a_file_once) {
  auto model = risk_with(2);
  const auto again = *model.add(model_bytes(1), why());
  EXPECT_EQ(again.number, 1u);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(numbers_of(model).size(), 2u);
  EXPECT_EQ(log_of(model).size(), 2u);
}

TEST_F(registered_model_test, never_gives_a_number_again) {
  auto model = risk_with(3);
  fs::remove(risk_ + "/3.onnx");
  EXPECT_EQ(model.add(model_bytes(4), why())->number, 4u);
  fs::create_directory(risk_ + "/7.onnx");
  EXPECT_EQ(model.add(model_bytes(8), why())->number, 8u);
}

TEST_F(registered_model_test, adds_nothing_that_is_no_model) {
  auto model = risk_with(1);
  EXPECT_FALSE(model.add("no model", why()));
  EXPECT_EQ(numbers_of(model).size(), 1u);
  EXPECT_FALSE(registered_model::open_or_new(registry_ + "/new")->add("no model", why()));
  EXPECT_FALSE(fs::exists(registry_ + "/new"));
}

TEST_F(registered_model_test, says_who_promoted_what_and_why) {
  auto model = risk_with(2);
  EXPECT_EQ(model.promote("champion", 1, why())->from, 0u);
  EXPECT_EQ(model.promote("champion", 2, why("better \"recall\"\n"))->from, 1u);
  EXPECT_EQ(version_of(model, "champion"), 2u);
  const auto last = model.log()->back();
  EXPECT_EQ(last.user, "ann");
  EXPECT_EQ(last.host, "host-1");
  EXPECT_EQ(last.note, "better \"recall\"\n");
  EXPECT_EQ(last.version, 2u);
  EXPECT_EQ(last.digest, digest(model_bytes(2)));
  EXPECT_EQ(read("aliases.json"), "{\"champion\": 2}\n");
}

TEST_F(registered_model_test, logs_no_change_where_there_is_none) {
  auto model = risk_with(1);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  const auto lines = log_of(model).size();
  EXPECT_EQ(model.promote("champion", 1, why())->from, 1u);
  EXPECT_EQ(log_of(model).size(), lines);
}

TEST_F(registered_model_test, rolls_back_further_each_time) {
  auto model = risk_with(3);
  for (const auto version : {1u, 2u, 3u})
    ASSERT_TRUE(model.promote("champion", version, why()));
  EXPECT_EQ(model.roll_back("champion", why())->to, 2u);
  EXPECT_EQ(model.roll_back("champion", why())->to, 1u);
  const auto none = model.roll_back("champion", why());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what, "'champion' of the model 'risk' had no version before 1");
  ASSERT_TRUE(model.promote("champion", 3, why()));
  EXPECT_EQ(model.roll_back("champion", why())->to, 1u);
}

TEST_F(registered_model_test, rolls_back_one_alias_alone) {
  auto model = risk_with(2);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  ASSERT_TRUE(model.promote("challenger", 1, why()));
  ASSERT_TRUE(model.promote("champion", 2, why()));
  ASSERT_TRUE(model.promote("challenger", 2, why()));
  ASSERT_TRUE(model.roll_back("champion", why()));
  EXPECT_EQ(version_of(model, "champion"), 1u);
  EXPECT_EQ(version_of(model, "challenger"), 2u);
  EXPECT_FALSE(model.roll_back("nobody", why()));
}

TEST_F(registered_model_test, rolls_back_to_what_an_alias_was_before_it_was_removed) {
  auto model = risk_with(1);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  EXPECT_EQ(model.remove("champion", why())->from, 1u);
  EXPECT_EQ(version_of(model, "champion"), 0u);
  EXPECT_FALSE(model.remove("champion", why()));
  EXPECT_EQ(model.roll_back("champion", why())->to, 1u);
}

TEST_F(registered_model_test, refuses_a_version_that_is_not_there) {
  auto model = risk_with(2);
  const auto refused = model.promote("champion", 5, why());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "the model 'risk' has no version 5 (the newest are 2, 1)");
  ASSERT_TRUE(model.promote("champion", 1, why()));
  ASSERT_TRUE(model.promote("champion", 2, why()));
  fs::remove(risk_ + "/1.onnx");
  EXPECT_FALSE(model.roll_back("champion", why()));
  EXPECT_EQ(version_of(model, "champion"), 2u);
}

TEST_F(registered_model_test, refuses_names_that_are_not_plain) {
  for (const auto* name : {"..", ".hidden", "a b", "a/../..", "ä", "a@b", "-x"})
    EXPECT_FALSE(registered_model::open_or_new(registry_ + "/" + name)) << name;
  auto model = risk_with(1);
  for (const auto* alias : {"latest", "3", "..", "a b", "", "-a", "a\n"})
    EXPECT_FALSE(model.promote(alias, 1, why())) << alias;
  EXPECT_TRUE(model.promote("blue-2.green_3", 1, why()));
  for (const auto& name : {std::string{}, std::string(101, 'a')})
    EXPECT_FALSE(check_name(name, "a name"));
}

TEST_F(registered_model_test, takes_regular_files_of_its_folder_alone) {
  auto model = risk_with(1);
  fs::create_symlink(path_of("binary.onnx"), risk_ + "/2.onnx");
  fs::create_directory(risk_ + "/3.onnx");
  write("04.onnx", model_bytes(4));
  write("99999999999999999999.onnx", model_bytes(4));
  EXPECT_EQ(numbers_of(model), std::vector<std::uint64_t>{1});
  fs::create_directory_symlink(risk_, registry_ + "/linked");
  EXPECT_FALSE(registered_model::open(registry_ + "/linked"));
  EXPECT_FALSE(registered_model::open_or_new(registry_ + "/linked"));
  EXPECT_EQ(models_of_registry(registry_)->size(), 1u);
}

TEST_F(registered_model_test, follows_no_link_that_stands_for_one_of_its_own_files) {
  auto model = risk_with(1);
  const auto outside = registry_ + "/outside";
  std::ofstream{outside} << "mine\n";
  for (const std::string name : {"log.ndjson", "aliases.json", ".lock"}) {
    const auto kept = risk_ + "/" + name + ".kept";
    if (fs::exists(risk_ + "/" + name))
      fs::rename(risk_ + "/" + name, kept);
    fs::create_symlink(outside, risk_ + "/" + name);
    EXPECT_FALSE(model.promote("champion", 1, why())) << name;
    fs::remove(risk_ + "/" + name);
    if (fs::exists(kept))
      fs::rename(kept, risk_ + "/" + name);
  }
  std::string line;
  std::getline(std::ifstream{outside}, line);
  EXPECT_EQ(line, "mine");
}

TEST_F(registered_model_test, logs_what_a_person_has_changed_by_hand) {
  auto model = risk_with(2);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  write("5.onnx", model_bytes(5));
  write("aliases.json", "{\"champion\":5,\"blue\":2}");
  ASSERT_TRUE(model.promote("champion", 2, why()));
  EXPECT_EQ(log_of(model), (std::vector<std::string>{"added 1", "added 2", "promoted champion 0>1", "found 5",
                                                     "found blue 0>2", "found champion 1>5", "promoted champion 5>2"}));
  EXPECT_EQ(model.versions()->back().digest, digest(model_bytes(5)));
  EXPECT_EQ(model.roll_back("champion", why())->to, 5u);
}

TEST_F(registered_model_test, says_what_is_wrong_with_its_files) {
  auto model = risk_with(1);
  for (const auto* text : {"", "{", "[]", "{\"champion\":\"1\"}", "{\"champion\":0}", "{\"a b\":1}", "{\"2\":1}"}) {
    write("aliases.json", text);
    const auto read = model.aliases();
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().where, risk_ + "/aliases.json");
    EXPECT_FALSE(model.promote("champion", 1, why()));
  }
  fs::remove(risk_ + "/aliases.json");
  write("log.ndjson", read("log.ndjson") + "no line\n");
  EXPECT_EQ(model.log().error().where, risk_ + "/log.ndjson:2");
}

TEST_F(registered_model_test, lists_the_models_of_a_registry) {
  risk_with(1);
  ASSERT_TRUE(registered_model::open_or_new(registry_ + "/churn/")->add(model_bytes(1), why()));
  fs::create_directory(registry_ + "/nothing");
  fs::create_directory(registry_ + "/not a name");
  const auto models = *models_of_registry(registry_);
  ASSERT_EQ(models.size(), 2u);
  EXPECT_EQ(models[0].name(), "churn");
  EXPECT_EQ(models[1].name(), "risk");
  EXPECT_TRUE(models_of_registry(registry_ + "/none").error().is_unreachable);
  EXPECT_TRUE(registered_model::open(registry_ + "/nothing").error().is_unreachable);
  EXPECT_EQ(registered_model::open_or_new(registry_ + "/").error().what,
            "'" + registry_ + "' is a registry, not a model of one");
}

} // namespace
} // namespace weir::models
