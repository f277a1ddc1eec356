#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct derive_settings {
  named_expressions columns;
};

constexpr std::array derive_fields{
    field<&derive_settings::columns>(
        "derive", "new columns and their expressions, in order; each may use those before it", required),
};

class compute final : public core::transform {
public:
  compute(core::expression value, core::column_id into) : value_{std::move(value)}, into_{into} {}

  void apply(core::batch& b) const override { core::set_column(b, into_, value_.evaluate(b)); }

private:
  core::expression value_;
  core::column_id into_;
};

void bind(const derive_settings& s, binding& into) {
  for (const auto& [name, text] : s.columns) {
    auto value = into.expression(text);
    const auto id = into.make_or_replace(name, value ? std::optional{value->type()} : std::nullopt);
    if (value)
      into.add(std::make_unique<compute>(*std::move(value), id));
  }
}

} // namespace

constexpr step_kind derive = make_kind<derive_settings, derive_fields, bind>(
    "derive", "new columns from expressions", "{ derive: { hour: hour(Date), ratio: Amount / Age } }");

} // namespace weir::steps
