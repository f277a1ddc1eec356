#include "steps/detect/outlier_fields.hpp"

#include "steps/detect/outlier_operator.hpp"

namespace weir::steps {

using core::column_type;

void bind_outlier_detector(const outlier_columns& columns, std::string_view kind, std::string options,
                           const std::function<models::online::outlier_learner_ptr(std::size_t inputs)>& make,
                           config::binding& into) {
  const auto& names = columns.common.columns;
  outlier_detector what{.learner = make(std::max<std::size_t>(columns.inputs.size(), 1)),
                        .verdicts = verdicts_of(columns.common, {}),
                        .kind = std::string{kind},
                        .options = std::move(options),
                        .inputs = {}};
  bool is_known = true;
  for (const auto& input : columns.inputs) {
    const auto id = into.use(input, config::wanted::number);
    is_known &= id.has_value() && !into.is_unknown(id);
    what.inputs.emplace_back(id.value_or(0), input.text);
  }
  if (names.by) {
    what.by = into.use(*names.by, config::wanted::key);
    what.by_name = names.by->text;
    what.max_keys = names.max_keys.value_or(config::usual_max_keys);
    is_known &= what.by.has_value();
  }
  if (names.time) {
    what.time = into.use(*names.time, config::wanted::timestamp);
    is_known &= what.time.has_value();
  }
  what.as = into.make(names.flag, column_type::boolean);
  what.as_name = names.flag.text;
  what.score = into.make_if_named(names.value, column_type::float64);
  what.anomaly_score = into.make_if_named(names.anomaly_score, column_type::float64);
  what.severity = into.make_if_named(names.severity, column_type::string);
  what.reason = into.make_if_named(names.reason, column_type::string);
  what.table = into.next_paged_table();
  if (is_known)
    into.add_paged(outlier_step(std::move(what)));
}

} // namespace weir::steps
