#include "cli/command_line.hpp"

#include <array>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

class command_line_test : public ::testing::Test {
protected:
  /// A program with the verbs `train` and `run`; what it ends with and what it says on stderr.
  std::pair<std::optional<int>, std::string> parse(std::vector<const char*> words) {
    command_line line{"a program"};
    auto train = line.all().verb("train", "learn");
    train.option("FILE", &file).required();
    train.option("--features", &features).separated_by(',');
    train.option("--trees", &trees);
    train.option("--share", &share).between(0.0, 0.5);
    train.option("--limit", &limit).positive();
    line.all().verb("make", "make something").verb("noise", "much of it").run([] { return exit_code::done; });
    train.run([] { return exit_code::done; });
    line.all().verb("run", "run it").run([] { return exit_code::unavailable; });
    words.insert(words.begin(), "program");
    ::testing::internal::CaptureStderr();
    const auto end = line.parse(static_cast<int>(words.size()), words.data());
    return {end, ::testing::internal::GetCapturedStderr()};
  }

  std::string file;
  std::vector<std::string> features;
  std::uint32_t trees = 0;
  double share = 0;
  std::uint64_t limit = 0;
};

TEST_F(command_line_test, ends_with_what_the_chosen_verb_says) {
  EXPECT_EQ(parse({"run"}).first, static_cast<int>(exit_code::unavailable));
}

TEST_F(command_line_test, an_option_with_several_values_does_not_take_the_next_argument) {
  EXPECT_EQ(parse({"train", "--features", "a,b", "data.csv"}).first, 0);
  EXPECT_EQ(features, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(file, "data.csv");
}

TEST_F(command_line_test, names_the_verb_that_was_probably_meant) {
  const auto [end, said] = parse({"trian", "data.csv"});
  EXPECT_EQ(end, static_cast<int>(exit_code::usage));
  EXPECT_EQ(said, "weir: error: there is no verb 'trian' (did you mean 'train'?)\n");
}

TEST_F(command_line_test, lists_the_verbs_where_none_is_chosen) {
  EXPECT_EQ(parse({}).second, "weir: error: a verb is missing (verbs: train, make, run)\n");
  EXPECT_EQ(parse({"make"}).second, "weir: error: a verb of 'make' is missing (verbs: noise)\n");
  EXPECT_EQ(parse({"make", "friends"}).second, "weir: error: there is no verb 'friends' of 'make' (verbs: noise)\n");
}

TEST_F(command_line_test, says_which_numbers_an_option_takes) {
  const auto said = [&](const char* option, const char* value) { return parse({"train", "f", option, value}).second; };
  EXPECT_EQ(said("--share", "0.7"),
            "weir: error: --share: a number from 0 to 0.5 is needed, found '0.7' (--help says what there is)\n");
  EXPECT_EQ(said("--limit", "0"),
            "weir: error: --limit: a number above 0 is needed, found '0' (--help says what there is)\n");
}

TEST_F(command_line_test, names_the_option_that_was_probably_meant) {
  const auto [end, said] = parse({"train", "data.csv", "--feature", "a"});
  EXPECT_EQ(end, static_cast<int>(exit_code::usage));
  EXPECT_TRUE(said.starts_with("weir: error: ")) << said;
  EXPECT_NE(said.find("did you mean '--features'?"), std::string::npos) << said;
}

TEST_F(command_line_test, a_number_that_is_below_zero_is_none_that_counts) {
  for (const auto* wrong : {"-3", "1.5", "many", "4294967296"}) {
    const auto [end, said] = parse({"train", "data.csv", "--trees", wrong});
    EXPECT_EQ(end, static_cast<int>(exit_code::usage)) << wrong;
    EXPECT_NE(said.find("--trees: a whole number from 0 on is needed, found '" + std::string{wrong} + "'"),
              std::string::npos)
        << said;
  }
  EXPECT_EQ(parse({"train", "data.csv", "--trees", "7"}).first, 0);
  EXPECT_EQ(trees, 7u);
}

TEST_F(command_line_test, a_missing_argument_is_wrong_usage) {
  EXPECT_EQ(parse({"train"}).first, static_cast<int>(exit_code::usage));
}

} // namespace
} // namespace weir::cli
