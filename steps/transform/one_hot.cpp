#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct one_hot_settings {
  column_name of;
  labelled_columns columns;
};

constexpr std::array one_hot_fields{
    field<&one_hot_settings::of>("one_hot", "a column of texts", required),
    field<&one_hot_settings::columns>(
        "columns", "for each category a new column, 1 where the text is that and 0 where it is another", required),
};

/// A null is null in all columns.
class is_category final : public core::transform {
public:
  is_category(core::column_id from, std::string category, core::column_id into) :
      from_{from}, into_{into}, category_{std::move(category)} {}

  void apply(core::batch& b) const override {
    const auto& from = b.at(from_);
    auto made = std::make_shared<core::column>();
    made->type = core::column_type::int64;
    made->null = from.null;
    made->i64.resize(from.text.size());
    for (std::size_t i = 0; i < made->i64.size(); ++i)
      made->i64[i] = from.text[i] == category_ ? 1 : 0;
    core::set_column(b, into_, std::move(made));
  }

private:
  core::column_id from_;
  core::column_id into_;
  std::string category_;
};

void bind(const one_hot_settings& s, binding& into) {
  const auto from = into.use(s.of, wanted::text);
  for (const auto& [category, name] : s.columns) {
    const auto as = into.make(name, core::column_type::int64);
    if (from)
      into.add(std::make_unique<is_category>(*from, category.text, as));
  }
}

} // namespace

constexpr step_kind one_hot = make_kind<one_hot_settings, one_hot_fields, bind>(
    "one_hot", "a column of zeros and ones for each category of a text",
    "{ one_hot: Device, columns: { atm: is_atm, mobile: is_mobile } }");

} // namespace weir::steps
