#include "core/keyed/paged_table.hpp"

#include "core/base/byte_codec.hpp"
#include "core/base/murmur2.hpp"

#include <algorithm>
#include <cstring>
#include <list>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr auto page_bytes = paged_blob::page_bytes;

std::string text_of(const paged_blob& blob) {
  return {reinterpret_cast<const char*>(blob.bytes().data()), blob.size()};
}

/// What a table should hold, and which key it should let go.
struct model {
  std::size_t max_keys;
  std::size_t max_bytes;
  std::map<std::string, std::string> contents{};
  std::list<std::string> by_use{}; ///< newest first
  std::uint64_t evictions = 0;

  void use(const std::string& key) {
    if (const auto known = std::find(by_use.begin(), by_use.end(), key); known != by_use.end()) {
      by_use.splice(by_use.begin(), by_use, known);
      return;
    }
    while (!by_use.empty() && by_use.size() >= max_keys)
      drop_oldest();
    by_use.push_front(key);
    contents[key];
  }
  void drop_oldest() {
    contents.erase(by_use.back());
    by_use.pop_back();
    ++evictions;
  }
  void erase(const std::string& key) {
    contents.erase(key);
    by_use.remove(key);
  }
};

class paged_table_test : public ::testing::Test {
protected:
  using log = std::map<std::string, std::string>; ///< a changelog, compacted: the newest value of each key

  static paged_table::options settings(std::size_t max_keys, std::size_t max_bytes = SIZE_MAX) {
    paged_table::options o;
    o.max_keys = max_keys;
    o.max_bytes = max_bytes;
    o.max_blob_bytes = 20 * page_bytes;
    o.identity = {5, 3, 77, "sketch"};
    return o;
  }

  static std::string noise(std::mt19937& random, std::size_t size) {
    std::string out(size, '\0');
    for (auto& c : out)
      c = static_cast<char>(random());
    return out;
  }

  /// What the table says has changed, into the log; no record key may come twice.
  static std::size_t collect(paged_table& table, log& into) {
    record_block changes;
    table.collect_changes(changes);
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const std::string key{changes.key(i)};
      EXPECT_EQ(++seen[key], 1);
      if (changes.entries[i].value_size == record_block::none)
        into.erase(key);
      else
        into[key] = changes.value(i);
    }
    return changes.size();
  }

  static result<void> restore(paged_table& into, const log& from) {
    for (const auto& [key, text] : from) {
      const std::string_view value{text};
      if (auto taken = into.restore(key, &value); !taken)
        return taken;
    }
    return into.finish_restore();
  }

  static void set(paged_blob& blob, std::string_view text) {
    ASSERT_TRUE(blob.resize(text.size()));
    blob.write(0, std::as_bytes(std::span{text}));
  }
};

TEST_F(paged_table_test, writes_the_pages_that_changed_and_no_others) {
  paged_table table{settings(10)};
  log written;
  auto& blob = table.find_or_insert("a");
  ASSERT_TRUE(blob.resize(10 * page_bytes - 100));
  EXPECT_EQ(collect(table, written), 11u); // a head and ten pages
  EXPECT_EQ(collect(table, written), 0u);
  table.find_or_insert("a");
  EXPECT_EQ(collect(table, written), 1u); // a use is a head
  auto& again = table.find_or_insert("a");
  again.change(3 * page_bytes + 5, 1)[0] = std::byte{9};
  again.change(7 * page_bytes - 1, 2)[0] = std::byte{9}; // over a border
  EXPECT_EQ(collect(table, written), 4u);
  ASSERT_TRUE(table.find_or_insert("a").resize(5 * page_bytes - 1));
  EXPECT_EQ(collect(table, written), 7u); // a head, the page that was cut, and five tombstones
  EXPECT_EQ(written.size(), 6u);
  table.erase("a");
  EXPECT_EQ(collect(table, written), 6u);
  EXPECT_TRUE(written.empty());
}

