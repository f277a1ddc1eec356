#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct validate_settings {
  std::vector<located> rules;
};

constexpr std::array validate_fields{
    field<&validate_settings::rules>(
        "validate",
        "expressions, one or a list; a record for which one is false is a dead letter that "
        "names all that are; null is not false, as in a CHECK of SQL",
        required),
};

class check_rules final : public core::transform {
public:
  struct rule {
    core::expression holds;
    std::string text;
  };

  explicit check_rules(std::vector<rule> rules) : rules_{std::move(rules)} {}

  void apply(core::batch& b) const override {
    std::vector<std::string> broken;
    for (const auto& one : rules_) {
      const auto truth = one.holds.evaluate(b);
      for (const auto row : b.rows)
        if (!truth->is_null(row) && truth->i64[row] == 0) {
          broken.resize(b.raw->size());
          broken[row] += (broken[row].empty() ? "" : "; ") + ("not true: " + one.text);
        }
    }
    if (broken.empty())
      return;
    std::vector<std::pair<core::row_index, std::string>> refused;
    for (const auto row : b.rows)
      if (!broken[row].empty())
        refused.emplace_back(row, std::move(broken[row]));
    reject(b, std::move(refused));
  }

private:
  std::vector<rule> rules_;
};

void bind(const validate_settings& s, binding& into) {
  std::vector<check_rules::rule> rules;
  for (const auto& text : s.rules) {
    auto holds = into.expression(expression_text{text});
    if (!holds)
      continue;
    if (holds->type() != core::column_type::boolean)
      into.report(text.at, "a rule is true or false, this is a " + std::string{to_string(holds->type())});
    else
      rules.push_back({*std::move(holds), text.text});
  }
  into.add(std::make_unique<check_rules>(std::move(rules)));
}

} // namespace

constexpr step_kind validate = make_kind<validate_settings, validate_fields, bind>(
    "validate", "refuses records that break a rule", "{ validate: [Amount > 0, \"Age between 0 and 120\"] }");

} // namespace weir::steps
