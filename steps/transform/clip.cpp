#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

#include <limits>

namespace weir::steps {

namespace {

using namespace config;

struct clip_settings {
  column_name of;
  std::optional<double> min;
  std::optional<double> max;
  new_column as;
};

constexpr std::array clip_fields{
    field<&clip_settings::of>("clip", "a column of numbers", required),
    field<&clip_settings::min>("min", "what lies below becomes this"),
    field<&clip_settings::max>("max", "what lies above becomes this"),
    field<&clip_settings::as>("as", "a new column for it; default: it takes the column's place"),
};

void complete(clip_settings& s, yaml_section& from) {
  if (!s.min && !s.max)
    from.report(from.at(), "a clip step needs 'min' or 'max'");
  else if (s.min && s.max && *s.max < *s.min)
    from.report(from.find("max")->at, "'max' is below 'min'");
}

/// A null stays one; so does NaN.
class to_range final : public core::transform {
public:
  to_range(core::column_id from, core::column_id into, double least, double most) :
      from_{from}, into_{into}, least_{least}, most_{most} {}

  void apply(core::batch& b) const override {
    set_numbers(b, from_, into_, [least = least_, most = most_](double value) {
      return value < least ? least : value > most ? most : value;
    });
  }

private:
  core::column_id from_;
  core::column_id into_;
  double least_;
  double most_;
};

void bind(const clip_settings& s, binding& into) {
  const auto from = into.use(s.of, wanted::number);
  if (s.of.text.empty())
    return;
  const auto as = made_of(s.of, s.as, core::column_type::float64, into);
  constexpr auto far = std::numeric_limits<double>::infinity();
  if (from)
    into.add(std::make_unique<to_range>(*from, as, s.min.value_or(-far), s.max.value_or(far)));
}

} // namespace

constexpr step_kind clip = make_kind<clip_settings, clip_fields, bind, complete>(
    "clip", "a number, but no less and no more than its bounds", "{ clip: Amount, min: 0, max: 10000 }");

} // namespace weir::steps
