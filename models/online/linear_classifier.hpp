#pragma once

#include "models/online/learner.hpp"
#include "models/online/linear_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::models::online {

/// A weighted sum of the inputs says which of two classes, or one against the rest for each of several: the largest
/// vote wins, as in river's OneVsRestClassifier. Classes that are found begin with no weights when they come.
/// @tparam Rule how it learns: `has_l1`, `bool learn(linear_weights&, row, inputs, is_positive, scratch)` as a
/// regressor's, `double vote(margin)`, above 0 for the positive class, and `double probability(margin)`
template <class Rule>
class linear_classifier final : public learner {
public:
  linear_classifier(std::size_t inputs, bool standardize, class_list classes, Rule rule) :
      layout_{.inputs = inputs, .standardize = standardize, .has_l1 = rule.has_l1(), .has_labels = !classes.is_given()},
      classes_{std::move(classes)}, rule_{rule} {}

  std::size_t first_size() const noexcept override { return layout_.bytes(classes_.is_given() ? sums() : 0); }
  std::size_t most_size() const noexcept override { return layout_.bytes(sums()); }
  std::size_t scratch_size() const noexcept override { return 3 * layout_.inputs; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (state.size() < layout_.bytes(0))
      return false;
    linear_layout::head head;
    std::memcpy(&head, state.data(), sizeof head);
    if (classes_.is_given() ? head.classes != 0 : head.classes > classes_.most())
      return false;
    const auto classes = classes_.is_given() ? sums() : static_cast<std::size_t>(head.classes);
    const auto is_size = state.size() == layout_.bytes(classes) || (layout_.has_labels && is_grown(state, classes));
    return is_size && holds_finite_numbers(state, layout_, classes);
  }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    linear_state state{bytes, layout_};
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      const auto* row = block.inputs + done.rows * layout_.inputs;
      const auto label = block.labels[done.rows];
      // what a row needs is asked before anything is done with it
      const auto index = label.data() == nullptr ? class_list::none : index_of(state, label);
      const bool is_new = layout_.has_labels && index == state.head().classes && index < classes_.most();
      if (is_new && bytes.size() < layout_.bytes(index + 1)) {
        done.wanted = layout_.bytes(index + 1);
        return done;
      }
      predict(state, row, block, done.rows);
      if (label.data() == nullptr)
        continue;
      const bool is_learned = index < classes_.most() && learn(state, row, label, index, block.scratch);
      ++(is_learned ? done.learned : done.refused);
    }
    return done;
  }

private:
  static constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

  bool is_binary() const noexcept { return classes_.is_given() && classes_.most() == 2; }

  /// How many sums there can be.
  std::size_t sums() const noexcept { return is_binary() ? 1 : classes_.most(); }

  /// Room was made for one more class, which could not be learned.
  bool is_grown(std::span<const std::byte> state, std::size_t classes) const noexcept {
    return classes < classes_.most() && state.size() == layout_.bytes(classes + 1);
  }

  std::size_t classes_now(linear_state& state) const noexcept {
    return classes_.is_given() ? classes_.most() : static_cast<std::size_t>(state.head().classes);
  }

  std::size_t index_of(linear_state& state, std::string_view label) const noexcept {
    return classes_.index_of(label, static_cast<std::size_t>(state.head().classes),
                             [&](std::size_t i) -> const class_list::slot& { return state.slot(i); });
  }

  std::string_view label_of(linear_state& state, std::size_t index) const noexcept {
    return classes_.is_given() ? classes_.given(index) : state.slot(index).label();
  }

  void predict(linear_state& state, const double* row, const example_block& block, std::size_t at) const noexcept {
    const auto* scaled = state.scaled(row, block.scratch);
    block.chosen[at] = {};
    block.probabilities[at] = unknown;
    if (is_binary()) {
      const auto margin = state.weights(0).sum(scaled, layout_.inputs);
      if (!std::isfinite(margin))
        return;
      block.chosen[at] = classes_.given(rule_.vote(margin) > 0 ? 1 : 0);
      block.probabilities[at] = rule_.probability(margin);
      return;
    }
    std::size_t best = 0;
    double best_vote = 0, best_probability = 0, total = 0;
    const auto classes = classes_now(state);
    for (std::size_t i = 0; i < classes; ++i) {
      const auto margin = state.weights(i).sum(scaled, layout_.inputs);
      if (!std::isfinite(margin))
        return;
      const auto vote = rule_.vote(margin);
      const auto probability = rule_.probability(margin);
      total += probability;
      if (i == 0 || vote > best_vote) {
        best = i;
        best_vote = vote;
        best_probability = probability;
      }
    }
    if (classes == 0)
      return;
    block.chosen[at] = label_of(state, best);
    block.probabilities[at] = total > 0 ? best_probability / total : 1 / static_cast<double>(classes);
  }

  bool learn(linear_state& state, const double* row, std::string_view label, std::size_t index,
             double* scratch) const noexcept {
    auto* const scaled = scratch;
    auto* const more = scratch + layout_.inputs;
    if (!state.learn_scale(row, more))
      return false;
    const auto* x = state.scaled(row, scaled);
    if (is_binary())
      return rule_.learn(state.weights(0), x, layout_.inputs, index == 1, more);
    if (layout_.has_labels && index == state.head().classes) {
      state.slot(index).set(label);
      ++state.head().classes;
    }
    bool are_all_learned = true;
    for (std::size_t i = 0; i < classes_now(state); ++i)
      are_all_learned = rule_.learn(state.weights(i), x, layout_.inputs, i == index, more) && are_all_learned;
    return are_all_learned;
  }

  linear_layout layout_;
  class_list classes_;
  Rule rule_;
};

} // namespace weir::models::online
