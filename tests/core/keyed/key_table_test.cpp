#include "core/keyed/key_table.hpp"

#include <cstring>
#include <deque>
#include <list>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

class key_table_test : public ::testing::Test {
protected:
  static key_table::options settings(std::size_t max_keys, std::uint32_t fingerprint = 7) {
    key_table::options o;
    o.state_size = 8;
    o.max_keys = max_keys;
    o.identity = {'k', 3, fingerprint, "mean, anomaly"};
    return o;
  }

  static std::uint64_t& number(std::byte* state) { return *reinterpret_cast<std::uint64_t*>(state); }

  static column text_column(std::deque<std::string>& texts) {
    column c;
    c.type = column_type::string;
    for (const auto& t : texts)
      c.text.emplace_back(t);
    return c;
  }

  static void restore_all(key_table& into, const record_block& from) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto value = from.value(i);
      const auto erased = from.entries[i].value_size == record_block::none;
      ASSERT_TRUE(into.restore(from.key(i), erased ? nullptr : &value));
    }
  }
};

TEST_F(key_table_test, keeps_keys_of_every_length_apart) {
  key_table table{settings(10'000)};
  std::map<std::string, std::uint64_t> expected;
  for (std::size_t length = 0; length < 70; ++length)
    for (const char last : {'\0', 'a', 'b'}) {
      auto key = std::string(length, 'x');
      if (length != 0)
        key.back() = last;
      else if (last != '\0')
        continue;
      expected[key] = expected.size() + 1;
      number(table.find_or_insert(key)) = expected[key];
    }
  number(table.find_or_insert(std::nullopt)) = 9999;
  EXPECT_EQ(table.size(), expected.size() + 1);
  for (const auto& [key, value] : expected)
    EXPECT_EQ(number(table.find_or_insert(key)), value) << key.size();
  EXPECT_EQ(number(table.find_or_insert(std::nullopt)), 9999u);
  EXPECT_EQ(table.find("nobody"), nullptr);
}

TEST_F(key_table_test, evicts_exactly_the_least_recently_used_key_whatever_the_batches) {
  constexpr std::size_t max_keys = 200;
  key_table table{settings(max_keys)};
  std::list<std::string> by_use; // the model: newest first
  std::map<std::string, std::pair<std::list<std::string>::iterator, std::uint64_t>> model;
  std::mt19937 random{11};
  std::uint64_t evicted = 0;
  for (int round = 0; round < 300; ++round) {
    std::deque<std::string> texts;
    const auto rows_in_batch = random() % 400 + 1;
    for (std::size_t i = 0; i < rows_in_batch; ++i)
      texts.push_back("a rather long customer " + std::to_string(random() % (random() % 4 == 0 ? 1000 : 150)));
    const auto by = text_column(texts);
    std::vector<row_index> rows(texts.size());
    for (row_index i = 0; i < rows.size(); ++i)
      rows[i] = i;
    std::vector<std::byte*> states(rows.size());
    for (std::size_t done = 0; done < rows.size();) {
      const auto count = table.find_or_insert(by, std::span{rows}.subspan(done), states.data());
      ASSERT_GT(count, 0u);
      for (std::size_t i = 0; i < count; ++i) {
        const auto& key = texts[done + i];
        if (auto known = model.find(key); known != model.end()) {
          by_use.splice(by_use.begin(), by_use, known->second.first);
        } else {
          if (model.size() == max_keys) {
            model.erase(by_use.back());
            by_use.pop_back();
            ++evicted;
          }
          by_use.push_front(key);
          model[key] = {by_use.begin(), 0};
        }
        ASSERT_EQ(++number(states[i]), ++model[key].second) << key;
      }
      done += count;
    }
  }
  EXPECT_EQ(table.evictions(), evicted);
  EXPECT_GT(evicted, 1000u);
  EXPECT_EQ(table.size(), max_keys);
}

TEST_F(key_table_test, lets_the_least_recently_used_go_when_the_bytes_are_too_many_whatever_the_batches) {
  auto how = settings(1'000'000);
  how.max_bytes = 20'000;
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random{seed};
    key_table in_batches{how};
    key_table one_by_one{how};
    auto rebuilt = std::make_unique<key_table>(how);
    record_block log;
    for (int round = 0; round < 40; ++round) {
      std::deque<std::string> texts;
      for (auto left = random() % 200 + 1; left > 0; --left)
        texts.emplace_back(random() % 3 == 0 ? random() % 1000 : random() % 20, static_cast<char>('a' + random() % 5));
      const auto by = text_column(texts);
      std::vector<row_index> rows(texts.size());
      for (row_index i = 0; i < rows.size(); ++i)
        rows[i] = i;
      std::vector<std::byte*> states(rows.size());
      for (std::size_t done = 0; done < rows.size();) {
        const auto count = in_batches.find_or_insert(by, std::span{rows}.subspan(done), states.data());
        ASSERT_GT(count, 0u);
        for (std::size_t i = 0; i < count; ++i) {
          const auto seen = ++number(states[i]);
          ASSERT_EQ(++number(one_by_one.find_or_insert(texts[done + i])), seen);
          ASSERT_EQ(++number(rebuilt->find_or_insert(texts[done + i])), seen);
        }
        done += count;
        ASSERT_LE(in_batches.bytes(), how.max_bytes);
      }
      rebuilt->collect_changes(log);
      rebuilt = std::make_unique<key_table>(how);
      restore_all(*rebuilt, log);
      ASSERT_EQ(rebuilt->bytes(), one_by_one.bytes());
      ASSERT_EQ(in_batches.size(), one_by_one.size());
    }
    EXPECT_EQ(in_batches.evictions(), one_by_one.evictions());
    EXPECT_GT(in_batches.evictions(), 100u);
  }
}

TEST_F(key_table_test, always_has_room_for_one_key) {
  auto how = settings(10);
  how.max_bytes = 1;
  key_table table{how};
  for (const auto* key : {"a", "b", "c"})
    number(table.find_or_insert(std::string_view{key})) = 1;
  EXPECT_EQ(table.size(), 1u);
  EXPECT_NE(table.find("c"), nullptr);
}

TEST_F(key_table_test, writes_only_what_was_used_since_the_last_time) {
  key_table table{settings(100)};
  for (int i = 0; i < 50; ++i)
    number(table.find_or_insert(std::to_string(i))) = 1;
  record_block all;
  table.collect_changes(all);
  EXPECT_EQ(all.size(), 1u);
  number(table.find_or_insert("7")) = 2;
  record_block changed;
  table.collect_changes(changed);
  key_table only_changed{settings(100)};
  restore_all(only_changed, changed);
  EXPECT_EQ(only_changed.size(), 1u);
  EXPECT_EQ(*reinterpret_cast<const std::uint64_t*>(only_changed.find("7")), 2u);
  record_block nothing;
  table.collect_changes(nothing);
  EXPECT_TRUE(nothing.empty());
}

TEST_F(key_table_test, says_which_keys_went_unless_they_came_back) {
  key_table table{settings(2)};
  record_block log;
  table.find_or_insert("a");
  table.find_or_insert("b");
  table.collect_changes(log);
  table.find_or_insert("c"); // a goes
  table.find_or_insert("d"); // b goes
  table.find_or_insert("a"); // c goes, which the changelog never saw
  table.collect_changes(log);
  key_table restored{settings(10)};
  restore_all(restored, log);
  EXPECT_EQ(restored.size(), 2u);
  EXPECT_NE(restored.find("a"), nullptr);
  EXPECT_NE(restored.find("d"), nullptr);
}

// What is left of a changelog when all older records of each key are removed: what a restore may get to see.
std::map<std::string, std::string> compacted(const record_block& log) {
  std::map<std::string, std::string> newest;
  for (std::size_t i = 0; i < log.size(); ++i)
    if (log.entries[i].value_size == record_block::none)
      newest.erase(std::string{log.key(i)});
    else
      newest[std::string{log.key(i)}] = log.value(i);
  return newest;
}

TEST_F(key_table_test, a_log_is_bounded_and_gives_the_same_table_back_at_each_commit_compacted_or_not) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    std::mt19937 random{seed};
    auto how = settings(seed % 2 == 0 ? 4000 : 1'000'000);
    how.state_size = 200;
    const auto keys = seed % 4 < 2 ? 5000u : 300u;
    const auto hot = seed < 4 ? keys : 10u; // most of the use goes to these
    auto table = std::make_unique<key_table>(how);
    record_block log;
    std::size_t longest = 0;
    for (int commit = 0; commit < 400; ++commit) {
      for (auto uses = random() % 300; uses > 0; --uses)
        ++number(table->find_or_insert("customer " + std::to_string(random() % (random() % 50 == 0 ? keys : hot))));
      table->collect_changes(log);
      if (random() % 40 != 0)
        continue;
      const auto left = compacted(log);
      record_block short_log;
      std::size_t bytes = 0;
      for (const auto& [key, value] : left) {
        short_log.append(key, value);
        bytes += value.size();
        ASSERT_LE(value.size(), key_table::segment_bytes);
      }
      longest = std::max(longest, bytes);
      ASSERT_LE(bytes, 4 * table->bytes() + 4 * key_table::segment_bytes);
      key_table whole{how};
      restore_all(whole, log);
      auto from_short = std::make_unique<key_table>(how);
      restore_all(*from_short, short_log);
      for (unsigned key = 0; key < keys; ++key) {
        const auto name = "customer " + std::to_string(key);
        const auto* state = table->find(name);
        for (const auto* other : {&whole, from_short.get()}) {
          const auto* restored = other->find(name);
          ASSERT_EQ(state == nullptr, restored == nullptr) << name;
          ASSERT_TRUE(state == nullptr || std::memcmp(state, restored, how.state_size) == 0) << name;
        }
      }
      if (random() % 2 == 0) {
        table = std::move(from_short);
        log = std::move(short_log);
      }
    }
    EXPECT_GT(longest, table->bytes() / 2);
  }
}

