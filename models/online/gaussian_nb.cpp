#include "models/online/gaussian_nb.hpp"

#include "models/online/sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <utility>

namespace weir::models::online {

namespace {

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

/// What river adds to each density, so that its logarithm is finite.
constexpr double least_density = 1e-9;

/// What is known of a class: in the state behind its label, if that was found. Then come the means and the sums of
/// squares around them, one for each input.
struct class_moments {
  std::uint64_t count;

  double* means() noexcept { return reinterpret_cast<double*>(this + 1); }
};

class naive_bayes final : public learner {
public:
  naive_bayes(std::size_t inputs, class_list classes) :
      inputs_{inputs}, label_words_{classes.is_given() ? 0 : class_list::slot_words}, classes_{std::move(classes)} {}

  std::size_t first_size() const noexcept override { return bytes(classes_.is_given() ? classes_.most() : 0); }
  std::size_t most_size() const noexcept override { return bytes(classes_.most()); }
  std::size_t scratch_size() const noexcept override { return std::max(2 * inputs_, classes_.most()); }

  bool unlearns() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    head at;
    if (state.size() < sizeof at)
      return false;
    std::memcpy(&at, state.data(), sizeof at);
    if (at.unused != 0 || (classes_.is_given() ? at.classes != 0 : at.classes > classes_.most()))
      return false;
    const auto classes = classes_.is_given() ? classes_.most() : static_cast<std::size_t>(at.classes);
    // room may have been made for a class that could not be learned
    if (state.size() != bytes(classes) && (classes_.is_given() || state.size() != bytes(classes + 1)))
      return false;
    for (std::size_t i = 0; i < classes; ++i)
      if (!is_class(state.subspan(begin(i) * sizeof(double), class_words() * sizeof(double))))
        return false;
    return true;
  }

  progress run(std::span<std::byte> bytes_of_state, const example_block& block) const override {
    auto* const words = reinterpret_cast<double*>(bytes_of_state.data());
    auto& at = *reinterpret_cast<head*>(words);
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      const auto* row = block.inputs + done.rows * inputs_;
      const auto label = block.labels[done.rows];
      const auto index = label.data() == nullptr ? class_list::none : index_of(words, label);
      const bool is_unlearned = block.unlearn != nullptr && block.unlearn[done.rows] != 0;
      const bool is_new = !is_unlearned && !classes_.is_given() && index == at.classes && index < classes_.most();
      if (is_new && bytes_of_state.size() < bytes(index + 1)) {
        done.wanted = bytes(index + 1);
        return done;
      }
      predict(words, row, block, done.rows);
      if (label.data() == nullptr)
        continue;
      if (is_unlearned) {
        const bool is_known = index < classes_now(words);
        ++(is_known && unlearn(moments(words, index), row, block.scratch) ? done.unlearned : done.kept);
        continue;
      }
      if (index >= classes_.most() || !learn(moments(words, index), row, block.scratch)) {
        ++done.refused;
        continue;
      }
      ++done.learned;
      if (is_new) {
        slot(words, index).set(label);
        ++at.classes;
      }
    }
    return done;
  }

private:
  struct head {
    std::uint64_t classes; ///< that were found; 0 where they are given
    std::uint64_t unused;
  };
  static constexpr std::size_t head_words = sizeof(head) / sizeof(double);

  std::size_t class_words() const noexcept { return label_words_ + 1 + 2 * inputs_; }
  std::size_t begin(std::size_t index) const noexcept { return head_words + index * class_words(); }
  std::size_t bytes(std::size_t classes) const noexcept { return begin(classes) * sizeof(double); }
  class_list::slot& slot(double* words, std::size_t index) const noexcept {
    return *reinterpret_cast<class_list::slot*>(words + begin(index));
  }
  class_moments& moments(double* words, std::size_t index) const noexcept {
    return *reinterpret_cast<class_moments*>(words + begin(index) + label_words_);
  }
  std::size_t classes_now(const double* words) const noexcept {
    return classes_.is_given() ? classes_.most()
                               : static_cast<std::size_t>(reinterpret_cast<const head*>(words)->classes);
  }
  std::size_t index_of(double* words, std::string_view label) const noexcept {
    return classes_.index_of(label, classes_now(words),
                             [&](std::size_t i) -> const class_list::slot& { return slot(words, i); });
  }

