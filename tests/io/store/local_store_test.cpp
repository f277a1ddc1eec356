#include "core/commit/marker.hpp"
#include "io/store/local_store.hpp"
#include "tests/io/temporary_folder.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <sys/wait.h>
#include <unistd.h>

namespace weir::io {
namespace {

constexpr core::partition_id zero{0}, one{1};

class local_store_test : public ::testing::Test {
protected:
  void open() {
    store.reset();
    auto opened = local_store::open(path);
    ASSERT_TRUE(opened) << opened.error().text();
    store = *opened;
  }

  /// What is said when the file cannot be used.
  std::string refusal() {
    const auto opened = local_store::open(path);
    return opened ? "" : opened.error().text();
  }

  static core::record_block_ptr changes(std::initializer_list<std::pair<std::string_view, std::string_view>> entries) {
    auto block = std::make_shared<core::record_block>();
    for (const auto& [key, value] : entries)
      block->append(key, value);
    return block;
  }

  static std::string marker_at(core::partition_id partition, std::int64_t next) {
    return core::marker{partition, core::epoch{1}, core::offset{next}, "n1"}.encode();
  }

  void write(core::partition_id partition, core::record_block_ptr block) {
    bool told = false;
    store->write(std::move(block), partition, [&](bool ok) { told = ok; });
    EXPECT_TRUE(told);
  }

  /// `key=value` of each restored change.
  std::vector<std::string> restored(core::partition_id partition) {
    const auto state = store->restore(partition);
    EXPECT_TRUE(state);
    std::vector<std::string> out;
    for (std::size_t i = 0; state && i < state->changes.size(); ++i)
      out.push_back(std::string{state->changes.key(i)} + "=" + std::string{state->changes.value(i)});
    return out;
  }

  using lines = std::vector<std::string>;

  test::temporary_folder folder;
  std::string path = folder / "p.state";
  std::shared_ptr<local_store> store;
};

TEST_F(local_store_test, a_new_one_has_no_state) {
  open();
  const auto state = store->restore(zero);
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->found);
  EXPECT_TRUE(state->changes.empty());
  EXPECT_FALSE(store->length_of("out").value());
}

TEST_F(local_store_test, gives_back_what_was_committed_by_partition_with_the_place_to_read_on) {
  open();
  write(zero, changes({{"a", "1"}, {core::marker::key, marker_at(zero, 17)}}));
  write(one, changes({{"b", std::string_view{"\0\xff", 2}}, {core::marker::key, marker_at(one, 4)}}));
  ASSERT_TRUE(store->commit({{"out", 123}}));
  open();
  EXPECT_EQ(restored(zero), lines{"a=1"});
  EXPECT_EQ(restored(one), (lines{"b=" + std::string("\0\xff", 2)}));
  EXPECT_TRUE(store->restore(zero)->found);
  EXPECT_EQ(store->restore(zero)->next, core::offset{17});
  EXPECT_EQ(store->length_of("out").value().value_or(0), 123u);
}

TEST_F(local_store_test, keeps_the_newest_value_and_forgets_what_went) {
  open();
  write(zero, changes({{"a", "1"}, {"b", "1"}, {"c", "1"}}));
  ASSERT_TRUE(store->commit({}));
  auto later = std::make_shared<core::record_block>();
  later->append("a", "2");
  later->append_tombstone("b");
  write(zero, later);
  ASSERT_TRUE(store->commit({}));
  open();
  EXPECT_EQ(restored(zero), (lines{"a=2", "c=1"}));
}

TEST_F(local_store_test, forgets_what_was_not_committed) {
  open();
  write(zero, changes({{"a", "1"}}));
  ASSERT_TRUE(store->commit({}));
  write(zero, changes({{"a", "2"}}));
  EXPECT_EQ(restored(zero), lines{"a=1"});
  open();
  EXPECT_EQ(restored(zero), lines{"a=1"});
}

TEST_F(local_store_test, an_abort_drops_the_changes_since_the_last_commit) {
  open();
  write(zero, changes({{"a", "1"}}));
  store->abort();
  write(zero, changes({{"b", "1"}}));
  ASSERT_TRUE(store->commit({}));
  EXPECT_EQ(restored(zero), lines{"b=1"});
}

TEST_F(local_store_test, clear_forgets_everything) {
  open();
  write(zero, changes({{"a", "1"}, {core::marker::key, marker_at(zero, 17)}}));
  ASSERT_TRUE(store->commit({{"out", 5}}));
  ASSERT_TRUE(store->clear());
  open();
  EXPECT_FALSE(store->restore(zero)->found);
  EXPECT_EQ(restored(zero), lines{});
  EXPECT_FALSE(store->length_of("out").value());
}

TEST_F(local_store_test, a_second_process_is_refused_until_the_first_is_gone_however_it_went) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const auto other = ::fork();
  if (other == 0) {
    const auto held = local_store::open(path);
    const char byte = held ? 'y' : 'n';
    static_cast<void>(!::write(ready[1], &byte, 1));
    while (true)
      ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_EQ(refusal(), path + ": cannot use the state: database is locked (is another process running this pipeline?)");
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(refusal(), "");
}

TEST_F(local_store_test, a_file_that_is_no_database_is_refused_and_stays_as_it_is) {
  for (const auto& bytes : {std::string{"hello"}, std::string(10'000, 'x')}) {
    folder.write("p.state", bytes);
    EXPECT_EQ(refusal(), path
                             + ": cannot use the state: file is not a database (the file is damaged, or no state of "
                               "Weir: put it back from a copy, or remove it: the pipeline begins anew then, and its "
                               "output files too)");
    EXPECT_EQ(folder.read("p.state"), bytes);
  }
}

TEST_F(local_store_test, another_programs_database_is_refused_and_stays_as_it_is) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE state (city TEXT);", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  const auto before = folder.read("p.state");
  EXPECT_EQ(refusal(), path
                           + ": the file is no state of Weir (put it back from a copy, or remove it: the pipeline "
                             "begins anew then, and its output files too)");
  EXPECT_EQ(folder.read("p.state"), before);
}

TEST_F(local_store_test, a_damaged_file_is_an_error_and_never_a_part_of_the_state) {
  open();
  auto block = std::make_shared<core::record_block>();
  for (int i = 0; i < 2000; ++i)
    block->append("key" + std::to_string(i), std::string(100, 'v'));
  write(zero, block);
  ASSERT_TRUE(store->commit({{"out", 5}}));
  store.reset();
  auto bytes = folder.read("p.state");
  ASSERT_GT(bytes.size(), 100'000u);
  // The first page says what tables there are; behind it is all the state.
  std::fill(bytes.begin() + 4096, bytes.end(), '\x5a');
  folder.write("p.state", bytes);
  const auto opened = local_store::open(path);
  ASSERT_TRUE(opened) << opened.error().text();
  const auto state = (*opened)->restore(zero);
  ASSERT_FALSE(state);
  EXPECT_NE(state.error().text().find("damaged"), std::string::npos) << state.error().text();
  const auto length = (*opened)->length_of("out");
  ASSERT_FALSE(length) << "an output would be cut to " << length->value_or(0);
  EXPECT_NE(length.error().text().find("remove it"), std::string::npos) << length.error().text();
}

TEST_F(local_store_test, a_folder_that_is_not_there_is_an_error_that_says_what_to_do) {
  path = folder / "nowhere/p.state";
  EXPECT_EQ(refusal(), path
                           + ": cannot open the state: unable to open database file (check the folder and its "
                             "permissions, or choose another with state.dir)");
}

} // namespace
} // namespace weir::io
