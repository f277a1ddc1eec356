#include "cli/model_facts.hpp"

#include "tests/cli/sum_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::cli {
namespace {

fact_pair pair_of(const std::vector<fact_pair>& pairs, const std::string& name) {
  const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const auto& one) { return one.name == name; });
  EXPECT_NE(found, pairs.end()) << name;
  return found == pairs.end() ? fact_pair{} : *found;
}

TEST(model_facts_test, puts_what_two_models_say_beside_each_other) {
  const test::sum_model first{
      {{"card", R"({"kind":"ridge","parameters":{"alpha":"1","max_iter":"5"},"test":{"r2":0.5}})"}}};
  const test::sum_model second{
      {{"card", R"({"kind":"lasso","parameters":{"alpha":"1","tol":"2"},"test":{"r2":0.50000001}})"}}};
  const auto pairs = pairs_of(facts_of(first), facts_of(second));
  EXPECT_EQ(pair_of(pairs, "kind").second, "lasso");
  EXPECT_FALSE(pair_of(pairs, "kind").is_same);
  EXPECT_TRUE(pair_of(pairs, "alpha").is_same);
  EXPECT_EQ(pair_of(pairs, "max_iter").second, "");
  EXPECT_EQ(pair_of(pairs, "tol").first, "");
  EXPECT_EQ(pair_of(pairs, "tol").second, "2");
  EXPECT_TRUE(pair_of(pairs, "(order)").is_same);
  EXPECT_EQ(pair_of(pairs, "place (categories)").first, "2");
}

TEST(model_facts_test, compares_measures_by_more_than_it_shows) {
  const test::sum_model first{{{"card", R"({"test":{"r2":0.5}})"}}};
  const test::sum_model second{{{"card", R"({"test":{"r2":0.50000001}})"}}};
  const auto measure = pair_of(pairs_of(facts_of(first), facts_of(second)), "R2");
  EXPECT_EQ(measure.first, measure.second);
  EXPECT_FALSE(measure.is_same);
}

TEST(model_facts_test, keeps_the_facts_of_a_section_together) {
  const std::vector<model_fact> first{{"parameter", "a", "1"}, {"input", "x", "float"}};
  const std::vector<model_fact> second{{"parameter", "b", "1"}, {"input", "x", "float"}, {"output", "y", "float"}};
  const auto pairs = pairs_of(first, second);
  ASSERT_EQ(pairs.size(), 4u);
  EXPECT_EQ(pairs[1].name, "b");
  EXPECT_EQ(pairs[3].name, "y");
}

TEST(model_facts_test, finds_a_model_the_same_as_itself) {
  const test::sum_model model{{{"card", R"({"kind":"ridge","random_state":0})"}}};
  const auto pairs = pairs_of(facts_of(model), facts_of(model));
  EXPECT_FALSE(pairs.empty());
  EXPECT_TRUE(std::all_of(pairs.begin(), pairs.end(), [](const auto& one) { return one.is_same; }));
}

} // namespace
} // namespace weir::cli
