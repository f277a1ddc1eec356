#include "models/online/half_space_trees.hpp"
#include "models/online/isolation_forest.hpp"
#include "models/online/k_nearest_neighbours.hpp"
#include "models/online/one_class_svm.hpp"
#include "models/online/random_cut_forest.hpp"

#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

namespace weir::models::online {
namespace {

using test::most_unusual;
using test::normal_rows;
using test::numbers;
using test::stream_of;
using test::trained;

struct outlier_kind {
  std::string name;
  std::function<outlier_learner_ptr(std::size_t inputs)> make;
};

void PrintTo(const outlier_kind& kind, std::ostream* out) {
  *out << kind.name;
}

class outlier_learners_test : public testing::TestWithParam<outlier_kind> {
protected:
  static outlier_learner_ptr make(std::size_t inputs) { return GetParam().make(inputs); }

  /// Scores from 0 to 1 behind the warm-up, none in it.
  static void expect_scores(const outlier_learner& of, const std::vector<double>& scores) {
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (i < of.warm_up())
        ASSERT_TRUE(std::isnan(scores[i])) << i;
      else
        ASSERT_TRUE(scores[i] >= 0 && scores[i] <= 1) << i << ": " << scores[i];
  }

  static void expect_scores_of(const numbers& stream) {
    const auto learner = make(stream.inputs);
    ASSERT_GT(stream.size(), learner->warm_up() + 100);
    trained model{learner};
    model.learn(stream, 200);
    expect_scores(*learner, model.predicted);
  }
};

std::vector<std::uint64_t> bits_of(const std::vector<double>& of) {
  std::vector<std::uint64_t> made(of.size());
  std::memcpy(made.data(), of.data(), of.size() * sizeof(double));
  return made;
}

TEST_P(outlier_learners_test, say_the_same_wherever_blocks_are_cut) {
  const auto stream = normal_rows(1500, 4, 1);
  trained whole{make(4)};
  whole.learn(stream, stream.size());
  EXPECT_EQ(whole.learned, stream.size());
  for (const std::size_t rows : {1, 7, 64}) {
    trained cut{make(4)};
    if (rows == 1)
      cut.learn(stream_of(4, {stream.rows.begin(), stream.rows.begin() + 4 * 700}), rows);
    else
      cut.learn(stream, rows);
    auto expected = whole.predicted;
    expected.resize(cut.predicted.size());
    EXPECT_EQ(bits_of(cut.predicted), bits_of(expected));
    EXPECT_TRUE(rows == 1 || std::ranges::equal(cut.bytes(), whole.bytes()));
  }
}

TEST_P(outlier_learners_test, say_what_they_have_written_so_that_a_copy_goes_on_bit_by_bit) {
  const auto learner = make(3);
  ASSERT_TRUE(learner->tells_changes());
  const auto stream = normal_rows(1200, 3, 2), more = normal_rows(600, 3, 3);
  trained model{learner};
  trained copy{learner};
  for (std::size_t begin = 0; begin < stream.size(); begin += 100) {
    model.changed.clear();
    model.learn(stream_of(3, {stream.rows.begin() + static_cast<std::ptrdiff_t>(3 * begin),
                              stream.rows.begin() + static_cast<std::ptrdiff_t>(3 * (begin + 100))}));
    for (const auto& part : model.changed)
      std::ranges::copy(model.bytes().subspan(part.offset, part.size),
                        copy.bytes().begin() + static_cast<std::ptrdiff_t>(part.offset));
    ASSERT_TRUE(std::ranges::equal(model.bytes(), copy.bytes())) << begin;
  }
  EXPECT_TRUE(learner->valid(copy.bytes()));
  model.learn(more);
  copy.learn(more);
  EXPECT_EQ(bits_of(model.predicted), bits_of(copy.predicted));
}

TEST_P(outlier_learners_test, refuse_bytes_that_are_no_state) {
  const auto learner = make(3);
  trained model{learner};
  model.learn(normal_rows(900, 3, 4));
  std::vector<std::byte> bytes{model.bytes().begin(), model.bytes().end()};
  EXPECT_FALSE(learner->valid(std::span{bytes}.first(bytes.size() - 1)));
  EXPECT_FALSE(learner->valid({}));
  // whatever eight bytes are written over, the state is refused or can be gone on with
  const auto stream = normal_rows(30, 3, 5);
  std::size_t refused = 0;
  std::vector<double> scratch(learner->scratch_size()), scores(stream.size());
  struct alignas(16) words {
    std::byte bytes[16];
  };
  std::vector<words> room((bytes.size() + 15) / 16);
  const auto damaged = std::as_writable_bytes(std::span{room}).first(bytes.size());
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += at < 64 ? 8 : 8 * (1 + bytes.size() / 2400)) {
    std::ranges::copy(bytes, damaged.begin());
    for (std::size_t i = 0; i < 8; ++i)
      damaged[at + i] = std::byte{0xff};
    if (!learner->valid(damaged)) {
      ++refused;
      continue;
    }
    learner->run(
        damaged,
        {.rows = stream.size(), .inputs = stream.rows.data(), .predicted = scores.data(), .scratch = scratch.data()});
  }
  EXPECT_GT(refused, 20u);
}

TEST_P(outlier_learners_test, give_a_score_to_any_finite_row) {
  auto constant = normal_rows(1000, 5, 6);
  for (std::size_t i = 0; i < constant.size(); ++i)
    constant.rows[5 * i + 1] = constant.rows[5 * i + 4] = 7;
  expect_scores_of(constant);
  expect_scores_of(stream_of(3, std::vector<double>(3 * 1000, 1.5))); // duplicates alone
  expect_scores_of(normal_rows(1000, 1, 7));
  expect_scores_of(normal_rows(700, 100, 8));
  constexpr auto most = std::numeric_limits<double>::max();
  for (const auto factor : {1e300, 1e-300, most / 8, std::numeric_limits<double>::denorm_min()}) {
    auto large = normal_rows(1000, 3, 9);
    for (auto& value : large.rows)
      value *= factor;
    expect_scores_of(large);
  }
  auto jumps = normal_rows(1000, 2, 10);
  for (std::size_t i = 0; i < jumps.size(); i += 50)
    jumps.rows[2 * i] = i % 100 == 0 ? most : -most;
  expect_scores_of(jumps);
  auto repeated = normal_rows(1000, 2, 11);
  for (std::size_t i = 2; i < repeated.rows.size(); ++i)
    repeated.rows[i] = repeated.rows[i % 2]; // one row, and then the same again
  repeated.rows[2 * 990] = 5;
  expect_scores_of(repeated);
}

TEST_P(outlier_learners_test, find_planted_rows) {
  auto stream = normal_rows(2000, 5, 12);
  const std::vector<std::size_t> planted{900, 1100, 1300, 1500, 1700, 1900};
  for (std::size_t i = 0; i < planted.size(); ++i)
    stream.rows[5 * planted[i] + i % 5] = i % 2 == 0 ? 12 : -12;
  const auto learner = make(5);
  trained model{learner};
  model.learn(stream);
  for (const auto row : planted) {
    std::size_t higher = 0;
    for (std::size_t i = learner->warm_up(); i < stream.size(); ++i)
      higher += model.predicted[i] > model.predicted[row] ? 1 : 0;
    EXPECT_LT(higher, stream.size() / 25) << row;
  }
}

TEST_P(outlier_learners_test, say_which_inputs_make_a_row_unusual) {
  const auto learner = make(6);
  std::vector<double> shares(6), scratch(learner->contribution_scratch_size());
  const auto asked = [&](trained& of, const std::vector<double>& row) {
    return learner->contributions(of.bytes(), row.data(), shares, scratch);
  };
  trained model{learner};
  EXPECT_FALSE(asked(model, std::vector<double>(6)));
  model.learn(normal_rows(1500, 6, 14));
  for (std::size_t input = 0; input < 6; ++input) {
    std::vector<double> row(6, 0.1);
    row[input] = input % 2 == 0 ? 15 : -15;
    ASSERT_TRUE(asked(model, row));
    double sum = 0;
    for (const auto share : shares) {
      EXPECT_GE(share, 0);
      sum += share;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_EQ(std::ranges::max_element(shares) - shares.begin(), static_cast<std::ptrdiff_t>(input));
    EXPECT_GT(shares[input], 0.4);
  }
  ASSERT_TRUE(asked(model, std::vector<double>(6, 1e300)));
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-9);
}

const std::vector<outlier_kind> learn_ranges{
    {"half_space_trees", [](std::size_t inputs) { return half_space_trees(inputs, {}); }},
    {"isolation_forest", [](std::size_t inputs) { return isolation_forest(inputs, {}); }},
    {"k_nearest_neighbours", [](std::size_t inputs) { return k_nearest_neighbours(inputs, {}); }},
    {"one_class_svm", [](std::size_t inputs) { return one_class_svm(inputs, {}); }},
    {"random_cut_forest", [](std::size_t inputs) { return random_cut_forest(inputs, {}); }},
};

const std::vector<outlier_kind> have_ranges{
    {"half_space_trees_with_limits",
     [](std::size_t inputs) {
       return half_space_trees(inputs, {.height = 8, .limits = std::vector<input_range>(inputs, {-8, 8})});
     }},
};

constexpr auto name_of = [](const auto& kind) { return kind.param.name; };
INSTANTIATE_TEST_SUITE_P(learn_ranges, outlier_learners_test, testing::ValuesIn(learn_ranges), name_of);
INSTANTIATE_TEST_SUITE_P(have_ranges, outlier_learners_test, testing::ValuesIn(have_ranges), name_of);

class outlier_learners_of_any_unit_test : public outlier_learners_test {};

TEST_P(outlier_learners_of_any_unit_test, say_the_same_in_other_units) {
  const auto stream = normal_rows(1500, 3, 13);
  auto scaled = stream;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    scaled.rows[3 * i] *= 1024;
    scaled.rows[3 * i + 2] /= 256;
  }
  trained model{make(3)}, other{make(3)};
  model.learn(stream);
  other.learn(scaled);
  for (std::size_t i = GetParam().make(3)->warm_up(); i < stream.size(); ++i)
    ASSERT_NEAR(model.predicted[i], other.predicted[i], 1e-6) << i;
}

INSTANTIATE_TEST_SUITE_P(all, outlier_learners_of_any_unit_test, testing::ValuesIn(learn_ranges), name_of);

} // namespace
} // namespace weir::models::online
