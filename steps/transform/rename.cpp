#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct rename_settings {
  column_name from;
  new_column to;
};

constexpr std::array rename_fields{
    field<&rename_settings::from>("rename", "the column; nothing has its old name any more", required),
    field<&rename_settings::to>("to", "its new name", required),
};

/// The values are shared, not copied.
class give_name final : public core::transform {
public:
  give_name(core::column_id from, core::column_id to) : from_{from}, to_{to} {}

  void apply(core::batch& b) const override { core::set_column(b, to_, b.columns[from_]); }

private:
  core::column_id from_;
  core::column_id to_;
};

void bind(const rename_settings& s, binding& into) {
  const auto from = into.use(s.from);
  if (from)
    into.take_away(*from);
  const auto to = into.make(s.to, from ? std::optional{into.type_of(*from)} : std::nullopt);
  if (from)
    into.add(std::make_unique<give_name>(*from, to));
}

} // namespace

constexpr step_kind rename = make_kind<rename_settings, rename_fields, bind>("rename", "gives a column another name",
                                                                             "{ rename: Amount, to: amount_eur }");

} // namespace weir::steps
