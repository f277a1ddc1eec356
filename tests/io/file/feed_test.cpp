#include "core/base/murmur2.hpp"
#include "io/file/feed.hpp"
#include "io/kafka/handles.hpp"
#include "tests/io/standard_input.hpp"
#include "tests/io/temporary_folder.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "io/kafka/handles.hpp"
#include <gtest/gtest.h>

namespace weir::io {
namespace {

using namespace std::chrono_literals;

/// Reads a feed to its end, as the lanes of a node do.
class file_feed_test : public ::testing::Test {
protected:
  struct record {
    std::int64_t at;
    std::string key; ///< `-`: none
    std::string value;
    bool operator==(const record&) const = default;
  };
  using records = std::vector<record>;

  void open(const std::string& text, const core::format_kind& format) {
    options.path = folder.write("in", text);
    options.format = &format;
    open();
  }
  void open() {
    auto opened = file_feed::open(options);
    ASSERT_TRUE(opened) << opened.error().text();
    feed = *opened;
    for (int p = 0; p < options.partitions; ++p) {
      sources.push_back(feed->partition(core::partition_id{p}));
      sources.back()->on_ready([this] {
        const std::lock_guard lock{mutex};
        ++woken;
        changed.notify_all();
      });
    }
  }

  /// All records of each partition.
  std::vector<records> read_all(const std::map<core::partition_id, core::offset>& from = {}) {
    feed->start(from);
    std::vector<records> out(sources.size());
    while (true) {
      std::unique_lock lock{mutex};
      const auto seen = woken;
      lock.unlock();
      bool is_over = true;
      bool came = false;
      for (std::size_t p = 0; p < sources.size(); ++p) {
        const bool exhausted = sources[p]->exhausted(); // asked first: what comes meanwhile is read below
        while (const auto block = sources[p]->read({})) {
          came = true;
          EXPECT_LE(block->size(), options.block.records);
          EXPECT_EQ(core::value_of(block->partition), static_cast<std::int32_t>(p));
          for (core::row_index row = 0; row < block->size(); ++row)
            out[p].push_back({block->offsets[row], block->has_key(row) ? std::string{block->key(row)} : "-",
                              std::string{block->value(row)}});
        }
        is_over = is_over && exhausted;
      }
      if (is_over)
        return out;
      lock.lock();
      if (!came && !changed.wait_for(lock, 20s, [&] { return woken != seen; })) {
        ADD_FAILURE() << "nobody woke the reader";
        return out;
      }
    }
  }

  std::string refusal() {
    const auto opened = file_feed::open(options);
    return opened ? "" : opened.error().text();
  }

  static std::string numbers(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += "{\"n\":" + std::to_string(i) + "}\n";
    return text;
  }

  static constexpr const auto& json = core::json_format;
  static constexpr const auto& csv = core::csv_format;

  test::temporary_folder folder;
  file_feed_options options;
  std::mutex mutex;
  std::condition_variable changed;
  int woken = 0;
  std::shared_ptr<file_feed> feed; // ends before what it wakes
  std::vector<record_source_ptr> sources;
};

TEST_F(file_feed_test, says_why_a_file_could_not_be_read_to_its_end) {
  options.path = "/proc/self/mem"; // it opens, and its first bytes cannot be read
  options.format = &core::json_format;
  open();
  EXPECT_EQ(feed->failure(), std::nullopt);
  EXPECT_EQ(read_all()[0], records{});
  ASSERT_TRUE(feed->failure());
  EXPECT_EQ(feed->failure()->text(), "cannot read '/proc/self/mem': Input/output error");
}

TEST_F(file_feed_test, gives_lines_with_their_numbers_as_offsets_and_passes_over_empty_ones) {
  open("{\"a\":1}\n\n{\"a\":2}\r\nnot json\n{\"a\":3}", json);
  EXPECT_EQ(read_all().front(),
            (records{{0, "-", R"({"a":1})"}, {1, "-", R"({"a":2})"}, {2, "-", "not json"}, {3, "-", R"({"a":3})"}}));
  EXPECT_TRUE(feed->header().empty());
}

TEST_F(file_feed_test, gives_csv_rows_behind_the_header_also_those_of_several_lines) {
  open("\xef\xbb\xbfid,\"no,te\"\nC1,plain\r\nC2,\"two\nlines, \"\"quoted\"\"\"\n\nC3,\n", csv);
  EXPECT_EQ(feed->header(), (std::vector<std::string>{"id", "no,te"}));
  EXPECT_EQ(read_all().front(),
            (records{{0, "-", "C1,plain"}, {1, "-", "C2,\"two\nlines, \"\"quoted\"\"\""}, {2, "-", "C3,"}}));
}

TEST_F(file_feed_test, takes_the_first_row_for_data_where_there_is_no_header) {
  options.rows = {.dialect = {.delimiter = ';'}, .names = {"id", "n"}};
  options.key = "id";
  open("\xef\xbb\xbf\"C;1\";1\r\nC2;2\r\n", csv);
  EXPECT_EQ(feed->header(), (std::vector<std::string>{"id", "n"}));
  EXPECT_EQ(read_all().front(), (records{{0, "C;1", "\"C;1\";1"}, {1, "C2", "C2;2"}}));
}

TEST_F(file_feed_test, reads_rows_that_are_longer_than_what_it_reads_at_once) {
  const std::string large(3u << 20, 'x');
  open("id,text\n1,\"" + large + "\n" + large + "\"\n2,y\n", csv);
  const auto found = read_all().front();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].value.size(), 2 * large.size() + 5);
  EXPECT_EQ(found[1].value, "2,y");
}