TEST_F(key_table_test, a_large_state_has_a_segment_of_its_own) {
  auto how = settings(10);
  how.state_size = 100'000;
  key_table table{how};
  for (const auto* key : {"a", "b", "c"})
    number(table.find_or_insert(std::string_view{key})) = 1;
  record_block log;
  table.collect_changes(log);
  EXPECT_EQ(log.size(), 3u);
  key_table restored{how};
  restore_all(restored, log);
  EXPECT_EQ(restored.size(), 3u);
}

TEST_F(key_table_test, refuses_a_log_with_a_hole) {
  auto how = settings(10);
  how.state_size = 100'000;
  key_table table{how};
  for (const auto* key : {"a", "b", "c"})
    table.find_or_insert(std::string_view{key});
  record_block log;
  table.collect_changes(log);
  key_table restored{how};
  const auto first = log.value(0);
  const auto third = log.value(2);
  ASSERT_TRUE(restored.restore(log.key(0), &first));
  const auto refused = restored.restore(log.key(2), &third);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "the state of 'mean, anomaly' is damaged: a segment is missing");
}

TEST_F(key_table_test, restores_the_same_bits_and_the_order_of_use) {
  std::mt19937 random{5};
  key_table original{settings(64)};
  record_block log;
  const auto use = [](key_table& table, std::uint32_t key) {
    ++number(key == 0 ? table.find_or_insert(std::nullopt) : table.find_or_insert(std::to_string(key)));
  };
  for (int i = 0; i < 5000; ++i) {
    use(original, static_cast<std::uint32_t>(random() % 100));
    if (i % 37 == 0)
      original.collect_changes(log);
  }
  original.collect_changes(log);
  key_table restored{settings(64)};
  restore_all(restored, log);
  EXPECT_EQ(restored.size(), original.size());
  for (int i = 0; i < 5000; ++i) {
    const auto key = static_cast<std::uint32_t>(random() % 100);
    use(original, key);
    use(restored, key);
  }
  for (std::uint32_t key = 0; key < 100; ++key) {
    const auto name = key == 0 ? std::nullopt : std::optional{std::to_string(key)};
    const auto* a = original.find(name);
    const auto* b = restored.find(name);
    ASSERT_EQ(a == nullptr, b == nullptr) << key;
    EXPECT_TRUE(a == nullptr || std::memcmp(a, b, 8) == 0) << key;
  }
}