TEST_F(paged_table_test, holds_what_a_plain_map_holds_and_restores_it_after_every_commit) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const auto how = settings(2 + random() % 12);
    auto table = std::make_unique<paged_table>(how);
    model expected{how.max_keys, how.max_bytes};
    log written;
    std::uint64_t evictions = 0;
    for (int step = 0; step < 1500; ++step) {
      const auto number = random() % 20;
      const auto key = number == 0 ? std::string{"(null)"} : std::string(number, static_cast<char>('a' + number));
      const auto name = number == 0 ? std::nullopt : std::optional<std::string_view>{key};
      if (random() % 12 == 0) {
        table->erase(name);
        expected.erase(key);
        continue;
      }
      auto& blob = table->find_or_insert(name);
      expected.use(key);
      auto& text = expected.contents[key];
      ASSERT_EQ(text_of(blob), text);
      if (const auto size = random() % 3 == 0 ? random() % (6 * page_bytes) : text.size() + random() % 40;
          random() % 2 == 0 && size <= how.max_blob_bytes) {
        ASSERT_TRUE(blob.resize(size));
        text.resize(size);
      }
      if (!text.empty()) {
        const auto at = random() % text.size();
        const auto bytes = noise(random, 1 + random() % std::min<std::size_t>(text.size() - at, 1500));
        blob.write(at, std::as_bytes(std::span{bytes}));
        text.replace(at, bytes.size(), bytes);
      }
      if (random() % 7 != 0)
        continue;
      collect(*table, written);
      if (random() % 3 != 0)
        continue;
      evictions += table->evictions();
      const auto bytes = table->bytes();
      table = std::make_unique<paged_table>(how);
      const auto whole = restore(*table, written);
      ASSERT_TRUE(whole) << whole.error().text();
      ASSERT_EQ(table->bytes(), bytes);
      ASSERT_EQ(table->size(), expected.contents.size());
    }
    EXPECT_EQ(evictions + table->evictions(), expected.evictions);
    if (how.max_keys < 10) {
      EXPECT_GT(expected.evictions, 0u);
    }
  }
}

TEST_F(paged_table_test, restores_a_log_as_it_was_written_too) {
  std::mt19937 random{4};
  paged_table table{settings(5)};
  record_block changes;
  for (int step = 0; step < 400; ++step) {
    auto& blob = table.find_or_insert(std::to_string(random() % 9));
    ASSERT_TRUE(blob.resize(random() % (4 * page_bytes)));
    if (!blob.empty())
      blob.change(random() % blob.size(), 1)[0] = static_cast<std::byte>(random());
    if (step % 3 == 0)
      table.collect_changes(changes);
  }
  table.collect_changes(changes);
  paged_table restored{settings(5)};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto value = changes.value(i);
    const auto taken =
        restored.restore(changes.key(i), changes.entries[i].value_size == record_block::none ? nullptr : &value);
    ASSERT_TRUE(taken) << taken.error().text();
  }
  ASSERT_TRUE(restored.finish_restore());
  EXPECT_EQ(restored.bytes(), table.bytes());
  for (int key = 0; key < 9; ++key) {
    const auto* a = table.find(std::to_string(key));
    const auto* b = restored.find(std::to_string(key));
    ASSERT_EQ(a == nullptr, b == nullptr);
    if (a != nullptr) {
      EXPECT_EQ(text_of(*a), text_of(*b));
    }
  }
}

TEST_F(paged_table_test, lets_the_least_recently_used_go_when_the_bytes_are_too_many) {
  constexpr std::size_t room = 8500;
  paged_table table{settings(100, room)};
  std::string all(2 * page_bytes, 'x');
  for (const auto* key : {"a", "b", "c"}) {
    set(table.find_or_insert(key), all);
    EXPECT_LE(table.bytes(), room);
  }
  EXPECT_EQ(table.evictions(), 0u);
  table.find_or_insert("a");
  set(table.find_or_insert("d"), all + all);
  EXPECT_LE(table.bytes(), room);
  EXPECT_EQ(table.evictions(), 2u);
  EXPECT_EQ(table.find("b"), nullptr);
  EXPECT_EQ(table.find("c"), nullptr);
  EXPECT_NE(table.find("a"), nullptr);
}

TEST_F(paged_table_test, evicts_the_same_keys_after_a_restore) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const auto how = settings(50, 30'000);
    paged_table steady{how};
    auto restarted = std::make_unique<paged_table>(how);
    log written;
    for (int step = 0; step < 1000; ++step) {
      const auto key = std::to_string(random() % 30);
      const auto size = random() % (5 * page_bytes);
      for (auto* table : {&steady, restarted.get()})
        ASSERT_TRUE(table->find_or_insert(key).resize(size));
      ASSERT_EQ(steady.size(), restarted->size());
      ASSERT_EQ(steady.bytes(), restarted->bytes());
      if (random() % 11 != 0)
        continue;
      collect(*restarted, written);
      restarted = std::make_unique<paged_table>(how);
      ASSERT_TRUE(restore(*restarted, written));
    }
    for (int key = 0; key < 30; ++key)
      EXPECT_EQ(steady.find(std::to_string(key)) == nullptr, restarted->find(std::to_string(key)) == nullptr);
    EXPECT_GT(steady.evictions(), 100u);
  }
}

