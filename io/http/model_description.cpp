#include "io/http/model_description.hpp"

#include "core/cluster/contest_rules.hpp"
#include "io/json_document.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

namespace weir::io {

namespace {

/// What the nodes that have these models have counted, together.
std::optional<core::contest_figures> figures_of(const std::string& step, std::uint64_t choice,
                                                const core::cluster_view& view) {
  std::optional<core::contest_figures> sum;
  for (const auto& member : view.nodes)
    for (const auto& contest : member.report.contests)
      if (member.report.models.number == choice && contest.step == step)
        (sum ? *sum : sum.emplace()) += contest.figures;
  return sum;
}

void write_contest(json_document& out, const core::contest_figures& figures) {
  out.key("contest").begin_object();
  const auto values = core::contest_values(figures);
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.key(core::contest_column_table()[i].name);
    if (std::isnan(values[i]))
      out.null();
    else
      out.value(values[i]);
  }
  out.end_object();
}

void write_model(json_document& out, const models::model_slot& slot, const config::model_set& now, std::size_t index,
                 const core::cluster_view& view) {
  const auto* chosen = now.choice().of(slot.step());
  const auto& version = now.models()[index].version;
  out.begin_object().member("setting", "infer." + slot.step() + ".model").member("version", version);
  out.member("file", chosen != nullptr ? chosen->path : slot.file);
  out.member("chosen_by", chosen == nullptr ? "pipeline file" : chosen->is_pinned ? "operator" : "follow");
  if (const auto& what = now.contests()[index]->what(); what.challenger)
    out.member("challenger", what.challenger->scores_with().version()).member("canary", what.canary);
  if (const auto figures = figures_of(slot.step(), now.choice().number, view))
    write_contest(out, *figures);
  out.end_object();
}

/// What models that learn on have said, and what was true.
void write_learning(json_document& out, const std::vector<models::model_slot>& slots, const core::cluster_view& view) {
  std::map<std::string, core::contest_figures> steps;
  for (const auto& member : view.nodes)
    for (const auto& contest : member.report.contests)
      if (std::ranges::find(slots, contest.step, &models::model_slot::step) == slots.end())
        steps[contest.step] += contest.figures;
  out.key("learning").begin_array();
  for (const auto& [step, figures] : steps) {
    const auto& said = figures.champion;
    const auto n = static_cast<double>(said.truths);
    out.begin_object().member("step", step).member("rows", said.rows).member("truths", said.truths);
    // A regressor has no right labels, a classifier no distances.
    if (said.truths > 0 && said.correct == 0)
      out.member("rmse", std::sqrt(said.square_error / n)).member("mae", said.absolute_error / n);
    if (said.truths > 0 && said.square_error == 0)
      out.member("accuracy", static_cast<double>(said.correct) / n);
    out.end_object();
  }
  out.end_array();
}

void write_lane(json_document& out, const std::string& node, const core::lane_report& lane) {
  out.begin_object().member("partition", value_of(lane.partition)).member("node", node);
  out.member("choice", lane.figures["model_choice"]).key("from");
  const auto from = lane.figures["model_choice_from"];
  if (from == core::lane_stats::unknown)
    out.null();
  else
    out.value(from);
  out.end_object();
}

} // namespace

std::string wish_text(std::uint64_t id) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(id));
  return text.data();
}

std::string describe_models(const std::string& pipeline, const std::vector<models::model_slot>& slots,
                            const config::model_set& now, const core::cluster_view& view) {
  const auto& swap = view.models;
  json_document out;
  out.begin_object().member("pipeline", pipeline).member("choice", swap.current.number);
  out.key("models").begin_array();
  for (std::size_t i = 0; i < slots.size(); ++i)
    write_model(out, slots[i], now, i, view);
  out.end_array();
  write_learning(out, slots, view);
  out.member("wish", wish_text(swap.wish)).member("is_decided", !swap.proposed).key("problem");
  if (swap.problem.empty())
    out.null();
  else
    out.value(swap.problem);
  out.key("lanes").begin_array();
  for (const auto& member : view.nodes)
    for (const auto& lane : member.report.lanes)
      if (lane.active)
        write_lane(out, member.report.node, lane);
  out.end_array().end_object();
  return out.text();
}

} // namespace weir::io
