#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct scale_settings {
  column_name of;
  std::optional<double> mean;
  std::optional<double> std;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<double> median;
  std::optional<double> iqr;
  new_column as;
};

constexpr std::array scale_fields{
    field<&scale_settings::of>("scale", "a column of numbers", required),
    field<&scale_settings::mean>("mean", "with `std`: (x - mean) / std, as scikit-learn's StandardScaler"),
    field<&scale_settings::std>("std", "the standard deviation", above(0)),
    field<&scale_settings::min>("min",
                                "with `max`: (x - min) / (max - min), as MinMaxScaler; values beyond both stay so"),
    field<&scale_settings::max>("max", "what becomes 1"),
    field<&scale_settings::median>("median", "with `iqr`: (x - median) / iqr, as RobustScaler"),
    field<&scale_settings::iqr>("iqr", "the third quartile less the first", above(0)),
    field<&scale_settings::as>("as", "a new column for it; default: it takes the column's place"),
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> pairs{
    {{"mean", "std"}, {"min", "max"}, {"median", "iqr"}}};

void complete(scale_settings& s, yaml_section& from) {
  int given = 0;
  int whole = 0;
  for (const auto& [centre, width] : pairs) {
    const bool has_centre = from.find(centre) != nullptr;
    const bool has_width = from.find(width) != nullptr;
    given += has_centre || has_width ? 1 : 0;
    whole += has_centre && has_width ? 1 : 0;
  }
  if (given != 1 || whole != 1)
    from.report(from.at(), "a scale step needs 'mean' and 'std', or 'min' and 'max', or 'median' and 'iqr'");
  else if (s.min && s.max && *s.max <= *s.min)
    from.report(from.find("max")->at, "'max' is not above 'min'");
}

/// (x - centre) / width. A null stays one.
class to_scale final : public core::transform {
public:
  to_scale(core::column_id from, core::column_id into, double centre, double width) :
      from_{from}, into_{into}, centre_{centre}, width_{width} {}

  void apply(core::batch& b) const override {
    set_numbers(b, from_, into_, [centre = centre_, width = width_](double value) { return (value - centre) / width; });
  }

private:
  core::column_id from_;
  core::column_id into_;
  double centre_;
  double width_;
};

void bind(const scale_settings& s, binding& into) {
  const auto from = into.use(s.of, wanted::number);
  if (s.of.text.empty())
    return;
  const auto as = made_of(s.of, s.as, core::column_type::float64, into);
  const auto centre = s.mean ? s.mean : s.min ? s.min : s.median;
  const auto width = s.std ? *s.std : s.max ? *s.max - s.min.value_or(0) : s.iqr.value_or(1);
  if (from && centre)
    into.add(std::make_unique<to_scale>(*from, as, *centre, width));
}

} // namespace

constexpr step_kind scale = make_kind<scale_settings, scale_fields, bind, complete>(
    "scale", "a number less a centre, divided by a width", "{ scale: Amount, mean: 52.5, std: 20, as: amount_scaled }");

} // namespace weir::steps
