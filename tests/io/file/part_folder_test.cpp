#include "io/file/part_folder.hpp"

#include "io/file/part_name.hpp"
#include "io/file/part_recovery.hpp"
#include "tests/io/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::io {
namespace {

constexpr auto owner = "p-n1";
constexpr core::partition_id partition{3};

/// A node that writes parts into `out.ndjson` of a folder.
class part_folder_test : public ::testing::Test {
protected:
  void SetUp() override { start(); }

  /// As a process does that was killed: what it was writing is where it was.
  void start(std::uint64_t bytes = 1u << 20, const std::string& header = {}) {
    auto opened = part_folder::open({out, owner, header, bytes});
    ASSERT_TRUE(opened) << opened.error().text();
    parts = *opened;
    parts->begin();
  }

  void append(std::string_view lines) { ASSERT_TRUE(parts->append(lines)); }

  std::vector<std::string> seal() {
    auto sealed = parts->seal(partition);
    EXPECT_TRUE(sealed);
    return sealed.value_or(std::vector<std::string>{});
  }

  void commit() {
    seal();
    ASSERT_TRUE(parts->publish());
    parts->begin();
  }

  /// What a restart does. @param committed what the state topic lists
  void recover(const std::vector<std::string>& committed) {
    const auto in_doubt = remove_open_parts({out}, owner);
    ASSERT_TRUE(in_doubt) << in_doubt.error().text();
    for (const auto of : *in_doubt)
      EXPECT_EQ(of, partition);
    ASSERT_TRUE(settle_parts({out}, owner, {committed.begin(), committed.end()}));
  }

  /// The names in the folder, in order.
  std::vector<std::string> names(bool hidden) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{out})
      if (const auto name = entry.path().filename().string(); name.starts_with('.') == hidden)
        found.push_back(name);
    std::sort(found.begin(), found.end());
    return found;
  }

  /// What a reader of the folder sees: its parts, one after the other.
  std::string seen() const {
    std::string all;
    for (const auto& name : names(false))
      all += folder.read("out.ndjson/" + name);
    return all;
  }

  test::temporary_folder folder;
  std::string out = folder / "out.ndjson";
  std::shared_ptr<part_folder> parts;
};

TEST_F(part_folder_test, a_part_is_seen_when_its_transaction_is_committed) {
  append("1\n");
  EXPECT_EQ(seen(), "");
  const auto sealed = seal();
  EXPECT_EQ(seen(), "");
  ASSERT_TRUE(parts->publish());
  EXPECT_EQ(seen(), "1\n");
  ASSERT_EQ(sealed.size(), 1u);
  EXPECT_EQ(sealed[0], out + "/" + names(false).at(0));
  EXPECT_TRUE(names(true).empty());
}

TEST_F(part_folder_test, a_transaction_without_records_makes_no_part) {
  EXPECT_TRUE(seal().empty());
  ASSERT_TRUE(parts->publish());
  EXPECT_TRUE(names(false).empty());
}

TEST_F(part_folder_test, an_abort_removes_what_its_transaction_held_and_nothing_else) {
  append("1\n");
  commit();
  append("2\n");
  parts->discard();
  EXPECT_TRUE(names(true).empty());
  parts->begin();
  append("3\n");
  seal();
  parts->discard();
  EXPECT_EQ(seen(), "1\n");
  EXPECT_TRUE(names(true).empty());
}

TEST_F(part_folder_test, what_comes_outside_of_a_transaction_is_not_taken) {
  append("1\n");
  seal();
  EXPECT_FALSE(parts->append("2\n"));
  parts->discard();
  EXPECT_FALSE(parts->append("3\n")) << "it is of a lane that is on its way out";
}

TEST_F(part_folder_test, a_part_that_is_full_is_followed_by_another_in_order) {
  start(4);
  for (const auto* line : {"1\n", "2\n", "3\n", "4\n", "5\n"})
    append(line);
  commit();
  EXPECT_EQ(names(false).size(), 3u);
  EXPECT_EQ(seen(), "1\n2\n3\n4\n5\n");
}

TEST_F(part_folder_test, each_part_begins_with_the_header) {
  start(8, "a,b");
  append("1,2\n");
  append("3,4\n");
  commit();
  ASSERT_EQ(names(false).size(), 2u);
  EXPECT_EQ(seen(), "a,b\n1,2\na,b\n3,4\n");
}

