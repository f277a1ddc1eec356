#include "cli/promotion.hpp"

#include "cli/learning.hpp"
#include "cli/measures.hpp"
#include "core/batch/made_columns.hpp"
#include "core/expression/expression.hpp"
#include "models/registry/registered_model.hpp"

#include <cmath>
#include <limits>

namespace weir::cli {

namespace {

/// What cannot be told is null.
core::batch record_of(std::vector<double> values) {
  for (auto& value : values)
    value = std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
  return core::one_record(values);
}

core::result<bool> has_alias(const config::training_registration& to) {
  if (!models::registered_model::is_at(to.model.text))
    return false;
  const auto aliases =
      models::registered_model::open(to.model.text).and_then([](const auto& m) { return m.aliases(); });
  if (!aliases)
    return tl::unexpected{aliases.error()};
  return aliases->contains(to.alias.text);
}

core::result<promotion> compare(const config::training& of, const measured_model& fresh, const measured_model& old,
                                const std::string& old_version) {
  const auto columns = config::promotion_columns(config::learns_classes(of));
  const auto rule = core::expression::bind(columns, of.to->when.text);
  if (!rule)
    return tl::unexpected{rule.error()};
  std::vector<double> values;
  for (const auto* side : {&fresh, &old})
    for (const auto& one : measures_of(side->measures))
      values.push_back(one.value);
  const auto is_true = rule->evaluate(record_of(values));
  promotion made;
  made.promotes = !is_true->is_null(0) && is_true->i64[0] != 0;
  std::vector<core::column_id> used;
  rule->collect_columns(used);
  for (const auto id : used) {
    made.figures.emplace_back(columns[id].name, values[id]);
    made.why += columns[id].name + " " + shown(values[id]) + ", ";
  }
  made.why += "on " + std::to_string(old.rows.size()) + " rows, old is " + old_version;
  return made;
}

} // namespace

core::result<promotion> decide(const config::training& of, const models::model& fresh,
                               const models::training_data& judged) {
  const auto& to = *of.to;
  const auto is_there = has_alias(to);
  if (!is_there)
    return tl::unexpected{is_there.error()};
  if (!*is_there)
    return promotion{true, "'" + to.alias.text + "' names no version yet", {}};
  const auto reference = to.model.text + "@" + to.alias.text;
  const auto old = models::model::load(reference);
  if (!old)
    return tl::unexpected{old.error()};
  auto of_old = measure(**old, judged);
  if (!of_old)
    return core::fail("cannot compare with the model that it would replace: " + of_old.error().what, reference,
                      "promote a new version once by hand: weir models promote");
  return measure(fresh, pick(judged, of_old->rows)).and_then([&](const measured_model& of_new) {
    return compare(of, of_new, *of_old, (*old)->version());
  });
}

} // namespace weir::cli