  bool is_class(std::span<const std::byte> bytes_of_class) const noexcept {
    class_list::slot label{};
    if (label_words_ != 0)
      std::memcpy(&label, bytes_of_class.data(), sizeof label);
    unsigned wrong = label.valid() ? 0 : 1;
    for (auto word = label_words_ + 1; word < class_words(); ++word) {
      double number = 0;
      std::memcpy(&number, bytes_of_class.data() + word * sizeof number, sizeof number);
      wrong |= is_wrong(number);
    }
    return wrong == 0;
  }

  /// log P(class) + log P(row | class), up to what is the same for all classes. @pre the class has been seen
  double log_likelihood(class_moments& of, const double* row) const noexcept {
    const auto* mean = of.means();
    const auto* squares = mean + inputs_;
    const auto count = static_cast<double>(of.count);
    auto sum = std::log(count);
    for (std::size_t i = 0; i < inputs_; ++i) {
      double density = 0;
      if (const auto variance = squares[i] / count; variance > 0) {
        const auto sigma = std::sqrt(variance);
        const auto z = (row[i] - mean[i]) / sigma;
        density = std::exp(-0.5 * z * z) / (std::sqrt(2 * std::numbers::pi) * sigma);
      }
      sum += std::log(least_density + density);
    }
    return sum;
  }

  void predict(double* words, const double* row, const example_block& block, std::size_t at) const noexcept {
    block.chosen[at] = {};
    block.probabilities[at] = unknown;
    const auto classes = classes_now(words);
    auto* const likelihoods = block.scratch;
    std::size_t best = class_list::none;
    for (std::size_t i = 0; i < classes; ++i) {
      auto& of = moments(words, i);
      likelihoods[i] = of.count == 0 ? -std::numeric_limits<double>::infinity() : log_likelihood(of, row);
      if (of.count > 0 && (best == class_list::none || likelihoods[i] > likelihoods[best]))
        best = i;
    }
    if (best == class_list::none || !std::isfinite(likelihoods[best]))
      return;
    double total = 0;
    for (std::size_t i = 0; i < classes; ++i)
      total += std::exp(likelihoods[i] - likelihoods[best]);
    block.chosen[at] = classes_.is_given() ? classes_.given(best) : slot(words, best).label();
    const bool is_binary = classes_.is_given() && classes == 2;
    block.probabilities[at] = (is_binary ? std::exp(likelihoods[1] - likelihoods[best]) : 1) / total;
  }

  /// False, and nothing is learned: a mean or a sum would not be finite.
  bool learn(class_moments& of, const double* row, double* scratch) const noexcept {
    auto* const mean = of.means();
    auto* const squares = mean + inputs_;
    const auto count = static_cast<double>(of.count + 1);
    unsigned wrong = 0;
    for (std::size_t i = 0; i < inputs_; ++i) {
      const auto delta = row[i] - mean[i];
      scratch[i] = mean[i] + delta / count;
      scratch[inputs_ + i] = squares[i] + delta * (row[i] - scratch[i]);
      wrong |= is_wrong(scratch[i]) | is_wrong(scratch[inputs_ + i]);
    }
    if (wrong != 0)
      return false;
    std::copy_n(scratch, 2 * inputs_, mean); // the sums stand behind the means
    ++of.count;
    return true;
  }

  /// Takes a row away. False, and nothing changes: the class has none, or a number would not be finite.
  bool unlearn(class_moments& of, const double* row, double* scratch) const noexcept {
    if (of.count == 0)
      return false;
    auto* const mean = of.means();
    auto* const squares = mean + inputs_;
    const auto count = static_cast<double>(of.count - 1);
    unsigned wrong = 0;
    for (std::size_t i = 0; i < inputs_; ++i) {
      const auto delta = row[i] - mean[i];
      scratch[i] = of.count == 1 ? 0 : mean[i] - delta / count;
      scratch[inputs_ + i] = of.count <= 2 ? 0 : std::max(0.0, squares[i] - delta * (row[i] - scratch[i]));
      wrong |= is_wrong(scratch[i]) | is_wrong(scratch[inputs_ + i]);
    }
    if (wrong != 0)
      return false;
    std::copy_n(scratch, 2 * inputs_, mean);
    --of.count;
    return true;
  }

  std::size_t inputs_;
  std::size_t label_words_;
  class_list classes_;
};

} // namespace

learner_ptr gaussian_nb(std::size_t inputs, class_list classes) {
  return std::make_shared<naive_bayes>(inputs, std::move(classes));
}

} // namespace weir::models::online
