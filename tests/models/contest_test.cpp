#include "models/contest.hpp"

#include "tests/models/model_fixture.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

namespace weir::models {
namespace {

using core::batch;
using core::column_id;
using core::column_type;
using core::row_index;

/// Says `factor` times its one feature, or that it has no result where that is above 90.
class factor_model final : public model {
public:
  factor_model(double factor, std::string name) :
      model{{.features = {{"x", element::f64}}, .outputs = {{"y", element::f64}}, .refusals = {"x is too large"}},
            {std::move(name), {}}},
      factor_{factor} {}

  std::size_t block_rows() const noexcept override { return 16; }

  void predict(const void* const* features, std::size_t rows, const void** columns) const override {
    thread_local std::vector<double> made(16);
    thread_local std::array<bool, 16> refused{};
    const auto* x = static_cast<const double*>(features[0]);
    for (std::size_t i = 0; i < rows; ++i) {
      made[i] = factor_ * x[i];
      refused[i] = factor_ > 1 && x[i] > 90;
    }
    columns[0] = made.data();
    columns[1] = refused.data();
  }

private:
  double factor_;
};

/// Records with the keys k0, k1, ..., their number as `x`, and, of the even ones, twice that as `truth`.
class contest_test : public testing::Test {
protected:
  contest_test() {
    x = columns.add({"x", column_type::float64, true});
    truth = columns.add({"truth", column_type::float64, true});
    auto with_outputs = columns;
    champion = *scorer::make(std::make_shared<factor_model>(1, "one@1"), with_outputs, {x}, names);
    with_outputs = columns;
    challenger = *scorer::make(std::make_shared<factor_model>(2, "two@1"), with_outputs, {x}, names);
    y = *with_outputs.find("y");
    version = *with_outputs.find("version");
  }

  batch records(std::size_t count) const {
    auto raw = std::make_shared<core::raw_block>();
    auto xs = std::make_shared<core::column>();
    auto truths = std::make_shared<core::column>();
    for (std::size_t i = 0; i < count; ++i) {
      const auto key = "k" + std::to_string(i);
      raw->append(static_cast<std::int64_t>(i), 0, key.data(), key.size(), "", 0);
      xs->f64.push_back(static_cast<double>(i));
      truths->f64.push_back(2 * static_cast<double>(i));
      truths->null.push_back(i % 2 == 0 ? 0 : 1);
    }
    raw->seal();
    batch b;
    b.raw = raw;
    b.columns = {xs, truths};
    b.rows.resize(count);
    std::iota(b.rows.begin(), b.rows.end(), row_index{0});
    return b;
  }

