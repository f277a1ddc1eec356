#include "core/keyed/label_join.hpp"

#include "core/cluster/contest_counters.hpp"
#include "core/commit/label_place.hpp"
#include "core/format/format.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <optional>
#include <random>

namespace weir::core {
namespace {

/// What one set of models has been told.
class told final : public contest_counters {
public:
  explicit told(contest_models models) : models_{models} {}

  contest_models models_at(std::size_t) const override { return models_; }
  void count(std::size_t slot, const contest_figures& more) const override {
    EXPECT_EQ(slot, 2u);
    figures += more;
  }

  mutable contest_figures figures;

private:
  contest_models models_;
};

class label_join_test : public ::testing::Test {
protected:
  struct prediction {
    std::string key;
    std::optional<double> champion;
    std::optional<double> challenger{};
    std::int64_t time = 0;
  };
  struct label {
    std::string json;
    std::int64_t time = 0;
  };

  label_join_test() {
    auto record = std::make_shared<layout>();
    record->add({.name = "id", .type = column_type::string, .from_source = true});
    record->add({.name = "sold", .type = column_type::float64, .from_source = true});
    how.labels = {record, [record] { return json_format.make_decoder({.columns = record.get()}); }};
    how.name = "price";
    how.key = 0;
    how.key_name = "id";
    how.champion = 1;
    how.challenger = 2;
    how.slot = 2;
    how.within_ms = 1000;
  }

  static std::string labelled(const std::string& key, double truth) {
    return R"({"id":")" + key + R"(","sold":)" + std::to_string(truth) + "}";
  }

  static column_ptr numbers(const std::vector<std::optional<double>>& values) {
    auto made = std::make_shared<column>();
    for (const auto& value : values) {
      made->f64.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
      made->null.push_back(value ? 0 : 1);
    }
    return made;
  }

  static raw_block_ptr block_of(const std::vector<label>& labels) {
    auto block = std::make_shared<raw_block>();
    for (std::size_t i = 0; i < labels.size(); ++i)
      block->append(static_cast<std::int64_t>(i), labels[i].time, nullptr, 0, labels[i].json.data(),
                    labels[i].json.size());
    block->seal();
    return block;
  }

  batch run(ordered_operator& join, const contest_counters_ptr& models, const std::vector<prediction>& predictions,
            const std::vector<label>& labels = {}) const {
    batch b;
    auto raw = std::make_shared<raw_block>();
    auto keys = std::make_shared<column>();
    keys->type = column_type::string;
    std::vector<std::optional<double>> champion, challenger;
    for (const auto& p : predictions) {
      b.rows.push_back(static_cast<row_index>(raw->size()));
      raw->append(static_cast<std::int64_t>(raw->size()), p.time, nullptr, 0, "", 0);
      keys->text.push_back(p.key);
      champion.push_back(p.champion);
      challenger.push_back(p.challenger);
    }
    b.raw = raw;
    b.columns = {keys, numbers(champion), numbers(challenger)};
    b.scored_with = models;
    if (!labels.empty())
      b.labels = {block_of(labels)};
    join.process(b);
    return b;
  }

  std::shared_ptr<ordered_operator> make() const { return make_label_join(how, 10, unbounded_state); }

