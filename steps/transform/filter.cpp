#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct filter_settings {
  expression_text when;
};

constexpr std::array filter_fields{
    field<&filter_settings::when>(
        "filter", "keeps the records for which it is true, not those for which it is false or null", required),
};

class keep_if final : public core::transform {
public:
  explicit keep_if(core::expression when) : when_{std::move(when)} {}

  void apply(core::batch& b) const override {
    std::vector<core::row_index> kept;
    kept.reserve(b.rows.size());
    when_.select(b, kept);
    keep(b, std::move(kept));
  }

private:
  core::expression when_;
};

void bind(const filter_settings& s, binding& into) {
  auto when = into.expression(s.when);
  if (!when)
    return;
  if (when->type() == core::column_type::boolean)
    into.add(std::make_unique<keep_if>(*std::move(when)));
  else
    into.report(s.when.at, "a filter must be true or false, this is a " + std::string{to_string(when->type())});
}

} // namespace

constexpr step_kind filter = make_kind<filter_settings, filter_fields, bind>(
    "filter", "keeps the records for which an expression is true", "{ filter: Amount > 50 }");

} // namespace weir::steps
