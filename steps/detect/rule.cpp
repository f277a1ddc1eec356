#include "config/binding.hpp"
#include "config/pipeline.hpp"
#include "core/batch/made_columns.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "steps/kinds.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::steps {

namespace {

using namespace config;
using core::batch;
using core::column_id;
using core::column_type;

struct rule_settings {
  expression_text when;
  severity level = severity::medium;
  new_column as;
  new_column severity_as;
  new_column reason;
};

constexpr std::array rule_fields{
    field<&rule_settings::when>(
        "rule", "a record for which it is true is an anomaly; it reads all columns that are made above it", required),
    field<&rule_settings::level>("level", "how bad that is"),
    field<&rule_settings::as>("as", "boolean column: is it an anomaly; null where the rule is", required),
    field<&rule_settings::severity_as>("severity", "text column: the level; null without an anomaly"),
    field<&rule_settings::reason>("reason", "text column: the rule, for people; null without an anomaly"),
};

/// A rule at its place in a pipeline. A column that is absent is not made.
struct bound_rule {
  core::expression when;
  std::shared_ptr<const std::string> level;
  std::shared_ptr<const std::string> text; ///< what `reason` says
  column_id as = 0;
  std::optional<column_id> severity{};
  std::optional<column_id> reason{};
};

/// Has no state: it only stands where its columns are there.
class rule_operator final : public core::ordered_operator {
public:
  explicit rule_operator(std::shared_ptr<const bound_rule> what) : what_{std::move(what)} {}

  std::uint8_t tag() const noexcept override { return static_cast<std::uint8_t>(state_tag::paged); }
  bool owns(std::string_view) const noexcept override { return false; }
  void collect_changes(core::record_block&) override {}
  core::result<void> restore(std::string_view, const std::string_view*) override { return {}; }

  void process(batch& b) override {
    const auto truth = what_->when.evaluate(b);
    core::set_column(b, what_->as, truth);
    if (what_->severity)
      core::set_column(b, *what_->severity, said(b, *truth, what_->level));
    if (what_->reason)
      core::set_column(b, *what_->reason, said(b, *truth, what_->text));
  }

private:
  /// The text where the rule is true, null elsewhere.
  static core::column_ptr said(const batch& b, const core::column& truth,
                               const std::shared_ptr<const std::string>& text) {
    auto made = std::make_shared<core::column>();
    made->type = column_type::string;
    made->text.resize(b.raw->size());
    made->null.assign(b.raw->size(), 1);
    made->arena = text;
    for (const auto row : b.rows)
      if (!truth.is_null(row) && truth.i64[row] != 0) {
        made->text[row] = *text;
        made->null[row] = 0;
      }
    return made;
  }

  std::shared_ptr<const bound_rule> what_;
};

std::shared_ptr<const std::string> word_of(severity level) {
  return std::make_shared<const std::string>(std::get<std::string>(show_value(level).data));
}

void bind(const rule_settings& s, binding& into) {
  auto when = into.expression_of_any_type(s.when);
  const auto as = into.make(s.as, column_type::boolean);
  const auto severity_as = into.make_if_named(s.severity_as, column_type::string);
  const auto reason = into.make_if_named(s.reason, column_type::string);
  if (!when)
    return;
  if (when->type() != column_type::boolean)
    return into.report(s.when.at, "a rule must be true or false, this is a " + std::string{to_string(when->type())});
  auto text = std::make_shared<const std::string>(s.when.hidden ? "the rule is true" : s.when.text);
  const auto what = std::make_shared<const bound_rule>(
      bound_rule{*std::move(when), word_of(s.level), std::move(text), as, severity_as, reason});
  into.add_paged({{s.as.text}, [what](std::uint64_t) { return std::make_shared<rule_operator>(what); }});
}

} // namespace

constexpr step_kind rule = make_kind<rule_settings, rule_fields, bind>(
    "rule", "records for which an expression is true", "{ rule: Amount > 5000 and Device = 'web', as: suspicious }");

} // namespace weir::steps
