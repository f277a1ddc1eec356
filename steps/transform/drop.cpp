#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct drop_settings {
  std::vector<column_name> columns;
};

constexpr std::array drop_fields{
    field<&drop_settings::columns>("drop", "columns that no later step sees, and that are not written", required),
};

void bind(const drop_settings& s, binding& into) {
  for (const auto& name : s.columns)
    if (const auto id = into.use(name))
      into.take_away(*id);
}

} // namespace

constexpr step_kind drop =
    make_kind<drop_settings, drop_fields, bind>("drop", "takes columns away", "{ drop: [Age, Device] }");

} // namespace weir::steps