TEST_F(file_feed_test, spreads_records_by_key_as_kafka_does) {
  options.key = "id";
  options.partitions = 4;
  std::string text = "n,id\n";
  for (int i = 0; i < 100; ++i)
    text += std::to_string(i) + ",C" + std::to_string(i % 10) + "\n";
  open(text, csv);
  const auto found = read_all();
  std::size_t count = 0;
  for (std::size_t p = 0; p < found.size(); ++p) {
    std::int64_t last = -1;
    for (const auto& r : found[p]) {
      EXPECT_EQ(r.key, "C" + std::to_string(r.at % 10));
      EXPECT_EQ(core::partition_of(r.key, 4), static_cast<std::int32_t>(p));
      EXPECT_GT(r.at, last) << "in order";
      last = r.at;
      ++count;
    }
  }
  EXPECT_EQ(count, 100u);
}

TEST_F(file_feed_test, spreads_records_without_keys_in_turn) {
  options.partitions = 3;
  open(numbers(7), json);
  const auto found = read_all();
  EXPECT_EQ(found[0], (records{{0, "-", "{\"n\":0}"}, {3, "-", "{\"n\":3}"}, {6, "-", "{\"n\":6}"}}));
  EXPECT_EQ(found[1].size(), 2u);
  EXPECT_EQ(found[2].size(), 2u);
}

TEST_F(file_feed_test, reads_on_from_the_offset_of_each_partition) {
  options.partitions = 2;
  open(numbers(10), json);
  const auto found = read_all({{core::partition_id{0}, core::offset{4}}, {core::partition_id{1}, core::offset{9}}});
  EXPECT_EQ(found[0], (records{{4, "-", "{\"n\":4}"}, {6, "-", "{\"n\":6}"}, {8, "-", "{\"n\":8}"}}));
  EXPECT_EQ(found[1], (records{{9, "-", "{\"n\":9}"}}));
}

TEST_F(file_feed_test, stops_at_its_limit_which_counts_what_was_read_before_a_restart) {
  options.limit = 6;
  open(numbers(10), json);
  const auto found = read_all({{core::partition_id{0}, core::offset{4}}});
  EXPECT_EQ(found[0], (records{{4, "-", "{\"n\":4}"}, {5, "-", "{\"n\":5}"}}));
}

TEST_F(file_feed_test, makes_blocks_no_larger_than_it_may_and_lets_no_more_wait) {
  options.block.records = 10;
  options.queue_bytes = 1; // each block waits for the one before to be taken
  open(numbers(1000), json);
  const auto found = read_all().front();
  ASSERT_EQ(found.size(), 1000u);
  EXPECT_EQ(found.back(), (record{999, "-", "{\"n\":999}"}));
}

TEST_F(file_feed_test, keeps_to_its_rate) {
  options.rate = 100;
  open(numbers(21), json);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(read_all().front().size(), 21u);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms); // the last of 21 is due then
}

