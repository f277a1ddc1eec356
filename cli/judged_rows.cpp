#include "cli/judged_rows.hpp"

#include "models/class_names.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <unordered_map>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;
using models::element;

/// What is told of pairs of classes grows with their square.
constexpr std::size_t most_classes = 1000;

/// Texts by their numbers, in the order in which they come.
class numbered_texts {
public:
  std::size_t number(const std::string& text) {
    const auto [at, is_new] = numbers_.try_emplace(text, texts_.size());
    if (is_new)
      texts_.push_back(text);
    return at->second;
  }

  std::optional<std::size_t> find(const std::string& text) const {
    const auto at = numbers_.find(text);
    return at == numbers_.end() ? std::nullopt : std::optional{at->second};
  }

  const std::vector<std::string>& texts() const noexcept { return texts_; }

private:
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
};

class judge {
public:
  judge(row_scorer& scorer, const judged_columns& columns) :
      scorer_{scorer}, columns_{columns}, made_of_{scorer.model().prediction()},
      prediction_{scorer.model().first_column(scorer.model().meaning().prediction)}, random_{columns.random_state} {}

  core::result<judged_rows> run() {
    if (auto good = prepare(); !good)
      return tl::unexpected{std::move(good.error())};
    for (auto rows = scorer_.next(); !rows.empty(); rows = scorer_.next())
      for (const auto& row : rows) {
        ++made_.read;
        if (const auto good = add(row); !good)
          made_.left_out.add(row.line, good.error().what);
      }
    if (scorer_.failure())
      return tl::unexpected{*scorer_.failure()};
    mix_sample();
    made_.slices = slices_.texts();
    if (is_classifier())
      made_.labels = classes_.texts();
    if (made_.labels.size() > most_classes)
      return fail("there are more than " + std::to_string(most_classes) + " classes", {},
                  "is '" + columns_.target + "' what the model predicts?");
    if (made_.rows() == 0) {
      made_.left_out.say_all(made_.read, "cannot be judged");
      return fail("no row can be judged");
    }
    return std::move(made_);
  }

private:
  bool has_target() const noexcept { return !columns_.target.empty(); }
  bool is_classifier() const noexcept { return scorer_.model().is_classifier(); }

  core::result<void> prepare() {
    const auto& model = scorer_.model();
    if (!is_classifier() && made_of_.columns != 1)
      return fail("the model predicts " + std::to_string(made_of_.columns) + " values, and only one can be judged");
    if (has_target())
      if (const auto target = scorer_.keep(columns_.target); !target)
        return tl::unexpected{target.error()};
    if (!columns_.by.empty())
      if (const auto by = scorer_.keep(columns_.by); !by)
        return tl::unexpected{by.error()};
    if (made_of_.labels == nullptr)
      return {};
    for (const auto& name : models::class_names(*made_of_.labels))
      classes_.number(name);
    if (const auto at = model.meaning().probabilities;
        at && model.meaning().outputs[*at].columns == classes_.texts().size()) {
      made_.probabilities.resize(classes_.texts().size());
      first_probability_ = model.first_column(*at);
    }
    return {};
  }

  core::result<void> add(const row_scorer::row& row) {
    if (!row.problem.empty())
      return fail(row.problem);
    if (auto good = is_classifier() ? add_class(row) : add_value(row); !good)
      return good;
    made_.lines.push_back(row.line);
    if (!columns_.by.empty())
      made_.slice_of.push_back(slices_.number(row.kept[has_target() ? 1 : 0]));
    keep_features(row);
    return {};
  }

  core::result<void> add_value(const row_scorer::row& row) {
    if (auto good = has_target() ? add_truth(row) : core::result<void>{}; !good)
      return good;
    made_.predicted.push_back(scorer_.number(row, prediction_, made_of_.type));
    return {};
  }

  core::result<void> add_truth(const row_scorer::row& row) {
    const auto& text = row.kept[0];
    const auto truth = number_of(text);
    if (!text.empty() && !truth)
      return fail("'" + text + "' in column '" + columns_.target + "' is no number");
    if (!truth || !std::isfinite(*truth))
      return fail("column '" + columns_.target + "' is missing");
    made_.truth.push_back(*truth);
    return {};
  }