TEST_F(key_table_test, tells_the_null_key_from_the_empty_one_in_the_changelog) {
  key_table table{settings(10)};
  number(table.find_or_insert(std::nullopt)) = 1;
  number(table.find_or_insert("")) = 2;
  record_block log;
  table.collect_changes(log);
  key_table restored{settings(10)};
  restore_all(restored, log);
  EXPECT_EQ(number(restored.find_or_insert(std::nullopt)), 1u);
  EXPECT_EQ(number(restored.find_or_insert("")), 2u);
}

TEST_F(key_table_test, refuses_state_of_another_layout_by_name) {
  key_table table{settings(10)};
  table.find_or_insert("a");
  record_block log;
  table.collect_changes(log);
  const auto value = log.value(0);
  key_table other{settings(10, 8)};
  const auto refused = other.restore(log.key(0), &value);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("'mean, anomaly'"), std::string::npos);
  EXPECT_FALSE(refused.error().remedy.empty());
  const auto older = std::string{"\x01"}.append(value.substr(1));
  const std::string_view of_older{older};
  const auto of_another_version = key_table{settings(10)}.restore(log.key(0), &of_older);
  ASSERT_FALSE(of_another_version);
  EXPECT_NE(of_another_version.error().what.find("another version of weir"), std::string::npos);
  for (std::size_t size = 0; size < value.size(); ++size) {
    const auto cut = value.substr(0, size);
    const auto is_between_keys = size == 1 + 4 + 4;
    EXPECT_EQ(key_table{settings(10)}.restore(log.key(0), &cut).has_value(), is_between_keys) << size;
  }
  const auto empty = std::string_view{};
  EXPECT_FALSE(table.restore(log.key(0), &empty));
  EXPECT_FALSE(table.restore("k", &value));
  EXPECT_FALSE(table.restore("", nullptr));
}

