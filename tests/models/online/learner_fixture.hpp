#pragma once

#include "models/online/learner.hpp"
#include "tests/models/online/streams.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace weir::models::online::test {

/// Rows of numbers with their truths.
struct numbers {
  std::size_t inputs = 0;
  std::vector<double> rows{}; ///< row by row
  std::vector<double> truth{};
  std::vector<std::string> labels{};

  std::size_t size() const noexcept { return inputs == 0 ? 0 : rows.size() / inputs; }
};

/// A stream whose last field is the truth, a number or a label.
inline numbers read_numbers(const std::string& name) {
  numbers made;
  const auto lines = weir::test::read_stream(name + ".csv");
  made.inputs = lines.front().size() - 1;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    for (std::size_t f = 0; f < made.inputs; ++f)
      made.rows.push_back(std::stod(lines[i][f]));
    made.labels.push_back(lines[i].back());
    made.truth.push_back(std::strtod(lines[i].back().c_str(), nullptr));
  }
  return made;
}

/// A learner with a state of its own, fed in blocks.
class trained {
public:
  explicit trained(learner_ptr what) :
      learner_{std::move(what)}, state_(words_for(learner_->first_size())), size_{learner_->first_size()} {}

  /// The rows in blocks of `block_rows`; the state has to be valid behind each.
  void learn(const numbers& of, std::size_t block_rows = 64) {
    feed(of, block_rows, [&] { ASSERT_TRUE(learner_->valid(bytes())); });
  }

  void learn_without_checks(const numbers& of) {
    feed(of, of.size(), [] {});
  }

  /// Takes rows away, of a learner that can.
  void unlearn(const numbers& of) {
    unlearn_.assign(of.size(), 1);
    learn(of);
    unlearn_.clear();
  }

  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span{state_}).first(size_); }

  /// A word of the state as a number.
  double number(std::size_t word) const { return state_[word / 2].value[word % 2]; }

  std::vector<state_range> changed;
  std::vector<double> predicted;
  std::vector<double> probabilities;
  std::vector<std::string> said;
  std::uint64_t learned = 0;
  std::uint64_t refused = 0;
  std::uint64_t unlearned = 0;
  std::uint64_t kept = 0;

private:
  struct alignas(16) two_words {
    double value[2]{};
  };
  static std::size_t words_for(std::size_t size) { return (size + sizeof(two_words) - 1) / sizeof(two_words); }

  template <class Check>
  void feed(const numbers& of, std::size_t block_rows, Check check) {
    std::size_t begin = 0;
    std::vector<double> scratch(learner_->scratch_size());
    std::vector<std::string_view> labels{of.labels.begin(), of.labels.end()};
    std::vector<std::string_view> chosen(of.size());
    predicted.resize(of.size());
    probabilities.resize(of.size());
    said.resize(of.size());
    while (begin < of.size()) {
      const auto done = learner_->run(bytes(), {.rows = std::min(block_rows, of.size() - begin),
                                                .inputs = of.rows.data() + begin * of.inputs,
                                                .truth = of.truth.data() + begin,
                                                .labels = labels.data() + begin,
                                                .predicted = predicted.data() + begin,
                                                .chosen = chosen.data() + begin,
                                                .probabilities = probabilities.data() + begin,
                                                .unlearn = unlearn_.empty() ? nullptr : unlearn_.data() + begin,
                                                .scratch = scratch.data(),
                                                .changed = &changed});
      for (auto i = begin; i < begin + done.rows; ++i)
        said[i] = chosen[i];
      begin += done.rows;
      learned += done.learned;
      refused += done.refused;
      unlearned += done.unlearned;
      kept += done.kept;
      if (done.wanted != 0) {
        state_.resize(words_for(done.wanted));
        size_ = done.wanted;
      }
      check();
    }
  }

  learner_ptr learner_;
  std::vector<std::uint8_t> unlearn_;
  std::vector<two_words> state_;
  std::size_t size_;
};

} // namespace weir::models::online::test
