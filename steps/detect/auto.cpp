#include "core/detect/auto_detector.hpp"
#include "core/detect/rarity_text.hpp"

#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

/// Of noise, one record in 10,000 has it. The ensemble's own threshold finds twice as much, and calls three of them.
struct auto_settings {
  keyed_columns columns;
  double threshold = 0.2;
};

constexpr auto auto_fields = join(
    std::array{
        field<&auto_settings::columns, &keyed_columns::of>("auto", "the column of numbers that is watched", required),
        field<&auto_settings::threshold>(
            "threshold",
            "an anomaly has this score at least: of noise 1 record in 10,000; 0.12 finds more, and calls 3",
            above(0) | between(0, 1))},
    memory_fields<&auto_settings::columns>,
    std::array{
        field<&auto_settings::columns, &keyed_columns::time>(
            "time",
            "the timestamp column, for what is usual at an hour of the day; default: the record's own (Kafka's)"),
        field<&auto_settings::columns, &keyed_columns::flag>("as", "boolean column: is it an anomaly", required),
        field<&auto_settings::columns, &keyed_columns::anomaly_score>(
            "anomaly_score", "double column: how rare the value is, from 0 to 1, 0.1 for each power of ten"),
        field<&auto_settings::columns, &keyed_columns::severity>(
            "severity",
            "text column: low, medium (rarer than 1 in 1e6), high (1e8) or critical (1e10); null without an anomaly"),
        field<&auto_settings::columns, &keyed_columns::reason>(
            "reason", "text column: why it is an anomaly, for people; null without one")});

void complete(auto_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

std::string reason_of(double x, const core::auto_verdict& said) {
  const auto expected = core::short_number(said.expected.value);
  const auto spread = core::short_number(said.expected.spread);
  switch (said.loudest) {
  case core::auto_expert::level: return "is far from " + expected + ", the level of the last values";
  case core::auto_expert::season: return "is far from " + expected + ", which is usual at this hour";
  case core::auto_expert::record:
    return (x > said.expected.value ? "is higher than " : "is lower than ") + expected
           + ", the record so far, of a range of " + spread;
  case core::auto_expert::distribution:
    return "ends a window that is spread otherwise than those before it, around " + expected;
  }
  return {};
}

class ensemble final : public core::keyed_operator {
public:
  explicit ensemble(const auto_settings& s) : threshold_{s.threshold}, column_{s.columns.of.text} {}

  std::size_t state_size() const noexcept override { return sizeof(core::auto_detector); }
  std::string state_layout() const override { return "auto"; }
  bool valid(const std::byte* state) const noexcept override {
    return reinterpret_cast<const core::auto_detector*>(state)->valid();
  }
  bool uses_time() const noexcept override { return true; }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    for (std::size_t i = 0; i < rows.size; ++i) {
      const auto x = rows.values[0][i];
      if (!std::isfinite(x) || rows.times[i] == core::keyed_rows::no_time) {
        give_no_score(into, i);
        continue;
      }
      const auto said = rows.state<core::auto_detector>(i).score(x, rows.times[i]);
      const bool is_anomalous = said.score >= threshold_;
      const auto probability = std::pow(10, -10 * said.score);
      give_score(into, i, said.score, is_anomalous);
      if (into.anomaly_score != nullptr)
        into.anomaly_score[i] = said.score;
      if (is_anomalous && into.severities != nullptr)
        into.severities[i] = core::severity_of(probability);
      if (is_anomalous && into.reasons != nullptr)
        into.reasons[i] =
            column_ + ' ' + core::short_number(x) + ' ' + reason_of(x, said) + core::rarity_text(probability);
    }
  }

private:
  double threshold_;
  std::string column_;
};

void bind(const auto_settings& s, binding& into) {
  into.add(std::make_shared<ensemble>(s), s.columns);
}

} // namespace

constexpr step_kind automatic = make_kind<auto_settings, auto_fields, bind, complete>(
    "auto", "anything odd in a series with times, without a parameter: an ensemble of level, hour, records and spread",
    "{ auto: Amount, by: CustomerID, time: Date, as: odd, anomaly_score: oddness, reason: why }");

} // namespace weir::steps
