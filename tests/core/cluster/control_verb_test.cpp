#include "core/cluster/verbs/verbs.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(control_verb_test, is_found_by_its_name_and_no_other) {
  std::set<std::string_view> names;
  for (const auto* verb : control_verbs()) {
    EXPECT_EQ(find_control_verb(verb->name), verb);
    EXPECT_TRUE(names.insert(verb->name).second) << verb->name;
    EXPECT_FALSE(verb->help.empty()) << verb->name;
  }
  EXPECT_EQ(find_control_verb("explode"), nullptr);
  EXPECT_EQ(find_control_verb(""), nullptr);
}

TEST(control_verb_test, says_what_it_wants_of_the_pipeline) {
  EXPECT_EQ(verbs::pause.wants, goal::paused);
  EXPECT_EQ(verbs::resume.wants, goal::running);
  EXPECT_EQ(verbs::drain.wants, goal::drained);
  EXPECT_EQ(verbs::stop.wants, goal::stopped);
}

TEST(control_verb_test, stands_in_the_manual_with_its_own_words) {
  std::ifstream file{WEIR_SOURCE_DIR "/docs/operating.md"};
  std::stringstream manual;
  manual << file.rdbuf();
  for (const auto* verb : control_verbs()) {
    const auto row = "| `" + std::string{verb->name} + "` | " + std::string{verb->help} + " |";
    EXPECT_NE(manual.str().find(row), std::string::npos) << row;
  }
}

} // namespace
} // namespace weir::core
