#include "config/parse.hpp"
#include "pipeline_fixture.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

struct wrong_file {
  std::string title;
  std::string yaml;
  std::string diagnostics;
};

/// `<aggregates>` stands for the names of all that there are.
std::string with_aggregates(std::string line) {
  constexpr std::string_view mark = "<aggregates>";
  std::string names;
  for (const auto* kind : steps::aggregates())
    names += (names.empty() ? "" : ", ") + std::string{kind->statistic.name};
  if (const auto at = line.find(mark); at != std::string::npos)
    line.replace(at, mark.size(), names);
  return line;
}

/// The cases of tests/data/wrong_pipelines.txt.
std::vector<wrong_file> wrong_files() {
  const std::string base = "name: p\nsource: { file: in.csv }\nsink: console\n";
  const std::string schema = base + "schema: { Amount: double, Device: string, At: timestamp, Key: string }\n";
  std::vector<wrong_file> result;
  std::istringstream lines{test::data_file("wrong_pipelines.txt")};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== "))
      result.push_back({line.substr(3), {}, {}});
    else if (result.empty())
      continue;
    else if (line.starts_with("! "))
      result.back().diagnostics += with_aggregates(line.substr(2)) + "\n";
    else if (line == "<base>")
      result.back().yaml += base;
    else if (line == "<schema>")
      result.back().yaml += schema;
    else if (!line.empty())
      result.back().yaml += line + "\n";
  }
  return result;
}

class wrong_files_test : public test::pipeline_fixture {
protected:
  /// A text that is read, as a whole pipeline, or refused, with words and places that are in it. @returns whether read
  bool is_read_or_refused_with_reason(const std::string& yaml) {
    const auto read = parse_pipeline(yaml, "p.yaml", io::catalogue(), from());
    if (read) {
      EXPECT_FALSE(read->name.empty()) << yaml;
      EXPECT_TRUE(read->source.from) << yaml;
      EXPECT_FALSE(read->sinks.empty()) << yaml;
      return true;
    }
    EXPECT_FALSE(read.error().empty()) << yaml;
    const auto lines = std::count(yaml.begin(), yaml.end(), '\n') + 1;
    for (const auto& d : read.error()) {
      EXPECT_FALSE(d.message.empty()) << yaml;
      EXPECT_GE(d.at.line, 0) << d.text() << "\n" << yaml;
      EXPECT_LE(d.at.line, lines) << d.text() << "\n" << yaml;
    }
    return false;
  }
};

TEST_F(wrong_files_test, tell_all_that_is_wrong_with_them_in_the_order_of_the_file) {
  auto cases = wrong_files();
  EXPECT_GE(cases.size(), 100u);
  for (const auto& c : cases)
    EXPECT_EQ(errors(c.yaml), c.diagnostics) << c.title;
}

TEST_F(wrong_files_test, never_show_a_secret) {
  for (const auto& c : wrong_files()) {
    auto text = errors(c.yaml);
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter3"), std::string::npos) << text;
  }
}

TEST_F(wrong_files_test, may_be_too_large) {
  EXPECT_EQ(errors(std::string(2u << 20, ' ')), "p.yaml: error: larger than 1048576 bytes\n");
}

TEST_F(wrong_files_test, may_be_binary) {
  EXPECT_EQ(errors("name: p\nsink: \x01\n"),
            "p.yaml:2:7: error: not text: a byte that is not UTF-8, or a control character\n");
  const std::vector<std::string> bad_bytes{"\xff",     "\xc0\x80", "\xed\xa0\x80",      "\xf4\x90\x80\x80",
                                           "\xe2\x82", "\x80",     std::string(1, '\0')};
  for (const auto& bad : bad_bytes)
    EXPECT_NE(errors("name: " + bad).find("p.yaml:1:7: error: not text"), std::string::npos);
}

TEST_F(wrong_files_test, may_be_nested_without_end) {
  for (const std::string open : {"[", "{", "- ", "? ", "{a: ", "[a, "}) {
    std::string text;
    while (text.size() < 500'000)
      text += open;
    EXPECT_NE(errors(text).find("error: nested deeper than 32 levels"), std::string::npos) << open;
  }
}

TEST_F(wrong_files_test, may_grow_by_aliases) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    auto last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 1; k < 10; ++k)
      text += ", " + last;
    text += "]\n";
  }
  EXPECT_NE(errors(text).find("error: more than 100000 values"), std::string::npos);
}

TEST_F(wrong_files_test, may_be_cut_or_changed_at_any_byte) {
  const auto whole = test::data_file("pipelines/transactions.yaml");
  EXPECT_TRUE(is_read_or_refused_with_reason(whole));
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    refused += !is_read_or_refused_with_reason(whole.substr(0, size));
  EXPECT_GT(refused, whole.size() / 2);
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (char c : {'{', ']', '\n', '*'}) {
      auto changed = whole;
      changed[i] = c;
      refused += !is_read_or_refused_with_reason(changed);
    }
  EXPECT_GT(refused, 2 * whole.size());
}

} // namespace
} // namespace weir::config
