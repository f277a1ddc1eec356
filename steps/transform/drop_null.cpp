#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct drop_null_settings {
  std::vector<column_name> columns;
};

constexpr std::array drop_null_fields{
    field<&drop_null_settings::columns>("drop_null", "drops the records with a null in any of these columns", required),
};

class drop_if_null final : public core::transform {
public:
  explicit drop_if_null(std::vector<core::column_id> columns) : columns_{std::move(columns)} {}

  void apply(core::batch& b) const override {
    auto kept = b.rows;
    for (const auto id : columns_)
      if (const auto& c = b.at(id); !c.null.empty())
        std::erase_if(kept, [&](core::row_index row) { return c.null[row] != 0; });
    keep(b, std::move(kept));
  }

private:
  std::vector<core::column_id> columns_;
};

void bind(const drop_null_settings& s, binding& into) {
  std::vector<core::column_id> ids;
  for (const auto& name : s.columns)
    if (const auto id = into.use(name))
      ids.push_back(*id);
  into.add(std::make_unique<drop_if_null>(std::move(ids)));
}

} // namespace

constexpr step_kind drop_null = make_kind<drop_null_settings, drop_null_fields, bind>(
    "drop_null", "drops records with a null", "{ drop_null: [Amount, Age] }");

} // namespace weir::steps
