#include "io/http/endpoint_files.hpp"

#include "io/http/access_token.hpp"
#include "tests/io/temporary_folder.hpp"

#include <csignal>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace weir::io {
namespace {

class endpoint_files_test : public ::testing::Test {
protected:
  using announced = std::unique_ptr<announced_endpoint>;

  announced start(const std::string& pipeline, const std::string& node, const std::string& token_file = {}) {
    auto made = announced_endpoint::write({.state_dir = folder / "state",
                                           .pipeline = pipeline,
                                           .node = node,
                                           .url = "http://127.0.0.1:1/" + node,
                                           .token_file = token_file,
                                           .token = "0123456789abcdef"});
    EXPECT_TRUE(made) << made.error().text();
    return made ? std::move(*made) : nullptr;
  }

  /// Starts a node in a process of its own and kills it.
  void start_and_kill(const std::string& pipeline, const std::string& node, const std::string& token_file = {}) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const auto other = ::fork();
    if (other == 0) {
      const auto files = start(pipeline, node, token_file);
      static_cast<void>(!::write(ready[1], "x", 1));
      while (true)
        ::pause();
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
  }

  /// The names of the files in the state folder.
  std::set<std::string> files() const {
    std::set<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{folder / "state"})
      out.insert(entry.path().filename().string());
    return out;
  }

  using names = std::set<std::string>;

  test::temporary_folder folder;
};

TEST_F(endpoint_files_test, a_node_that_ends_takes_its_address_and_its_token_along) {
  const auto one = start("p", "n1");
  start("p", "n2");
  EXPECT_EQ(files(), (names{"p-n1.endpoint", "p-n1.token"}));
  const auto found = find_endpoints(folder / "state", "p");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].url, "http://127.0.0.1:1/n1");
  EXPECT_EQ(read_token(found[0].token_file).value_or(""), "0123456789abcdef");
}

TEST_F(endpoint_files_test, a_node_that_was_killed_leaves_them_until_the_pipeline_starts_again) {
  start_and_kill("p", "n1");
  EXPECT_EQ(files(), (names{"p-n1.endpoint", "p-n1.token"}));
  const auto two = start("p", "n2");
  EXPECT_EQ(files(), (names{"p-n2.endpoint", "p-n2.token"}));
}

TEST_F(endpoint_files_test, those_of_a_node_that_lives_stay) {
  const auto one = start("p", "n1");
  start_and_kill("p", "n2");
  const auto three = start("p", "n3");
  EXPECT_EQ(files(), (names{"p-n1.endpoint", "p-n1.token", "p-n3.endpoint", "p-n3.token"}));
}

TEST_F(endpoint_files_test, those_of_another_pipeline_stay) {
  start_and_kill("p-q", "n1");
  const auto one = start("p", "q-n1-b");
  EXPECT_EQ(files(), (names{"p-q-n1.endpoint", "p-q-n1.token", "p-q-n1-b.endpoint", "p-q-n1-b.token"}));
}

TEST_F(endpoint_files_test, a_token_file_of_the_users_stays) {
  const auto token = folder.write("mine", "0123456789abcdef\n");
  start_and_kill("p", "n1", token);
  start("p", "n2", token);
  EXPECT_EQ(files(), names{});
  EXPECT_EQ(folder.read("mine"), "0123456789abcdef\n");
}

TEST_F(endpoint_files_test, a_node_of_the_same_name_takes_their_place_and_keeps_it) {
  auto first = start("p", "n1");
  const auto second = start("p", "n1");
  first.reset();
  EXPECT_EQ(files(), (names{"p-n1.endpoint", "p-n1.token"}));
  const auto third = start("p", "n3");
  EXPECT_EQ(files().size(), 4u) << "the second one lives";
}

TEST_F(endpoint_files_test, a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do) {
  folder.write("state", "a file");
  const auto made = announced_endpoint::write({folder / "state", "p", "n1", "http://x", "", "0123456789abcdef"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().remedy, "choose another folder with state.dir");
}

} // namespace
} // namespace weir::io
