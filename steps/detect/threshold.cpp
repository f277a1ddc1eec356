#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct threshold_settings {
  keyed_columns columns;
  std::optional<double> above;
  std::optional<double> below;
};

constexpr auto threshold_fields =
    join(std::array{field<&threshold_settings::columns, &keyed_columns::of>(
                        "threshold", "the column of numbers that is watched", required),
                    field<&threshold_settings::above>("above", "a greater value is an anomaly"),
                    field<&threshold_settings::below>("below", "a smaller value is an anomaly")},
         verdict_fields<&threshold_settings::columns>);

void complete(threshold_settings& s, yaml_section& from) {
  if (!s.above && !s.below)
    from.report(from.at(), "a threshold detector needs 'above', 'below' or both");
}

/// The score is by how much, 0 within the bounds.
class beyond_bounds final : public core::keyed_operator {
public:
  explicit beyond_bounds(const threshold_settings& s) :
      above_{s.above.value_or(std::numeric_limits<double>::infinity())},
      below_{s.below.value_or(-std::numeric_limits<double>::infinity())} {}

  std::size_t state_size() const noexcept override { return 0; }
  std::string state_layout() const override { return {}; }
  bool valid(const std::byte*) const noexcept override { return true; }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = values[i];
      if (std::isnan(x))
        give_no_score(into, i);
      else
        give_score(into, i, x > above_ ? x - above_ : x < below_ ? x - below_ : 0.0, x > above_ || x < below_);
    }
  }

private:
  double above_;
  double below_;
};

void bind(const threshold_settings& s, binding& into) {
  into.add(std::make_shared<beyond_bounds>(s), s.columns);
}

} // namespace

constexpr step_kind threshold = make_kind<threshold_settings, threshold_fields, bind, complete>(
    "threshold", "a value above or below a bound", "{ threshold: Amount, above: 5000, as: large }");

} // namespace weir::steps
