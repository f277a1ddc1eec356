#include "models/column_card.hpp"

#include <gtest/gtest.h>

namespace weir::models {
namespace {

core::result<card_columns> read(const std::string& card) {
  return read_card_columns({{"card", card}});
}

constexpr auto data = R"("data":{"train":800,"test":200},)";

TEST(column_card_test, reads_features_and_the_prediction) {
  const auto made = read(std::string{"{"} + data + R"("features":[
    {"name":"x","type":"number","missing":0.25,"mean":2,"deviation":1,"quantiles":[],"edges":[1,2],"counts":[100,400,100]},
    {"name":"c","type":"text","shares":{"a":0.75,"b":0.25}}],
    "prediction":{"missing":0,"mean":5.5,"deviation":3,"edges":[5],"counts":[90,110]}})");
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->features.size(), 2u);
  EXPECT_EQ(made->features[0].rows, 800u);
  EXPECT_EQ(made->features[0].missing, 0.25);
  EXPECT_EQ(made->features[0].counts, (std::vector<std::uint64_t>{100, 400, 100}));
  EXPECT_TRUE(made->features[1].is_text);
  EXPECT_EQ(made->features[1].shares[0], (std::pair{std::string{"a"}, 0.75}));
  ASSERT_TRUE(made->prediction);
  EXPECT_EQ(made->prediction->rows, 200u);
  EXPECT_EQ(made->prediction->edges, std::vector<double>{5});
}

TEST(column_card_test, an_older_card_has_bins_between_its_deciles_where_none_is_twice) {
  const auto card = [](const std::string& quantiles) {
    return std::string{"{"} + data
           + R"("features":[{"name":"x","type":"number","missing":0.5,"mean":2,"deviation":1,"quantiles":)" + quantiles
           + "}]}";
  };
  const auto made = read(card("[0,1,2,3,4,5,6,7,8,9,10]"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->features[0].edges, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(made->features[0].counts, std::vector<std::uint64_t>(10, 40));
  EXPECT_EQ(read(card("[0,1,1,3,4,5,6,7,8,9,10]")).error().text(),
            "'x' has no distribution in the model's card: it was written by an older version, and values repeat (train "
            "the model again, or give the baseline as a file)");
}

TEST(column_card_test, says_what_a_card_lacks) {
  EXPECT_EQ(read_card_columns({}).error().what, "the model has no card");
  EXPECT_EQ(read("{").error().what, "the model has no card");
  EXPECT_EQ(read("{}").error().what, "the model's card has no features");
  EXPECT_EQ(read(R"({"features":[{"name":"x","type":"number"}]})").error().what,
            "'x' has no distribution in the model's card: its figures are missing");
}

} // namespace
} // namespace weir::models
