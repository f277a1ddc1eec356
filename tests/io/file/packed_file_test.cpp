#include "io/file/record_file.hpp"
#include "tests/io/standard_input.hpp"
#include "tests/io/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <functional>

#include <zlib.h>
#include <zstd.h>

namespace weir::io {
namespace {

std::string by_gzip(const std::string& text) {
  z_stream stream{};
  constexpr int of_gzip = 16;
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + of_gzip, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string by_zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

struct packer {
  const char* name;
  std::string (*pack)(const std::string&);
};

class packed_file_test : public ::testing::TestWithParam<packer> {
protected:
  /// The records, one a line; behind them the failure where there is one.
  std::string read(const std::string& bytes) { return read_path(folder.write("in", bytes)); }
  std::string read_path(const std::string& path) {
    const auto file = record_file::open(path, core::json_format, {});
    std::string out;
    while (const auto record = (*file)->next([] { return true; }))
      out.append(record->text).append("\n");
    return (*file)->failure() ? out + (*file)->failure()->what : out;
  }

  static std::string pack(const std::string& text) { return GetParam().pack(text); }

  static std::string many_lines() {
    std::string text;
    for (std::int64_t i = 0; i < 300'000; ++i)
      text += "line " + std::to_string(i * 7919 % 1'000'003) + "\n";
    return text;
  }

  std::string why(const std::string& what) const { return "cannot read '" + folder / "in" + "': " + what; }

  test::temporary_folder folder;
};

TEST_P(packed_file_test, gives_its_records) {
  EXPECT_EQ(read(pack("a\nb\n")), "a\nb\n");
  EXPECT_EQ(read(pack("")), "");
  const auto many = many_lines();
  EXPECT_TRUE(read(pack(many)) == many);
  EXPECT_TRUE(read(pack(std::string(40u << 20, 'x') + "\ny\n")).ends_with("x\ny\n")) << "a little that becomes much";
}

TEST_P(packed_file_test, several_behind_one_another_are_one) {
  EXPECT_EQ(read(pack("a\nb") + pack("c\n") + pack("") + pack("d")), "a\nbc\nd\n");
}

TEST_P(packed_file_test, is_read_from_a_pipe_that_says_a_byte_at_a_time) {
  test::standard_input in;
  const auto bytes = pack("{\"n\":1}\n{\"n\":2}\n");
  const auto file = record_file::open("-", core::json_format, {});
  ASSERT_TRUE(file);
  std::size_t said = 0;
  const auto ask = [&] {
    if (said < bytes.size())
      in.say(bytes.substr(said++, 1));
    else
      in.end();
    return true;
  };
  std::string out;
  while (const auto record = (*file)->next(ask))
    out.append(record->text);
  EXPECT_EQ(out, "{\"n\":1}{\"n\":2}");
}

TEST_P(packed_file_test, that_was_cut_off_ends_with_its_last_whole_record_and_an_error) {
  const auto many = many_lines();
  const auto whole = pack(many);
  const auto found = read(whole.substr(0, whole.size() / 2));
  const auto error = found.find("cannot read");
  ASSERT_NE(error, std::string::npos);
  EXPECT_EQ(found.substr(error), why(std::string{"it ends in the middle of what "} + GetParam().name + " has packed"));
  EXPECT_TRUE(many.starts_with(found.substr(0, error)));
}

TEST_P(packed_file_test, that_is_damaged_is_an_error) {
  auto bytes = pack(many_lines());
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 64; ++i)
    bytes[i] = static_cast<char>(~bytes[i]);
  EXPECT_NE(read(bytes).find(why(std::string{"what "} + GetParam().name + " has packed is damaged: ")),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(packers, packed_file_test, ::testing::Values(packer{"gzip", by_gzip}, packer{"zstd", by_zstd}),
                         [](const auto& of) { return std::string{of.param.name}; });

TEST(gzip_file_test, may_be_filled_up_with_zeros_and_with_nothing_else) {
  test::temporary_folder folder;
  const auto read = [&](const std::string& bytes) {
    const auto file = record_file::open(folder.write("in", bytes), core::json_format, {});
    std::string out;
    while (const auto record = (*file)->next([] { return true; }))
      out.append(record->text);
    return (*file)->failure() ? "failed" : out;
  };
  EXPECT_EQ(read(by_gzip("a\n") + std::string(512, '\0')), "a");
  EXPECT_EQ(read(by_gzip("a\n") + "b\n"), "failed");
  EXPECT_EQ(read("\x1f"), "\x1f") << "too short to be packed";
}

/// A file that is followed, with what happens to it between two looks.
class followed_file_test : public ::testing::Test {
protected:
  using steps = std::vector<std::function<void()>>;

  /// The records; behind them the failure. The wait is over behind the last step.
  std::string follow(const steps& happens, const core::format_kind& format = core::json_format) {
    const auto file = record_file::open(path, format, {}, {}, true);
    if (!file)
      return file.error().what;
    std::size_t step = 0;
    const auto ask = [&] {
      if (step < happens.size())
        happens[step]();
      return step++ < happens.size();
    };
    std::string out;
    while (const auto record = (*file)->next(ask))
      out.append(record->text).append("|");
    return (*file)->failure() ? out + (*file)->failure()->what : out;
  }
  std::function<void()> add(const std::string& text) {
    return [this, text] { std::ofstream{path, std::ios::app} << text; };
  }
  std::string why(const std::string& what) const {
    return "cannot read '" + path + "': " + what + " while it was followed";
  }

  test::temporary_folder folder;
  std::string path = folder.write("in", "a\nb");
};

TEST_F(followed_file_test, gives_what_is_added_and_half_a_line_when_it_is_whole) {
  EXPECT_EQ(follow({add("c"), [] {}, add("\nd\n"), add("e")}), "a|bc|d|");
}

TEST_F(followed_file_test, may_be_empty_in_the_beginning_but_for_its_header) {
  folder.write("in", "");
  EXPECT_EQ(follow({add("x\n")}), "x|");
  folder.write("in", "a,b");
  EXPECT_EQ(follow({}, core::csv_format), "'" + path + "' has no header row");
  folder.write("in", "a,b\n");
  EXPECT_EQ(follow({add("1,\"2\n"), add("3\"\n")}, core::csv_format), "1,\"2\n3\"|");
}

TEST_F(followed_file_test, says_that_it_was_cut_short_or_written_anew) {
  EXPECT_EQ(follow({[this] { std::filesystem::resize_file(path, 1); }}),
            "a|" + std::string{"cannot read '"} + path
                + "': it was cut short while it was followed: it has 1 bytes by now, and 3 were read");
  folder.write("in", "a\nb");
  EXPECT_EQ(follow({[this] { folder.write("in", "other\nlines\n"); }}), "a|" + why("it was written anew"));
}

TEST_F(followed_file_test, says_that_another_one_has_taken_its_place_once_all_of_it_is_read) {
  const auto rotate = [this] {
    add("c\n")();
    std::filesystem::rename(path, folder / "old");
  };
  EXPECT_EQ(follow({rotate}), "a|bc|");
  folder.write("in", "a\nb");
  EXPECT_EQ(follow({rotate, [] {}}), "a|bc|" + why("it was removed"));
  folder.write("in", "a\nb");
  EXPECT_EQ(follow({rotate, [this] { folder.write("in", "d\n"); }}), "a|bc|" + why("another file has taken its place"));
}

TEST_F(followed_file_test, is_not_packed) {
  folder.write("in", by_gzip("a\n"));
  EXPECT_EQ(follow({}), "cannot read '" + path + "': it is packed by gzip, and cannot be followed");
}

} // namespace
} // namespace weir::io
