#include "config/parse.hpp"
#include "io/kinds.hpp"
#include "io/outputs.hpp"
#include "tests/io/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {
namespace {

/// A node that appends to `out` and commits to `state`, both in a folder.
class file_sink_test : public ::testing::Test {
protected:
  /// Opens the outputs and the state, as a start does. @returns what is wrong, or empty
  std::string start(const std::string& format = "json") {
    set = {};
    opener.emplace();
    store = {};
    auto opened = local_store::open(folder / "state");
    if (!opened)
      return opened.error().text();
    store = *opened;
    opener->files().reset(store.get());
    const auto yaml = "name: p\nsource: { file: in }\nsink: { file: " + (folder / "out") + ", format: " + format
                      + " }\ndead_letter: { file: " + (folder / "dead") + " }\n";
    auto pipeline = config::parse_pipeline(yaml, "p.yaml", catalogue(), {});
    if (!pipeline)
      return pipeline.error().front().text();
    auto outputs = open_outputs(*pipeline, format == "csv" ? "a,b" : "", *opener);
    if (!outputs)
      return outputs.error().text();
    set = *outputs;
    return {};
  }

  void write(std::initializer_list<std::string_view> values) {
    auto block = std::make_shared<core::record_block>();
    for (const auto value : values)
      block->append("", value);
    bool ok = false;
    set->sinks.front()->write(block, core::partition_id{0}, [&](bool delivered) { ok = delivered; });
    EXPECT_TRUE(ok);
  }

  void refuse(std::string_view value) {
    dead_letter letter;
    letter.value = value;
    letter.has_value = true;
    bool ok = false;
    set->dead_letters->write({letter}, [&](bool delivered) { ok = delivered; });
    EXPECT_TRUE(ok);
  }

  void commit() {
    const auto lengths = opener->files().sync();
    ASSERT_TRUE(lengths) << lengths.error().text();
    ASSERT_TRUE(store->commit(*lengths));
  }

  test::temporary_folder folder;
  std::shared_ptr<local_store> store;
  std::optional<output_opener> opener;
  std::shared_ptr<output_set> set;
};

TEST_F(file_sink_test, a_restart_cuts_what_came_behind_the_last_commit) {
  ASSERT_EQ(start(), "");
  write({"1", "2"});
  commit();
  write({"3"});
  EXPECT_EQ(folder.read("out"), "1\n2\n3\n");
  ASSERT_EQ(start(), "");
  EXPECT_EQ(folder.read("out"), "1\n2\n");
  write({"4"});
  commit();
  ASSERT_EQ(start(), "");
  EXPECT_EQ(folder.read("out"), "1\n2\n4\n");
}

TEST_F(file_sink_test, a_restart_without_a_commit_begins_with_an_empty_file) {
  ASSERT_EQ(start(), "");
  write({"1"});
  ASSERT_EQ(start(), "");
  EXPECT_EQ(folder.read("out"), "");
}

TEST_F(file_sink_test, dead_letters_are_cut_too) {
  ASSERT_EQ(start(), "");
  refuse("x");
  const auto one = folder.read("dead");
  EXPECT_NE(one.find(R"("value":"x")"), std::string::npos) << one;
  commit();
  refuse("y");
  EXPECT_GT(folder.read("dead").size(), one.size());
  ASSERT_EQ(start(), "");
  EXPECT_EQ(folder.read("dead"), one);
}

TEST_F(file_sink_test, a_file_that_is_shorter_than_at_the_commit_is_an_error_and_stays_as_it_is) {
  ASSERT_EQ(start(), "");
  write({"12345"});
  commit();
  folder.write("out", "123");
  EXPECT_EQ(start(), "'" + (folder / "out")
                         + "' is shorter than it was at the last commit (put the file back, or remove the pipeline's "
                           "state to begin anew)");
  EXPECT_EQ(folder.read("out"), "123");
}

TEST_F(file_sink_test, a_header_is_written_once_into_an_empty_file) {
  ASSERT_EQ(start("csv"), "");
  write({"1,2"});
  commit();
  ASSERT_EQ(start("csv"), "");
  write({"3,4"});
  EXPECT_EQ(folder.read("out"), "a,b\n1,2\n3,4\n");
}

TEST_F(file_sink_test, a_pipe_has_no_length_to_go_back_to) {
  ASSERT_EQ(::mkfifo((folder / "out").c_str(), 0600), 0);
  const int reader = ::open((folder / "out").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_EQ(start(), "");
  write({"1", "2"});
  commit();
  EXPECT_FALSE(store->length_of(folder / "out").value());
  ASSERT_EQ(start(), "");
  write({"3"});
  std::string got(64, '\0');
  got.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::read(reader, got.data(), got.size()))));
  EXPECT_EQ(got, "1\n2\n3\n");
  ::close(reader);
}

TEST_F(file_sink_test, half_a_line_at_the_end_is_cut_off_where_no_length_is_known) {
  const auto path = folder.write("out", "1\n2\nhal");
  {
    const auto file = append_file::open(path, append_file::at_end);
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->append("3\n"));
  }
  EXPECT_EQ(folder.read("out"), "1\n2\n3\n");
  folder.write("out", std::string(100'000, 'x'));
  ASSERT_TRUE(append_file::open(path, append_file::at_end));
  EXPECT_EQ(folder.read("out").size(), 100'000u) << "there is no line in it";
}

TEST_F(file_sink_test, a_folder_that_is_not_there_is_an_error_that_names_the_file) {
  opener.emplace();
  const auto path = folder / "nowhere/out";
  const auto file = opener->files().file(path, false);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().what, "cannot write '" + path + "': No such file or directory");
  EXPECT_TRUE(opener->files().sync()) << "it is not one of the files";
}

} // namespace
} // namespace weir::io