  label_join_options how;
};

TEST_F(label_join_test, counts_each_pair_once_whichever_comes_first) {
  const auto join = make();
  const auto models = std::make_shared<told>(contest_models{7, 0});
  run(*join, models, {{"a", 10.}, {"b", 20.}}, {{labelled("c", 5)}, {labelled("b", 1)}}); // of b: the label is first
  EXPECT_EQ(models->figures.champion.truths, 1u);
  EXPECT_EQ(models->figures.champion.absolute_error, 19);
  run(*join, models, {{"c", 4.}, {"c", 3.}}, {{labelled("a", 13)}, {labelled("a", 14)}, {labelled("b", 2)}});
  EXPECT_EQ(models->figures.champion.truths, 3u);
  EXPECT_EQ(models->figures.champion.absolute_error, 19 + 3 + 1);
  EXPECT_EQ(models->figures.champion.square_error, 19 * 19 + 9 + 1);
  EXPECT_EQ(models->figures.challenger, contest_side{});
}

TEST_F(label_join_test, what_is_too_far_apart_is_no_pair) {
  const auto join = make();
  const auto models = std::make_shared<told>(contest_models{7, 0});
  run(*join, models, {{"a", 1., {}, 5000}, {"b", 1., {}, 5000}});
  run(*join, models, {}, {{labelled("a", 1), 6000}, {labelled("b", 1), 6001}});
  EXPECT_EQ(models->figures.champion.truths, 1u);
  run(*join, models, {{"b", 1., {}, 7000}}); // the label waits on
  EXPECT_EQ(models->figures.champion.truths, 2u);
}

TEST_F(label_join_test, both_models_of_a_contest_are_judged_and_those_that_have_gone_are_not) {
  const auto join = make();
  const auto first = std::make_shared<told>(contest_models{7, 8});
  run(*join, first, {{"a", 10., 12.}, {"b", 10., {}}, {"c", {}, 12.}, {"d", 10., 12.}, {"e", 10., 12.}});
  run(*join, first, {}, {{labelled("a", 11)}, {labelled("b", 11)}, {labelled("c", 11)}});
  EXPECT_EQ(first->figures.champion.truths, 2u);
  EXPECT_EQ(first->figures.challenger.truths, 2u);

  // The challenger is the champion now; what it said before counts for it.
  const auto second = std::make_shared<told>(contest_models{8, 9});
  run(*join, second, {}, {{labelled("d", 13)}});
  EXPECT_EQ(second->figures.champion.truths, 1u);
  EXPECT_EQ(second->figures.champion.absolute_error, 1);
  const auto third = std::make_shared<told>(contest_models{9, 0});
  run(*join, third, {}, {{labelled("e", 13)}});
  EXPECT_EQ(third->figures, contest_figures{});
}

TEST_F(label_join_test, a_label_that_cannot_be_read_is_refused_whole) {
  const auto join = make();
  const auto models = std::make_shared<told>(contest_models{7, 0});
  const auto b =
      run(*join, models, {{"a", 1.}}, {{"{"}, {R"({"id":"a","sold":"dear"})"}, {R"({"id":"a"})"}, {R"({"sold":1})"}});
  ASSERT_EQ(b.refused_labels.size(), 2u); // without a key or a value it is no label
  EXPECT_EQ(b.refused_labels[1].block->value(b.refused_labels[1].why.row), R"({"id":"a","sold":"dear"})");
  EXPECT_EQ(b.rows.size(), 1u);
  EXPECT_EQ(models->figures, contest_figures{});
}

TEST_F(label_join_test, labels_of_classes_are_right_or_wrong) {
  auto record = std::make_shared<layout>();
  record->add({.name = "id", .type = column_type::string, .from_source = true});
  record->add({.name = "kind", .type = column_type::string, .from_source = true});
  how.labels = {record, [record] { return json_format.make_decoder({.columns = record.get()}); }};
  how.is_classifier = true;
  const auto join = make();
  const auto models = std::make_shared<told>(contest_models{7, 0});
  batch b;
  auto raw = std::make_shared<raw_block>();
  auto texts = [](std::vector<std::string_view> of) {
    auto made = std::make_shared<column>();
    made->type = column_type::string;
    made->text = std::move(of);
    return made;
  };
  for (row_index row = 0; row < 2; ++row) {
    raw->append(row, 0, nullptr, 0, "", 0);
    b.rows.push_back(row);
  }
  auto none = std::make_shared<column>(*texts({"", ""}));
  none->null = {1, 1};
  b.raw = raw;
  b.columns = {texts({"a", "b"}), texts({"hut", "house"}), none};
  b.scored_with = models;
  b.labels = {block_of({{R"({"id":"a","kind":"hut"})"}, {R"({"id":"b","kind":"hut"})"}})};
  join->process(b);
  EXPECT_EQ(models->figures.champion.truths, 2u);
  EXPECT_EQ(models->figures.champion.correct, 1u);
}

// Predictions and labels of random keys, in batches of any size: the sums are those of a plain map, through restarts.
TEST_F(label_join_test, says_what_a_map_says_through_batches_and_restarts) {
  std::mt19937 random{5};
  const auto models = std::make_shared<told>(contest_models{7, 0});
  std::map<std::string, double> said, truth;
  double expected = 0;
  std::uint64_t pairs = 0;
  record_block log;
  auto join = make();
  for (int round = 0; round < 400; ++round) {
    std::vector<prediction> predictions;
    std::vector<label> labels;
    const auto pair = [&](const std::string& key) {
      if (!said.contains(key) || !truth.contains(key))
        return;
      expected += std::abs(said[key] - truth[key]);
      ++pairs;
      said.erase(key);
      truth.erase(key);
    };
    for (auto n = random() % 8; n > 0; --n) {
      const auto key = std::to_string(random() % 30);
      labels.push_back({labelled(key, static_cast<double>(random() % 9))});
      truth[key] = std::stod(labels.back().json.substr(labels.back().json.rfind(':') + 1));
      pair(key);
    }
    for (auto n = random() % 8; n > 0; --n) {
      predictions.push_back({std::to_string(random() % 30), static_cast<double>(random() % 9)});
      said[predictions.back().key] = *predictions.back().champion;
      pair(predictions.back().key);
    }
    run(*join, models, predictions, labels);
    ASSERT_EQ(models->figures.champion.truths, pairs) << "round " << round;
    ASSERT_EQ(models->figures.champion.absolute_error, expected);
    if (random() % 4 != 0)
      continue;
    join->collect_changes(log);
    join = make();
    for (std::size_t i = 0; i < log.size(); ++i) {
      const auto value = log.value(i);
      ASSERT_TRUE(join->restore(log.key(i), log.entries[i].value_size == record_block::none ? nullptr : &value));
    }
  }
  EXPECT_GT(pairs, 500u);
}

TEST(label_place_test, is_found_for_its_topic_alone_and_not_trusted) {
  record_block changes;
  changes.append("other", "x");
  EXPECT_EQ(*find_label_place(changes, "labels"), std::nullopt);
  changes.append(label_place_key, encode_label_place({"labels", offset{42}}));
  EXPECT_EQ(*find_label_place(changes, "labels"), offset{42});
  EXPECT_EQ(*find_label_place(changes, "others"), std::nullopt);
  const auto good = encode_label_place({"labels", offset{42}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    record_block cut;
    cut.append(label_place_key, good.substr(0, size));
    EXPECT_FALSE(find_label_place(cut, "labels")) << size;
  }
}

} // namespace
} // namespace weir::core