TEST_F(paged_table_test, says_no_to_a_blob_that_has_no_room_and_leaves_all_as_it_was) {
  paged_table table{settings(100, paged_table::least_bytes + 4 * page_bytes)};
  set(table.find_or_insert("a"), "here");
  auto& blob = table.find_or_insert(std::nullopt);
  set(blob, "lane");
  const auto bytes = table.bytes();
  EXPECT_FALSE(blob.resize(19 * page_bytes));
  EXPECT_FALSE(blob.resize(21 * page_bytes));
  EXPECT_EQ(table.bytes(), bytes);
  EXPECT_EQ(text_of(blob), "lane");
  EXPECT_NE(table.find("a"), nullptr);
  const auto why = table.no_room(19 * page_bytes).text();
  EXPECT_NE(why.find("'sketch' needs 19456 bytes"), std::string::npos) << why;
  EXPECT_NE(why.find("state.memory_limit"), std::string::npos) << why;
  EXPECT_NE(table.no_room(21 * page_bytes).text().find("20480 are the most"), std::string::npos);
}

TEST_F(paged_table_test, tells_the_null_key_from_the_empty_one) {
  paged_table table{settings(10)};
  set(table.find_or_insert(std::nullopt), "null");
  set(table.find_or_insert(""), "empty");
  log written;
  collect(table, written);
  paged_table restored{settings(10)};
  ASSERT_TRUE(restore(restored, written));
  EXPECT_EQ(text_of(*restored.find(std::nullopt)), "null");
  EXPECT_EQ(text_of(*restored.find("")), "empty");
}

TEST_F(paged_table_test, takes_the_key_of_a_row) {
  paged_table table{settings(10)};
  column texts;
  texts.type = column_type::string;
  texts.text = {"a", "b", ""};
  texts.null = {0, 0, 1};
  column numbers;
  numbers.type = column_type::int64;
  numbers.i64 = {7};
  set(table.find_or_insert(texts, 1), "b");
  set(table.find_or_insert(texts, 2), "null");
  set(table.find_or_insert(numbers, 0), "7");
  EXPECT_EQ(text_of(*table.find("b")), "b");
  EXPECT_EQ(text_of(*table.find(std::nullopt)), "null");
  EXPECT_EQ(text_of(table.find_or_insert(numbers, 0)), "7");
}

// --- what is read back is not trusted ---

class damaged_state_test : public paged_table_test {
protected:
  damaged_state_test() {
    std::mt19937 random{9};
    paged_table table{settings(10)};
    set(table.find_or_insert("first"), noise(random, 3 * page_bytes + 17));
    set(table.find_or_insert("second"), noise(random, 100));
    set(table.find_or_insert(std::nullopt), noise(random, 2 * page_bytes));
    collect(table, written);
    contents = contents_of(table);
  }

  static std::map<std::string, std::string> contents_of(paged_table& table) {
    std::map<std::string, std::string> out;
    for (const auto* key : {"first", "second"})
      if (const auto* blob = table.find(key))
        out[key] = text_of(*blob);
    if (const auto* blob = table.find(std::nullopt))
      out["(null)"] = text_of(*blob);
    return out;
  }

  /// An error that names the step.
  static void expect_refused(const log& from) {
    paged_table table{settings(10)};
    const auto taken = restore(table, from);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().text().find("'sketch'"), std::string::npos) << taken.error().text();
    EXPECT_FALSE(taken.error().remedy.empty());
  }

  log written;
  std::map<std::string, std::string> contents;
};

TEST_F(damaged_state_test, a_flipped_bit_anywhere_is_an_error) {
  for (const auto& [key, value] : written)
    for (std::size_t at = 0; at < key.size() + value.size(); ++at) {
      const auto in_key = at < key.size();
      auto other_key = key;
      auto other_value = value;
      auto& byte = in_key ? other_key[at] : other_value[at - key.size()];
      byte = static_cast<char>(byte ^ (1 << (at % 8)));
      auto changed = written;
      changed.erase(key);
      changed[other_key] = other_value;
      expect_refused(changed);
      if (HasFailure())
        FAIL() << "byte " << at << (in_key ? " of a key" : "");
    }
}

