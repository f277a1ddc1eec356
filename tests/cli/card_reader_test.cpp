#include "cli/card_reader.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

TEST(card_reader_test, reads_what_a_card_says) {
  const auto card =
      *read_card({{"card", R"({"kind":"ridge","weir":"0","target":"pay","data":{"file":"a.csv","sha256":"0f",)"
                           R"("train":80,"test":20,"held":0,"dropped":1},"random_state":3,)"
                           R"("parameters":{"alpha":"2"},"test":{"rmse":4,"r2":0.5,"mape":null}})"}});
  EXPECT_EQ(card.kind, "ridge");
  EXPECT_EQ(card.target, "pay");
  EXPECT_EQ(card.data_file, "a.csv");
  EXPECT_EQ(card.data_digest, "0f");
  EXPECT_EQ(card.train_rows, 80u);
  EXPECT_EQ(card.test_rows, 20u);
  EXPECT_EQ(card.random_state, 3u);
  ASSERT_EQ(card.parameters.size(), 1u);
  EXPECT_EQ(card.parameters[0].second, "2");
  ASSERT_EQ(card.measures.size(), 2u);
  EXPECT_EQ(card.main_measure()->first, "r2");
  EXPECT_EQ(card.main_measure()->second, 0.5);
}

TEST(card_reader_test, takes_another_writers_card_for_what_it_is) {
  EXPECT_FALSE(read_card({}));
  EXPECT_FALSE(read_card({{"card", "Trained by Ann"}}));
  const auto card = *read_card({{"card", R"({"kind":7,"data":[],"test":{"accuracy":0.9,"roc_auc":0.8}})"}});
  EXPECT_EQ(card.kind, "");
  EXPECT_FALSE(card.random_state);
  EXPECT_EQ(card.main_measure()->first, "roc_auc");
  EXPECT_FALSE(read_card({{"card", "{}"}})->main_measure());
}

} // namespace
} // namespace weir::cli