TEST_F(file_feed_test, stops_when_its_time_is_over) {
  options.rate = 100;
  options.duration = 95ms;
  open(numbers(100'000), json);
  const auto found = read_all().front();
  EXPECT_GE(found.size(), 1u);
  EXPECT_LE(found.size(), 10u);
}

TEST_F(file_feed_test, an_empty_file_of_lines_has_no_records) {
  open("", json);
  EXPECT_EQ(read_all().front(), records{});
}

TEST_F(file_feed_test, a_csv_file_of_a_header_alone_has_no_records) {
  open("a,b\n", csv);
  EXPECT_EQ(read_all().front(), records{});
}

TEST_F(file_feed_test, an_empty_csv_file_is_an_error) {
  options.path = folder.write("in", "");
  options.format = &csv;
  EXPECT_EQ(refusal(), "'" + options.path + "' has no header row (a CSV file begins with the names of its columns)");
}

TEST_F(file_feed_test, a_file_that_is_not_there_is_an_error_and_so_is_a_folder) {
  options.path = folder / "nothing";
  EXPECT_EQ(refusal(), "cannot read '" + options.path + "': No such file or directory (check the path)");
  options.path = folder / ".";
  EXPECT_EQ(refusal(), "cannot read '" + options.path + "': Is a directory (check the path)");
}

TEST_F(file_feed_test, a_key_that_is_no_column_is_an_error) {
  options.path = folder.write("in", "a,b\n1,2\n");
  options.format = &csv;
  options.key = "c";
  EXPECT_EQ(refusal(),
            options.path + ": there is no column 'c' to key by (the columns are in the first line of the file)");
}

TEST_F(file_feed_test, a_stop_ends_it_though_nobody_takes_what_waits) {
  options.block.records = 1;
  options.queue_bytes = 1;
  open(numbers(100'000), json);
  feed->start({});
  feed->stop();
  std::size_t left = 0;
  while (const auto block = sources.front()->read({}))
    left += block->size();
  EXPECT_LT(left, 100'000u);
}

TEST_F(file_feed_test, reads_standard_input_to_its_end) {
  test::standard_input in;
  in.say("a,b\n1,2\n3,4\n");
  in.end();
  options.path = "-";
  options.format = &csv;
  open();
  EXPECT_EQ(feed->header(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read_all().front(), (records{{0, "-", "1,2"}, {1, "-", "3,4"}}));
}

TEST_F(file_feed_test, hands_out_what_a_pipe_has_said_before_it_says_more) {
  test::standard_input in;
  options.path = "-";
  open();
  feed->start({});
  in.say("{\"n\":0}\n{\"n\"");
  {
    std::unique_lock lock{mutex};
    ASSERT_TRUE(changed.wait_for(lock, 20s, [&] { return woken > 0; }));
  }
  const auto block = sources.front()->read({});
  ASSERT_TRUE(block);
  ASSERT_EQ(block->size(), 1u);
  EXPECT_EQ(block->value(0), "{\"n\":0}");
  EXPECT_FALSE(sources.front()->exhausted());
}

TEST_F(file_feed_test, a_stop_and_the_end_of_its_time_end_it_though_a_pipe_stays_silent) {
  test::standard_input in;
  options.path = "-";
  open();
  feed->start({});
  feed->stop();
  EXPECT_TRUE(sources.front()->exhausted());

  sources.clear();
  options.duration = 20ms;
  open();
  EXPECT_EQ(read_all().front(), records{});
}

/// The same rows as `weir produce` keys them, with librdkafka's own partitioner, and as a file source does.
class same_keys_test : public file_feed_test {
protected:
  void expect_the_same(const std::string& text, const core::format_kind& format, const records& keys) {
    options.partitions = 7;
    open(text, format);
    const auto found = read_all();
    auto file = record_file::open(options.path, format, options.key);
    ASSERT_TRUE(file) << file.error().text();
    for (std::int64_t number = 0;; ++number) {
      const auto next = (*file)->next([] { return true; });
      if (!next) {
        EXPECT_EQ(static_cast<std::size_t>(number), keys.size());
        return;
      }
      const auto& key = next->key;
      ASSERT_LT(static_cast<std::size_t>(number), keys.size());
      EXPECT_EQ(key.value_or("-"), keys[static_cast<std::size_t>(number)].key) << next->text;
      // Where Kafka's partitioner throws dice, ours deals in turn.
      const auto partition =
          key ? rd_kafka_msg_partitioner_murmur2(nullptr, key->data(), key->size(), 7, nullptr, nullptr) : number % 7;
      const record wanted{number, std::string{key.value_or("-")}, std::string{next->text}};
      const auto& there = found[static_cast<std::size_t>(partition)];
      EXPECT_EQ(std::count(there.begin(), there.end(), wanted), 1) << next->text;
    }
  }
  static records keys_of(std::initializer_list<const char*> keys) {
    records out;
    for (const auto* key : keys)
      out.push_back({0, key, ""});
    return out;
  }
};

TEST_F(same_keys_test, of_csv_rows) {
  options.key = "X";
  expect_the_same("n,X\n1,C1\n2,\"C1\"\n3,\"a, \"\"b\"\"\nc\"\n4, blank \n5,1.50\n6,\n7,\"\"\n8,null\n9\n\"broken\n",
                  csv, keys_of({"C1", "C1", "a, \"b\"\nc", " blank ", "1.50", "-", "", "null", "-", "-"}));
}

TEST_F(same_keys_test, of_json_lines) {
  options.key = "X";
  expect_the_same(R"({"X":"C1"}
{ "n" : 1 , "X" : "C1" , "m" : 2 }
{"X":"\u0043\"1\n"}
{"\u0058":"C1"}
{"X":1.50 }
{"X":1e3}
{"X":true}
{"X":null}
{"n":1}
{"X":""}
{"a":{"X":"inner"},"X":"outer"}
{"X":{"a": 1}}
{"X":[1, 2]}
{"X":"\ud800"}
[1]
{broken
)",
                  json,
                  keys_of({"C1", "C1", "C\"1\n", "C1", "1.50", "1e3", "true", "-", "-", "", "outer", "{\"a\": 1}",
                           "[1, 2]", "-", "-", "-"}));
}

} // namespace
} // namespace weir::io
