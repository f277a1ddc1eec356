#include "io/file/record_file.hpp"
#include "tests/io/standard_input.hpp"
#include "tests/io/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

class record_file_test : public ::testing::Test {
protected:
  /// `line|key|text` of each record; `error: ...` where there is one.
  std::vector<std::string> read(const std::string& text, const core::format_kind& format, const std::string& key = {}) {
    return read_path(folder.write("in", text), format, key);
  }
  std::vector<std::string> read_path(const std::string& path, const core::format_kind& format,
                                     const std::string& key = {}) {
    const auto file = record_file::open(path, format, key);
    if (!file)
      return {"error: " + file.error().text()};
    std::vector<std::string> out;
    while (true) {
      const auto record = (*file)->next(ask);
      if (!record) {
        if ((*file)->failure())
          out.push_back("error: " + (*file)->failure()->text());
        return out;
      }
      const auto& r = *record;
      out.push_back(std::to_string(r.line) + "|" + std::string{r.key.value_or("-")} + "|" + std::string{r.text});
    }
  }

  using lines = std::vector<std::string>;
  static constexpr const auto& json = core::json_format;
  static constexpr const auto& csv = core::csv_format;

  test::temporary_folder folder;
  record_file::keep_waiting ask = [] { return true; };
};

TEST_F(record_file_test, gives_records_with_their_keys_and_lines) {
  EXPECT_EQ(read("id,n\n\"C\n1\",1\n,2\nC3,3", csv, "id"), (lines{"2|C\n1|\"C\n1\",1", "4|-|,2", "5|C3|C3,3"}));
  EXPECT_EQ(read("{\"id\":7}\n\nnot json\n", json, "id"), (lines{"1|7|{\"id\":7}", "3|-|not json"}));
  EXPECT_EQ(read("{\"id\":7}\n", json), lines{"1|-|{\"id\":7}"});
}

TEST_F(record_file_test, reads_rows_across_its_own_blocks) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200'000; ++i)
    text += std::to_string(i) + ",some text\n";
  const auto found = read(text, csv, "a");
  ASSERT_EQ(found.size(), 200'000u);
  EXPECT_EQ(found[154'321], "154323|154321|154321,some text");
}

TEST_F(record_file_test, says_what_is_wrong_with_a_header_and_where) {
  const auto path = folder / "in";
  EXPECT_EQ(read("a,b,a\n", csv),
            lines{"error: " + path + ":1, col 5: field 'a' is in the header twice (rename one of them)"});
  EXPECT_EQ(
      read("a,b\n", csv, "c"),
      lines{"error: " + path + ": there is no column 'c' to key by (the columns are in the first line of the file)"});
  EXPECT_EQ(read("\n", csv),
            lines{"error: '" + path + "' has no header row (a CSV file begins with the names of its columns)"});
}

TEST_F(record_file_test, waits_for_a_pipe_as_long_as_it_is_asked_to) {
  test::standard_input in;
  in.say("{\"n\":1}\n{\"n\"");
  int asked = 0;
  ask = [&] {
    if (++asked == 1)
      in.say(":2}\n{\"n\":3}\n");
    return asked < 3;
  };
  // What is no whole line when the wait ends is not read.
  EXPECT_EQ(read_path("-", json), (lines{"1|-|{\"n\":1}", "2|-|{\"n\":2}", "3|-|{\"n\":3}"}));
  EXPECT_EQ(asked, 3);
}

TEST_F(record_file_test, takes_the_last_line_of_a_pipe_when_it_ends) {
  test::standard_input in;
  in.say("{\"n\":1}\n{\"n\":2}");
  in.end();
  EXPECT_EQ(read_path("-", json), (lines{"1|-|{\"n\":1}", "2|-|{\"n\":2}"}));
}

} // namespace
} // namespace weir::io
