#include "config/excerpt.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

std::string shown(const std::string& text, position at, const std::string& message = "wrong") {
  return excerpt_of({"p.yaml", at, message}, text).shown();
}

TEST(excerpt_test, shows_the_line_and_points_at_the_word) {
  EXPECT_EQ(shown("name: p\npreprocess:\n  - fitler: a > 3\n", {3, 5}), "    3 |   - fitler: a > 3\n"
                                                                        "      |     ^^^^^^\n");
}

TEST(excerpt_test, points_at_all_that_the_message_quotes_where_that_stands_there) {
  EXPECT_EQ(shown("sink: con-sol # x\n", {1, 7}, "sink 'con-sol' is none, did you mean 'console'?"),
            "    1 | sink: con-sol # x\n"
            "      |       ^^^^^^^\n");
  EXPECT_EQ(shown("every: 'ten minutes'\n", {1, 8}), "    1 | every: 'ten minutes'\n      |        ^^^^^^^^^^^^^\n");
  EXPECT_EQ(shown("a: [1, 2\n", {1, 4}), "    1 | a: [1, 2\n      |    ^\n");
}

TEST(excerpt_test, the_caret_stands_below_the_place_behind_tabs_and_other_letters) {
  EXPECT_EQ(shown("n\xc3\xa4me: x\n", {1, 8}), "    1 | n\xc3\xa4me: x\n      |       ^\n");
  EXPECT_EQ(shown("\tname: x\r\n", {1, 2}), "    1 | \tname: x\n      | \t^^^^\n");
  EXPECT_EQ(shown("name: \xc3\xa4\xc3\xb6 x\n", {1, 7}), "    1 | name: \xc3\xa4\xc3\xb6 x\n      |       ^^\n");
}

TEST(excerpt_test, of_a_long_line_what_is_around_the_place) {
  const auto made = excerpt_of({"p.yaml", {1, 1001}, "wrong"}, std::string(1000, 'a') + " b " + std::string(1000, 'c'));
  EXPECT_LT(made.text.size(), 140u);
  EXPECT_TRUE(made.text.starts_with("... a")) << made.text;
  EXPECT_TRUE(made.text.ends_with("c ...")) << made.text;
  EXPECT_EQ(made.text[made.pad.size()], ' ');
  EXPECT_EQ(made.text[made.pad.size() + 1], 'b');
}

TEST(excerpt_test, nothing_where_there_is_no_place_or_no_such_line) {
  EXPECT_EQ(shown("name: p\n", {0, 0}), "");
  EXPECT_EQ(shown("name: p\n", {7, 1}), "");
  EXPECT_EQ(shown("", {1, 1}), "");
  EXPECT_EQ(shown("name: p\n", {1, 200}), "    1 | name: p\n      |        ^\n");
}

TEST(excerpt_test, nothing_of_what_is_no_text) {
  EXPECT_EQ(shown("a\x1b[31m: \xff\n", {1, 1}), "");
  EXPECT_EQ(shown(std::string{"a\0b", 3}, {1, 1}), "");
}

TEST(excerpt_test, no_secret_is_shown_however_it_is_written) {
  const std::string secret = "hunter2";
  for (const std::string text : {
           "kafka: { topic: t, properties: { sasl.password: hunter2 }, tipo: 3 }\n",
           "kafka:\n  properties:\n    sasl.password: hunter2\n",
           "kafka:\n  properties:\n    sasl.password: |\n      hunter2\n      hunter2\n",
           "kafka:\n  properties: {\n    sasl.password:\n  hunter2,\n  a: hunter2 }\n",
           "kafka:\n  properties:\n    ssl.key.pem: \"-----BEGIN\nhunter2: hunter2\nhunter2\"\n",
           "kafka:\n  - properties:\n      sasl.password: hunter2\n\n      # more\n      x: hunter2\n",
           "API_TOKEN: hunter2\n",
           "mail: { Password: hunter2 }\n",
           "url: https://me:hunter2@host/\n",
       })
    for (int line = 1; line < 8; ++line)
      for (const int column : {1, 5, 40})
        EXPECT_EQ(shown(text, {line, column}).find(secret), std::string::npos) << text << line;
}

TEST(excerpt_test, what_stands_behind_a_secret_is_shown_again) {
  const std::string text =
      "source:\n  kafka:\n    properties:\n      sasl.password: hunter2\n    tipo: 3\nsink: consol\n";
  EXPECT_EQ(shown(text, {5, 5}), "    5 |     tipo: 3\n      |     ^^^^\n");
  EXPECT_EQ(shown(text, {6, 7}), "    6 | sink: consol\n      |       ^^^^^^\n");
}

TEST(excerpt_test, references_are_shown_as_they_stand) {
  EXPECT_EQ(shown("topic: ${TOPIC}\n", {1, 8}), "    1 | topic: ${TOPIC}\n      |        ^\n");
}

TEST(excerpt_test, colours_stand_around_what_they_are_for) {
  const auto made = excerpt_of({"p.yaml", {1, 1}, "wrong"}, "ab: 1\n");
  EXPECT_EQ(made.shown("<", ">", "(", ")"), "(    1 |) ab: 1\n(      |) <^^>\n");
}

} // namespace
} // namespace weir::config