  scored_columns names{.as = {"y"}, .version_as = "version"};
  core::layout columns;
  column_id x, truth, y, version;
  scorer_ptr champion, challenger;
};

TEST_F(contest_test, counts_nothing_where_there_is_nothing_to_compare) {
  const contest alone{{.champion = champion}};
  auto b = records(10);
  alone.run(b);
  EXPECT_FALSE(alone.counts());
  EXPECT_EQ(alone.figures(), core::contest_figures{});
  EXPECT_EQ(b.at(y).f64[7], 7);
}

TEST_F(contest_test, nobody_sees_what_a_challenger_without_a_canary_says) {
  const contest of{{.champion = champion, .challenger = challenger, .truth = truth}};
  auto b = records(100);
  of.run(b);
  ASSERT_EQ(b.rows.size(), 100u);
  EXPECT_TRUE(b.rejected.empty());
  for (const auto row : b.rows) {
    EXPECT_EQ(b.at(y).f64[row], row);
    EXPECT_EQ(b.at(version).text[row], "one@1");
  }
  const auto seen = of.figures();
  EXPECT_EQ(seen.champion.rows, 100u);
  EXPECT_EQ(seen.champion.refused, 0u);
  EXPECT_EQ(seen.champion.truths, 50u);
  EXPECT_EQ(seen.champion.absolute_error, 2450); // the even numbers below 100
  EXPECT_EQ(seen.challenger.rows, 100u);
  EXPECT_EQ(seen.challenger.refused, 9u);
  EXPECT_EQ(seen.challenger.truths, 46u);
  EXPECT_EQ(seen.challenger.square_error, 0);
  EXPECT_EQ(seen.compared, 91u);
  EXPECT_EQ(seen.different, 90u); // all but 0
  EXPECT_EQ(seen.absolute_difference, 90 * 91 / 2);
  EXPECT_GT(seen.champion.nanoseconds, 0u);
}

TEST_F(contest_test, keeps_what_each_model_said_for_labels_that_come_later) {
  const column_id said = version + 1;
  const auto values = [](const core::column& of) {
    std::vector<std::optional<double>> all;
    for (row_index row = 0; row < of.f64.size(); ++row)
      all.push_back(of.is_null(row) ? std::nullopt : std::optional{of.f64[row]});
    return all;
  };
  const auto run = [&](contest::options what) {
    what.said = said;
    auto b = records(100);
    contest{std::move(what)}.run(b);
    return b;
  };
  const auto alone = run({.champion = champion});
  EXPECT_EQ(values(alone.at(said))[7], 7);
  EXPECT_EQ(values(alone.at(said + 1))[7], std::nullopt);
  const auto shadow = run({.champion = champion, .challenger = challenger});
  EXPECT_EQ(values(shadow.at(said))[95], 95);
  EXPECT_EQ(values(shadow.at(said + 1))[7], 14);
  EXPECT_EQ(values(shadow.at(said + 1))[95], std::nullopt) << "the challenger has no result for it";
  const auto canary = run({.champion = champion, .challenger = challenger, .canary = 0.3});
  for (const auto row : canary.rows) {
    const auto is_two = canary.at(version).text[row] == "two@1";
    EXPECT_EQ(values(canary.at(said))[row], is_two ? std::nullopt : std::optional<double>{row});
    EXPECT_EQ(values(canary.at(said + 1))[row], is_two ? std::optional<double>{2 * row} : std::nullopt);
  }
}

TEST_F(contest_test, a_canary_has_the_same_keys_whatever_batch_they_come_in_and_each_record_names_its_model) {
  const contest of{{.champion = champion, .challenger = challenger, .canary = 0.3}};
  const auto is_canary = [&](batch b) {
    std::map<std::string, bool> seen;
    of.run(b);
    for (const auto row : b.rows) {
      const auto is_two = b.at(version).text[row] == "two@1";
      EXPECT_EQ(b.at(y).f64[row], (is_two ? 2 : 1) * b.at(x).f64[row]) << row;
      seen[std::string{b.raw->key(row)}] = is_two;
    }
    EXPECT_TRUE(std::ranges::is_sorted(b.rows));
    EXPECT_EQ(b.rows.size() + b.rejected.size(), b.raw->size());
    return seen;
  };
  const auto all = is_canary(records(90));
  const auto share = static_cast<double>(std::ranges::count_if(all, [](const auto& k) { return k.second; })) / 90;
  EXPECT_NEAR(share, 0.3, 0.15);
  for (const auto& [key, is_two] : is_canary(records(40)))
    EXPECT_EQ(is_two, all.at(key)) << key;
  const auto seen = of.figures();
  EXPECT_EQ(seen.champion.rows + seen.challenger.rows, 130u);
  EXPECT_EQ(seen.compared, 0u);
}

TEST_F(contest_test, a_larger_share_keeps_the_keys_of_a_smaller_one) {
  std::set<row_index> before;
  for (const auto share : {0.0, 0.05, 0.3, 1.0}) {
    const contest of{{.champion = champion, .challenger = challenger, .canary = share}};
    auto b = records(90);
    of.run(b);
    std::set<row_index> now;
    for (const auto row : b.rows)
      if (b.at(version).text[row] == "two@1")
        now.insert(row);
    EXPECT_TRUE(std::ranges::includes(now, before)) << share;
    before = now;
  }
  EXPECT_EQ(before.size(), 90u);
}

TEST_F(contest_test, a_record_that_the_canary_refuses_is_a_dead_letter_with_its_reason) {
  const contest of{{.champion = champion, .challenger = challenger, .canary = 1}};
  auto b = records(100);
  of.run(b);
  EXPECT_EQ(b.rows.size(), 91u);
  ASSERT_EQ(b.rejected.size(), 9u);
  EXPECT_EQ(b.rejected[0].reason, "x is too large");
  EXPECT_EQ(of.figures().challenger.refused, 9u);
}

TEST_F(contest_test, a_record_without_a_key_is_the_champions) {
  auto b = records(1);
  auto raw = std::make_shared<core::raw_block>();
  raw->append(0, 0, nullptr, 0, "", 0);
  raw->seal();
  b.raw = raw;
  const contest of{{.champion = champion, .challenger = challenger, .canary = 0.999}};
  of.run(b);
  EXPECT_EQ(b.at(version).text[0], "one@1");
}

} // namespace
} // namespace weir::models
