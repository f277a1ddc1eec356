#include "core/drift/estimated_accuracy.hpp"

#include "core/base/short_number.hpp"
#include "steps/drift/drift_detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <limits>

namespace weir::steps {

namespace {

using namespace config;
using core::estimated_accuracy_options;

struct estimated_accuracy_settings {
  keyed_columns columns;
  estimated_accuracy_options how;
};

using settings = estimated_accuracy_settings;

constexpr auto estimated_accuracy_fields = join(
    std::array{
        field<&settings::columns, &keyed_columns::of>(
            "estimated_accuracy", "the column of a classifier's probabilities, that of the second of two classes",
            required),
        field<&settings::how, &estimated_accuracy_options::is_of_chosen>(
            "of_chosen_class", "the probability is that of the class that was chosen, as of more classes than two"),
        field<&settings::how, &estimated_accuracy_options::threshold>(
            "threshold", "from which probability on the second class is chosen", between(0, 1)),
        field<&settings::how, &estimated_accuracy_options::baseline_size>(
            "baseline_size", "the first predictions, which windows are compared with", between(100, 100'000'000)),
        field<&settings::how, &estimated_accuracy_options::window>(
            "window", "predictions of a window, at whose end there is a verdict", between(50, 100'000'000)),
        field<&settings::how, &estimated_accuracy_options::alpha>(
            "alpha", "how probable a false alarm of a window may be", above(0) | between(0, 0.5)),
        field<&settings::how, &estimated_accuracy_options::least_drop>(
            "least_drop", "how far the accuracy has to fall to count", between(0, 1))},
    memory_fields<&settings::columns>,
    std::array{field<&settings::columns, &keyed_columns::flag>(
                   "as", "boolean column: has the accuracy fallen, in a window's last record", required),
               field<&settings::columns, &keyed_columns::value>(
                   "accuracy", "double column: the accuracy that is expected of the window, in its last record"),
               field<&settings::columns, &keyed_columns::reason>(
                   "reason", "text column: what has fallen, for people; null where nothing has")});

class accuracy_estimator final : public core::keyed_operator {
public:
  explicit accuracy_estimator(const settings& s) : how_{s.how}, column_{s.columns.of.text} {}

  std::size_t state_size() const noexcept override { return sizeof(core::estimated_accuracy); }
  std::string state_layout() const override {
    return "estimated accuracy, baseline " + std::to_string(how_.baseline_size) + ", window "
           + std::to_string(how_.window);
  }
  bool valid(const std::byte* state) const noexcept override {
    return reinterpret_cast<const core::estimated_accuracy*>(state)->valid();
  }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    for (std::size_t i = 0; i < rows.size; ++i) {
      give_no_score(into, i);
      const auto p = rows.values[0][i];
      if (!std::isfinite(p))
        continue;
      const auto said = rows.state<core::estimated_accuracy>(i).add(std::clamp(p, 0.0, 1.0), how_);
      into.flag[i] = core::keyed_results::normal;
      if (!said)
        continue;
      give_score(into, i, said->accuracy, said->has_fallen);
      if (said->has_fallen && into.reasons != nullptr)
        into.reasons[i] = "by " + column_ + " " + core::short_number(100 * said->accuracy)
                          + " % of the last predictions are right, where " + core::short_number(100 * said->baseline)
                          + " % were";
    }
  }

private:
  estimated_accuracy_options how_;
  std::string column_;
};

void complete(settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

void bind(const settings& s, binding& into) {
  into.add(std::make_shared<accuracy_estimator>(s), s.columns);
}

} // namespace

constexpr step_kind estimated_accuracy = make_kind<settings, estimated_accuracy_fields, bind, complete>(
    "estimated_accuracy",
    "a classifier that is less sure: its accuracy, estimated without truths from its probabilities (CBPE)",
    "{ estimated_accuracy: p_fraud, as: less_sure, accuracy: expected_accuracy, reason: less_sure_why }");

} // namespace weir::steps