TEST_F(part_folder_test, a_sealing_that_is_repeated_says_the_same) {
  append("1\n");
  const auto first = seal();
  EXPECT_EQ(seal(), first);
}

TEST_F(part_folder_test, a_crash_before_the_seal_leaves_nothing) {
  append("1\n");
  recover({});
  EXPECT_TRUE(names(true).empty());
  start();
  append("2\n");
  commit();
  EXPECT_EQ(seen(), "2\n");
}

TEST_F(part_folder_test, a_crash_before_the_commit_leaves_nothing) {
  append("1\n");
  seal();
  recover({});
  EXPECT_TRUE(names(true).empty());
  EXPECT_EQ(seen(), "");
}

TEST_F(part_folder_test, a_crash_between_the_commit_and_the_names_loses_nothing) {
  append("1\n");
  const auto listed = seal();
  recover(listed);
  EXPECT_EQ(seen(), "1\n");
  recover(listed);
  EXPECT_EQ(seen(), "1\n");
  EXPECT_TRUE(names(true).empty());
}

TEST_F(part_folder_test, another_node_shows_what_was_committed_and_removes_nothing) {
  append("1\n");
  const auto listed = seal();
  ASSERT_TRUE(publish_parts({out}, {}));
  EXPECT_EQ(names(true).size(), 1u) << "its transaction may be on its way";
  ASSERT_TRUE(publish_parts({out}, {listed.begin(), listed.end()}));
  EXPECT_EQ(seen(), "1\n");
  EXPECT_TRUE(parts->publish()) << "the node itself comes to the same";
}

TEST_F(part_folder_test, the_parts_of_a_node_whose_name_begins_with_ours_are_its_own) {
  auto other = part_folder::open({out, std::string{owner} + "-b", {}, 1u << 20});
  ASSERT_TRUE(other);
  (*other)->begin();
  ASSERT_TRUE((*other)->append("1\n"));
  recover({});
  EXPECT_EQ(names(true).size(), 1u);
}

TEST_F(part_folder_test, files_that_are_no_parts_stay) {
  std::ofstream{out + "/.hidden"} << "x";
  std::ofstream{out + "/.p-n1-notes.open"} << "x";
  std::ofstream{out + "/.p-n1-20260105T134510.123Z.ndjson.sealed-x"} << "x";
  recover({});
  EXPECT_EQ(names(true).size(), 3u);
}

TEST_F(part_folder_test, a_folder_that_is_not_there_has_nothing_to_recover) {
  EXPECT_TRUE(remove_open_parts({folder / "nowhere"}, owner));
  EXPECT_TRUE(publish_parts({folder / "nowhere"}, {}));
}

TEST_F(part_folder_test, what_is_outside_of_transactions_is_seen_at_once) {
  parts->discard();
  EXPECT_TRUE(parts->append_now("1\n"));
  EXPECT_EQ(seen(), "1\n");
}

TEST_F(part_folder_test, names_say_whose_and_when_in_the_order_of_time) {
  const auto name = part_name(owner, 1'767'620'710'123, ".csv");
  EXPECT_EQ(name, "p-n1-20260105T134510.123Z.csv");
  EXPECT_LT(name, part_name(owner, 1'767'620'710'124, ".csv"));
  const auto hidden = sealed_part_name(name, partition);
  const auto sealed = pending_part::parse(hidden);
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->name, name);
  EXPECT_EQ(sealed->sealed_for, partition);
  EXPECT_TRUE(sealed->is_of(owner));
  EXPECT_FALSE(sealed->is_of("p"));
  EXPECT_FALSE(pending_part::parse(name));
}

// In a process of its own, in which no file may be larger than 4 KiB.
int write_beyond_the_limit(const std::shared_ptr<part_folder>& parts) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{4096, 4096};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
    return 1;
  if (!parts->append(std::string(4000, '1') + "\n") || parts->append(std::string(4000, '2') + "\n"))
    return 2;
  if (!parts->failure() || parts->failure()->what.find("File too large") == std::string::npos)
    return 3;
  return parts->seal(partition) || parts->append("3\n") ? 4 : 0;
}

TEST_F(part_folder_test, a_transaction_in_which_a_write_failed_is_never_sealed) {
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0)
    ::_exit(write_beyond_the_limit(parts));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  recover({});
  EXPECT_EQ(seen(), "");
  start();
  append("4\n");
  commit();
  EXPECT_EQ(seen(), "4\n");
}

} // namespace
} // namespace weir::io
