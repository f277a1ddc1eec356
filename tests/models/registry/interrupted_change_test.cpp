#include "models/registry/names.hpp"
#include "tests/models/registry/registry_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <functional>
#include <random>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

namespace weir::models {
namespace {

namespace fs = std::filesystem;

/// Processes that change one model at once, and processes that are killed while they do.
class interrupted_change_test : public registry_fixture {
protected:
  using work = std::function<void(registered_model&)>;

  /// In a process of its own, which is killed before the step of that number; without one it comes to its end.
  /// @returns whether it was killed
  bool run_apart(const work& does, int killed_before) const {
    const auto child = ::fork();
    if (child == 0) {
      int step = 0;
      auto model = risk([&](std::string_view) {
        if (step++ == killed_before)
          ::raise(SIGKILL);
      });
      does(model);
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
  }

  /// What must be right whatever has happened, without any repair: readers take no lock.
  void expect_whole() const {
    const auto model = risk();
    const auto aliases = model.aliases();
    ASSERT_TRUE(aliases) << aliases.error().text();
    const auto versions = model.versions();
    ASSERT_TRUE(versions) << versions.error().text();
    ASSERT_TRUE(model.log());
    const auto numbers = numbers_of(model);
    EXPECT_EQ(std::set<std::uint64_t>(numbers.begin(), numbers.end()).size(), numbers.size());
    for (const auto& [alias, version] : *aliases)
      EXPECT_TRUE(std::binary_search(numbers.begin(), numbers.end(), version)) << alias << " " << version;
    for (const auto& version : *versions)
      EXPECT_TRUE(model::load(version.file)) << version.file;
  }

  void start_anew() const {
    fs::remove_all(risk_);
    auto model = risk_with(3);
    for (const auto version : {1u, 2u, 3u})
      ASSERT_TRUE(model.promote("champion", version, why()));
  }
};

TEST_F(interrupted_change_test, leaves_the_registry_right_wherever_an_addition_ends) {
  const work adds = [](registered_model& model) { static_cast<void>(model.add(model_bytes(9), why())); };
  bool is_killed = true;
  int before = 0;
  for (; is_killed; ++before) {
    SCOPED_TRACE("step " + std::to_string(before));
    start_anew();
    is_killed = run_apart(adds, before);
    expect_whole();
    auto model = risk();
    const auto there = *model.add(model_bytes(10), why());
    EXPECT_TRUE(there.is_new);
    const auto again = *model.add(model_bytes(9), why());
    EXPECT_EQ(again.is_new, numbers_of(model).back() == again.number && again.number > there.number);
    const auto names = *names_in(risk_);
    for (const auto& name : names)
      EXPECT_FALSE(name.starts_with(".unfinished")) << name;
  }
  EXPECT_GE(before, 6); // the line, the two halves of the file, its name, the folder; and once without a kill
}

TEST_F(interrupted_change_test, rolls_back_to_what_was_there_wherever_a_promotion_ends) {
  const work promotes = [](registered_model& model) { static_cast<void>(model.promote("champion", 1, why())); };
  bool is_killed = true;
  std::set<std::uint64_t> seen;
  for (int before = 0; is_killed; ++before) {
    SCOPED_TRACE("step " + std::to_string(before));
    start_anew();
    is_killed = run_apart(promotes, before);
    expect_whole();
    auto model = risk();
    const auto champion = version_of(model, "champion");
    seen.insert(champion);
    // The alias has had 1, 2, 3 and, if the promotion came true, 1 again.
    EXPECT_EQ(model.roll_back("champion", why())->to, champion == 1 ? 3u : 2u);
    EXPECT_EQ(model.roll_back("champion", why())->to, champion == 1 ? 2u : 1u);
    expect_whole();
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{1, 3}));
}

TEST_F(interrupted_change_test, rolls_back_once_wherever_a_rollback_ends) {
  const work rolls_back = [](registered_model& model) { static_cast<void>(model.roll_back("champion", why())); };
  bool is_killed = true;
  for (int before = 0; is_killed; ++before) {
    SCOPED_TRACE("step " + std::to_string(before));
    start_anew();
    is_killed = run_apart(rolls_back, before);
    expect_whole();
    auto model = risk();
    const auto champion = version_of(model, "champion");
    EXPECT_EQ(model.roll_back("champion", why())->to, champion - 1);
  }
}

TEST_F(interrupted_change_test, says_that_a_change_was_undone) {
  start_anew();
  const work promotes = [](registered_model& model) { static_cast<void>(model.promote("champion", 1, why())); };
  int steps = 0;
  while (run_apart(promotes, steps) && log_of(risk()).back() != "promoted champion 3>1")
    ++steps;
  ASSERT_EQ(version_of(risk(), "champion"), 3u);
  auto model = risk();
  ASSERT_TRUE(model.promote("champion", 2, why()));
  const auto log = log_of(model);
  EXPECT_EQ(log[log.size() - 2], "undone champion 1>3");
  EXPECT_EQ(log.back(), "promoted champion 3>2");
}

TEST_F(interrupted_change_test, repairs_a_half_line_with_the_next_one) {
  start_anew();
  const auto whole = read("log.ndjson");
  const auto last = whole.rfind('\n', whole.size() - 2) + 1;
  for (auto cut = last; cut < whole.size(); cut += (cut + 12 < whole.size() ? 11 : 1)) {
    write("log.ndjson", whole.substr(0, cut));
    auto model = risk();
    ASSERT_TRUE(model.promote("champion", 3 - version_of(model, "champion") / 3, why())) << cut;
    const auto text = read("log.ndjson");
    EXPECT_EQ(text.back(), '\n');
    const auto log = read_log(text, "log");
    ASSERT_TRUE(log);
    EXPECT_EQ(log->whole_bytes, text.size());
    ASSERT_TRUE(model.promote("champion", 3, why()));
  }
}

TEST_F(interrupted_change_test, gives_each_of_several_writers_numbers_of_its_own) {
  constexpr int writers = 4;
  constexpr int each = 10;
  std::vector<pid_t> children;
  for (int w = 0; w < writers; ++w) {
    children.push_back(::fork());
    if (children.back() != 0)
      continue;
    auto model = risk();
    bool good = true;
    for (int i = 0; i < each; ++i) {
      const auto added = model.add(model_bytes(w * each + i), why());
      good = good && added && added->is_new && model.promote("champion", added->number, why());
    }
    ::_exit(good ? 0 : 1);
  }
  for (const auto child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  expect_whole();
  const auto model = risk();
  const auto numbers = numbers_of(model);
  ASSERT_EQ(numbers.size(), std::size_t{writers * each});
  EXPECT_EQ(numbers.back(), std::uint64_t{writers * each});
  EXPECT_EQ(model.log()->size(), std::size_t{2 * writers * each});
  // Each promotion begins where the one before has ended.
  const auto log = *model.log();
  std::uint64_t champion = 0;
  for (const auto& entry : log) {
    if (entry.alias.empty())
      continue;
    EXPECT_EQ(entry.from, champion);
    champion = entry.to;
  }
  EXPECT_EQ(champion, version_of(model, "champion"));
}

TEST_F(interrupted_change_test, stays_right_under_writers_that_are_killed_at_any_time) {
  constexpr int writers = 3;
  constexpr int kills = 40;
  std::mt19937 random{1};
  const auto start = [&](int number) {
    const auto child = ::fork();
    if (child != 0)
      return child;
    auto model = risk();
    for (int i = 0;; ++i) {
      const auto added = model.add(model_bytes(number * 1000 + i), why());
      if (added)
        static_cast<void>(model.promote("champion", added->number, why()));
      static_cast<void>(model.roll_back("champion", why()));
    }
  };
  std::vector<pid_t> children;
  int number = 0;
  for (int w = 0; w < writers; ++w)
    children.push_back(start(++number));
  for (int kill = 0; kill < kills; ++kill) {
    ::usleep(static_cast<useconds_t>(random() % 20'000)); // where it hits is left to chance
    auto& victim = children[random() % writers];
    ::kill(victim, SIGKILL);
    ASSERT_EQ(::waitpid(victim, nullptr, 0), victim);
    const auto aliases = risk().aliases();
    EXPECT_TRUE(aliases) << aliases.error().text();
    EXPECT_TRUE(risk().log());
    victim = start(++number);
  }
  for (const auto child : children) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  expect_whole();
  auto model = risk();
  ASSERT_TRUE(model.add(model_bytes(0), why())); // whoever writes next repairs
  const auto log = *model.log();
  EXPECT_EQ(history_of("champion", without_undone(log)).back(), version_of(model, "champion"));
  EXPECT_GT(numbers_of(model).size(), 1u);
}

} // namespace
} // namespace weir::models