  core::result<void> add_class(const row_scorer::row& row) {
    if (auto good = has_target() ? add_true_class(row) : core::result<void>{}; !good)
      return good;
    made_.predicted_class.push_back(classes_.number(label_at(scorer_.column(prediction_), made_of_.type, row.at)));
    const auto at = scorer_.model().meaning().probabilities;
    for (std::size_t k = 0; k < made_.probabilities.size(); ++k)
      made_.probabilities[k].push_back(
          scorer_.number(row, first_probability_ + k, scorer_.model().meaning().outputs[*at].type));
    return {};
  }

  core::result<void> add_true_class(const row_scorer::row& row) {
    if (row.kept[0].empty())
      return fail("column '" + columns_.target + "' is missing");
    const auto truth = class_of(row.kept[0]);
    if (!truth)
      return fail("'" + row.kept[0] + "' in column '" + columns_.target + "' is no class of the model");
    made_.true_class.push_back(*truth);
    return {};
  }

  /// Where the model does not say its classes, what comes is one.
  std::optional<std::size_t> class_of(const std::string& text) {
    auto label = text;
    if (made_of_.type != element::text)
      if (const auto number = number_of(text); number && std::abs(*number) < 1e15 && std::trunc(*number) == *number)
        label = std::to_string(static_cast<std::int64_t>(*number));
    return made_of_.labels == nullptr ? classes_.number(label) : classes_.find(label);
  }

  /// Each row is as likely in the sample as any other (Vitter 1985, algorithm R).
  void keep_features(const row_scorer::row& row) {
    if (columns_.sample == 0)
      return;
    const auto rows = std::max(made_.predicted.size(), made_.predicted_class.size());
    if (made_.sample.size() < columns_.sample) {
      made_.sample.push_back(row.features);
      made_.sample_of.push_back(rows - 1);
    } else if (const auto at = random_() % rows; at < columns_.sample) {
      made_.sample[at] = row.features;
      made_.sample_of[at] = rows - 1;
    }
  }

  /// A row that came late stands anywhere in the sample, one that came early in its own place: until they are mixed.
  void mix_sample() {
    for (auto i = made_.sample.size(); i > 1; --i) {
      const auto other = random_() % i;
      std::swap(made_.sample[i - 1], made_.sample[other]);
      std::swap(made_.sample_of[i - 1], made_.sample_of[other]);
    }
  }

  row_scorer& scorer_;
  const judged_columns& columns_;
  const models::model_output& made_of_;
  std::size_t prediction_;
  std::size_t first_probability_ = 0;
  numbered_texts classes_;
  numbered_texts slices_;
  std::mt19937_64 random_;
  judged_rows made_;
};

template <class Value>
std::vector<Value> pick(const std::vector<Value>& from, std::span<const std::size_t> rows) {
  std::vector<Value> made;
  made.reserve(rows.size());
  for (const auto row : rows)
    made.push_back(from[row]);
  return made;
}

} // namespace

std::string label_at(const void* column, models::element type, std::size_t row) {
  switch (type) {
  case element::text: return std::string{static_cast<const std::string_view*>(column)[row]};
  case element::i64: return std::to_string(static_cast<const std::int64_t*>(column)[row]);
  default: return std::to_string(std::llround(models::number_at(column, type, row)));
  }
}

core::result<judged_rows> judge_rows(row_scorer& scorer, const judged_columns& columns) {
  return judge{scorer, columns}.run();
}

metrics measure(const judged_rows& all) {
  if (!all.has_classes())
    return models::evaluate(all.truth, all.predicted);
  return models::evaluate_classes(all.true_class, all.predicted_class, all.labels.size(), all.probabilities);
}

metrics measure(const judged_rows& all, std::span<const std::size_t> rows) {
  if (!all.has_classes())
    return models::evaluate(pick(all.truth, rows), pick(all.predicted, rows));
  std::vector<std::vector<double>> probabilities;
  for (const auto& column : all.probabilities)
    probabilities.push_back(pick(column, rows));
  return models::evaluate_classes(pick(all.true_class, rows), pick(all.predicted_class, rows), all.labels.size(),
                                  probabilities);
}

std::vector<models::named_measure> measures_of(const metrics& of) {
  return std::visit([](const auto& measured) { return measured.measures(); }, of);
}

} // namespace weir::cli