TEST_F(key_table_test, takes_integers_as_keys) {
  key_table table{settings(10)};
  column by;
  by.type = column_type::int64;
  by.i64 = {1, -1, 1, 5};
  by.null = {0, 0, 0, 1};
  const std::vector<row_index> rows{0, 1, 2, 3};
  std::vector<std::byte*> states(4);
  ASSERT_EQ(table.find_or_insert(by, rows, states.data()), 4u);
  EXPECT_EQ(states[0], states[2]);
  EXPECT_NE(states[0], states[1]);
  EXPECT_EQ(states[3], table.find_or_insert(std::nullopt));
  EXPECT_EQ(table.size(), 3u);
}

TEST_F(key_table_test, a_key_that_is_erased_is_gone_from_the_log_too_and_is_no_eviction) {
  key_table table{settings(10)};
  record_block log;
  number(table.find_or_insert("a")) = 1;
  auto* erased = table.find_or_insert("a key that is longer");
  number(table.find_or_insert(std::nullopt)) = 3;
  table.collect_changes(log);
  table.erase("a key that is longer");
  table.erase("no key");
  EXPECT_FALSE(table.is_live(erased));
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(table.evictions(), 0u);
  table.collect_changes(log);
  key_table restored{settings(10)};
  restore_all(restored, log);
  std::map<std::optional<std::string>, std::uint64_t> all;
  restored.for_each([&](std::optional<std::string_view> key, const std::byte* state) {
    EXPECT_TRUE(restored.is_live(state));
    EXPECT_EQ(restored.key_of(state), key);
    std::uint64_t value = 0;
    std::memcpy(&value, state, sizeof value);
    all[key ? std::optional{std::string{*key}} : std::nullopt] = value;
  });
  EXPECT_EQ(all, (std::map<std::optional<std::string>, std::uint64_t>{{"a", 1}, {std::nullopt, 3}}));
}

TEST_F(key_table_test, a_change_that_is_no_use_is_written_and_leaves_the_order_of_use) {
  key_table table{settings(2)};
  auto* oldest = table.find_or_insert("a");
  table.find_or_insert("b");
  record_block log;
  table.collect_changes(log);
  number(oldest) = 7;
  table.mark_changed(oldest);
  table.collect_changes(log);
  key_table restored{settings(2)};
  restore_all(restored, log);
  EXPECT_EQ(number(const_cast<std::byte*>(restored.find("a"))), 7u);
  table.find_or_insert("c");
  EXPECT_EQ(table.find("a"), nullptr);
  EXPECT_NE(table.find("b"), nullptr);
}

} // namespace
} // namespace weir::core