TEST_F(damaged_state_test, a_record_that_was_cut_is_an_error) {
  for (const auto& [key, value] : written) {
    for (std::size_t size = 0; size < value.size(); size += 1 + size / 8) {
      auto changed = written;
      changed[key].resize(size);
      expect_refused(changed);
    }
    for (std::size_t size = 0; size < key.size(); ++size) {
      auto changed = written;
      changed.erase(key);
      changed[key.substr(0, size)] = value;
      expect_refused(changed);
    }
  }
}

TEST_F(damaged_state_test, a_page_that_is_missing_is_an_error) {
  for (const auto& [key, value] : written) {
    auto changed = written;
    changed.erase(key);
    paged_table table{settings(10)};
    const auto is_head_of_one = key.substr(2, 4) == std::string(4, '\0');
    ASSERT_FALSE(restore(table, changed)) << is_head_of_one;
  }
}

TEST_F(damaged_state_test, pages_of_two_commits_are_an_error) {
  paged_table table{settings(10)};
  ASSERT_TRUE(restore(table, written));
  table.find_or_insert("first").change(0, 3 * page_bytes)[0] ^= std::byte{1};
  auto later = written;
  collect(table, later);
  std::size_t mixed = 0;
  for (const auto& [key, value] : later) {
    if (value == written[key])
      continue;
    auto changed = later;
    changed[key] = written[key];
    expect_refused(changed);
    ++mixed;
  }
  EXPECT_EQ(mixed, 2u); // the head and the page; the others were written with the same bytes
}

TEST_F(damaged_state_test, a_blob_beyond_the_limit_is_an_error) {
  auto how = settings(10);
  how.max_blob_bytes = 3 * page_bytes;
  paged_table table{how};
  const auto refused = restore(table, written);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("3072 are the most"), std::string::npos) << refused.error().text();
}

TEST_F(damaged_state_test, a_head_that_says_a_terabyte_takes_no_memory) {
  auto how = settings(10);
  how.max_blob_bytes = SIZE_MAX;
  for (const auto size : {std::uint64_t{1} << 40, UINT64_MAX}) {
    paged_table table{how};
    record_block changes;
    set(table.find_or_insert("first"), "tiny");
    table.collect_changes(changes);
    std::string forged{changes.value(0)};
    std::memcpy(forged.data() + 5 + 8, &size, sizeof size);
    forged.resize(forged.size() - 4);
    put(forged, murmur2(changes.key(0)) * 0x9e3779b1u + murmur2(forged));
    paged_table victim{how};
    const std::string_view head{forged};
    const auto page = changes.value(1);
    ASSERT_TRUE(victim.restore(changes.key(0), &head));
    EXPECT_FALSE(victim.restore(changes.key(1), &page)); // it is not as long as a page of that blob
    EXPECT_FALSE(victim.finish_restore());
    EXPECT_LT(victim.bytes(), paged_table::least_bytes);
  }
}

TEST_F(damaged_state_test, content_that_the_step_cannot_have_left_is_an_error) {
  auto how = settings(10);
  how.valid = [](std::span<const std::byte> bytes) { return bytes.size() != 100; };
  paged_table table{how};
  const auto refused = restore(table, written);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("'sketch'"), std::string::npos);
}

TEST_F(damaged_state_test, another_layout_or_step_is_an_error) {
  auto other = settings(10);
  other.identity.fingerprint = 78;
  paged_table table{other};
  EXPECT_NE(restore(table, written).error().text().find("other settings"), std::string::npos);
  other = settings(10);
  other.identity.table = 4;
  paged_table second{other};
  EXPECT_NE(restore(second, written).error().text().find("another step"), std::string::npos);
  EXPECT_FALSE(second.restore("", nullptr));
  EXPECT_FALSE(second.restore("\x05\x04", nullptr));
}

TEST_F(damaged_state_test, an_intact_log_gives_the_contents_back) {
  paged_table table{settings(10)};
  ASSERT_TRUE(restore(table, written));
  EXPECT_EQ(contents_of(table), contents);
}

} // namespace
} // namespace weir::core
