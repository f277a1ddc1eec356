#include "models/file_digest.hpp"
#include "tests/models/registry/registry_fixture.hpp"

namespace weir::models {
namespace {

namespace fs = std::filesystem;

class model_reference_test : public registry_fixture {
protected:
  std::uint64_t version_at(const std::string& selector) const {
    const auto found = resolve_model(risk_ + "@" + selector);
    EXPECT_TRUE(found) << found.error().text();
    return found ? found->version : 0;
  }
};

TEST_F(model_reference_test, is_taken_apart_at_the_last_sign_of_its_last_part) {
  EXPECT_EQ(parse_reference("models/risk@champion").folder, "models/risk");
  EXPECT_EQ(parse_reference("models/risk@champion").selector, "champion");
  EXPECT_EQ(parse_reference("a@b/risk").selector, "");
  EXPECT_EQ(parse_reference("a@b/risk@3").folder, "a@b/risk");
  EXPECT_EQ(parse_reference("risk@").selector, "");
}

TEST_F(model_reference_test, means_an_alias_a_number_or_the_newest) {
  auto model = risk_with(3);
  ASSERT_TRUE(model.promote("champion", 2, why()));
  EXPECT_EQ(version_at("champion"), 2u);
  EXPECT_EQ(version_at("1"), 1u);
  EXPECT_EQ(version_at("latest"), 3u);
  const auto champion = *resolve_model(risk_ + "@champion");
  EXPECT_EQ(champion.file, risk_ + "/2.onnx");
  EXPECT_EQ(champion.name, "risk");
  EXPECT_EQ(champion.alias, "champion");
  EXPECT_EQ(champion.digest, digest(model_bytes(2)));
  EXPECT_EQ(resolve_model(risk_ + "@2")->alias, "");
}

TEST_F(model_reference_test, follows_an_alias_that_moves) {
  auto model = risk_with(2);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  EXPECT_EQ(version_at("champion"), 1u);
  ASSERT_TRUE(model.promote("champion", 2, why()));
  EXPECT_EQ(version_at("champion"), 2u);
}

TEST_F(model_reference_test, leaves_a_file_what_it_is_whatever_its_name_holds) {
  risk_with(1);
  const auto file = registry_ + "/risk@1";
  std::ofstream{file, std::ios::binary} << model_bytes(7);
  EXPECT_EQ(resolve_model(file)->file, file);
  EXPECT_EQ(resolve_model(file)->version, 0u);
  EXPECT_EQ(resolve_model(path_of("binary.onnx"))->name, "binary");
}

TEST_F(model_reference_test, says_what_may_be_said_of_a_model) {
  auto model = risk_with(5);
  ASSERT_TRUE(model.promote("champion", 2, why()));
  const auto may = "(say '" + risk_ + "@champion' (version 2), '" + risk_ + "@latest' (version 5), '" + risk_ + "@5', '"
                   + risk_ + "@4', '" + risk_ + "@3')";
  EXPECT_EQ(resolve_model(risk_).error().text(),
            "'" + risk_ + "' is a model of a registry: which version of it? " + may);
  EXPECT_EQ(resolve_model(risk_ + "/").error().text(), resolve_model(risk_).error().text());
  EXPECT_EQ(resolve_model(risk_ + "@9").error().text(), "the model 'risk' has no version 9 " + may);
  EXPECT_EQ(resolve_model(risk_ + "@blue").error().text(), "the model 'risk' has no alias 'blue' " + may);
  EXPECT_NE(resolve_model(risk_ + "@champoin").error().text().find("did you mean 'champion'?"), std::string::npos);
  EXPECT_FALSE(resolve_model(risk_ + "@02"));
}

TEST_F(model_reference_test, refuses_an_alias_whose_version_is_gone) {
  auto model = risk_with(2);
  ASSERT_TRUE(model.promote("champion", 1, why()));
  fs::remove(risk_ + "/1.onnx");
  EXPECT_EQ(resolve_model(risk_ + "@champion").error().what,
            "the model 'risk' has no version 1, which 'champion' names");
}

TEST_F(model_reference_test, names_a_path_that_is_neither_file_nor_model) {
  const auto neither = resolve_model(registry_ + "/none@champion");
  ASSERT_FALSE(neither);
  EXPECT_TRUE(neither.error().is_unreachable);
  EXPECT_NE(neither.error().what.find("nor a model '" + registry_ + "/none'"), std::string::npos);
  EXPECT_TRUE(model::load(registry_ + "/none.onnx").error().is_unreachable);
}

TEST_F(model_reference_test, loads_the_model_and_names_its_version) {
  auto model = risk_with(2);
  ASSERT_TRUE(model.promote("champion", 2, why()));
  const auto begin = digest(model_bytes(2)).substr(0, 8);
  EXPECT_EQ((*model::load(risk_ + "@champion"))->version(), "risk/2@" + begin);
  EXPECT_EQ((*model::load(risk_ + "@2", "fraud"))->version(), "fraud/2@" + begin);
}

TEST_F(model_reference_test, loads_no_file_that_was_changed_after_it_was_added) {
  risk_with(1);
  fs::remove(risk_ + "/1.onnx");
  write("1.onnx", model_bytes(9));
  const auto changed = model::load(risk_ + "@1");
  ASSERT_FALSE(changed);
  EXPECT_NE(changed.error().what.find("is not the file that was added as version 1"), std::string::npos);
}

} // namespace
} // namespace weir::models
