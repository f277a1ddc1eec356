#include "core/cluster/cluster_messages.hpp"

#include "core/base/byte_codec.hpp"

#include <algorithm>
#include <optional>

namespace weir::core {

namespace {

/// What a report or a view may have; a count beyond it is a broken frame, and nothing is allocated for it.
constexpr std::uint32_t most_entries = 100'000;

auto broken() {
  return fail("a message between nodes cannot be read", {}, "run one version of weir on all nodes of a pipeline");
}

std::string frame(frame_kind kind) {
  return {static_cast<char>(kind), static_cast<char>(cluster_protocol)};
}

void put_count(std::string& out, std::size_t count) {
  put(out, static_cast<std::uint32_t>(count));
}

/// A count, and as many entries.
template <class TakeOne>
bool take_each(byte_reader& in, TakeOne take_one) {
  std::uint32_t count = 0;
  if (!in.take(count) || count > most_entries)
    return false;
  for (std::uint32_t i = 0; i < count; ++i)
    if (!take_one())
      return false;
  return true;
}

bool travels(const lane_figure& f) {
  return (f.places & figure_place::cluster) != 0;
}

void put_lane(std::string& out, const lane_report& lane) {
  put(out, value_of(lane.partition));
  put(out, lane.active);
  put(out, lane.stalled);
  for (std::size_t i = 0; i < lane_figures().size(); ++i)
    if (travels(lane_figures()[i]))
      put(out, lane.figures.by_index[i]);
}

/// @param order which figure stands where; that of another version, which this one does not know, has no index
bool take_lane(byte_reader& in, const std::vector<std::optional<std::size_t>>& order, lane_report& lane) {
  std::int32_t partition = 0;
  if (!in.take(partition) || !in.take(lane.active) || !in.take(lane.stalled))
    return false;
  lane.partition = partition_id{partition};
  for (const auto& index : order) {
    std::int64_t unknown = 0;
    if (!in.take(index ? lane.figures.by_index[*index] : unknown))
      return false;
  }
  return partition >= 0;
}

/// The names of the figures, in front of the lanes: nodes of two versions may know different ones.
void put_figure_names(std::string& out) {
  put_count(out, static_cast<std::size_t>(std::ranges::count_if(lane_figures(), travels)));
  for (const auto& f : lane_figures())
    if (travels(f))
      put_text(out, f.name);
}

bool take_figure_name(byte_reader& in, std::vector<std::optional<std::size_t>>& order) {
  std::string name;
  if (!in.take_text(name))
    return false;
  const auto known = std::ranges::find(lane_figures(), name, &lane_figure::name);
  const bool is_ours = known != lane_figures().end() && travels(*known);
  order.push_back(is_ours ? std::optional{static_cast<std::size_t>(known - lane_figures().begin())} : std::nullopt);
  return true;
}

void put_report(std::string& out, const node_report& report) {
  put_text(out, report.node);
  put(out, report.incarnation);
  put_text(out, report.url);
  put(out, report.phase);
  put_text(out, report.reason);
  put(out, report.credit_bytes);
  put(out, report.resident_bytes);
  put(out, report.models);
  put(out, report.answer.number);
  put_text(out, report.answer.problem);
  put_count(out, report.contests.size());
  for (const auto& contest : report.contests) {
    put_text(out, contest.step);
    put(out, contest.figures);
  }
  put_figure_names(out);
  put_count(out, report.lanes.size());
  for (const auto& lane : report.lanes)
    put_lane(out, lane);
}

bool take_contest(byte_reader& in, contest_report& contest) {
  return in.take_text(contest.step) && in.take(contest.figures);
}

bool take_report(byte_reader& in, node_report& report) {
  std::vector<std::optional<std::size_t>> order;
  return in.take_text(report.node) && in.take(report.incarnation) && in.take_text(report.url) && in.take(report.phase)
         && report.phase <= node_phase::stopping && in.take_text(report.reason) && in.take(report.credit_bytes)
         && in.take(report.resident_bytes) && take(in, report.models) && in.take(report.answer.number)
         && in.take_text(report.answer.problem)
         && take_each(in, [&] { return take_contest(in, report.contests.emplace_back()); })
         && take_each(in, [&] { return take_figure_name(in, order); })
         && take_each(in, [&] { return take_lane(in, order, report.lanes.emplace_back()); });
}

void put_swap(std::string& out, const model_swap_view& models) {
  put(out, models.current);
  put(out, models.proposed.has_value());
  if (models.proposed)
    put(out, *models.proposed);
  put(out, models.wish);
  put_text(out, models.problem);
}

bool take_swap(byte_reader& in, model_swap_view& models) {
  bool is_proposed = false;
  if (!take(in, models.current) || !in.take(is_proposed))
    return false;
  if (is_proposed && !take(in, models.proposed.emplace()))
    return false;
  return in.take(models.wish) && in.take_text(models.problem);
}

bool take_goal(byte_reader& in, goal& wanted) {
  return in.take(wanted) && wanted <= last_goal;
}

bool take_value(byte_reader& in, std::pair<std::string, double>& value) {
  return in.take_text(value.first) && in.take(value.second);
}

bool take_firing(byte_reader& in, firing_rule& rule) {
  return in.take(rule.rule) && in.take(rule.state.since) && in.take(rule.state.said);
}

bool take_member(byte_reader& in, cluster_view::member& member) {
  return in.take(member.age_ms) && take_report(in, member.report);
}

bool take_window(byte_reader& in, std::map<partition_id, std::uint64_t>& windows) {
  std::int32_t partition = 0;
  return in.take(partition) && in.take(windows[partition_id{partition}]);
}

constexpr auto last_frame_kind = frame_kind::drift;

} // namespace

node_report report_of(node_report who, const node_watch& watch, std::uint64_t resident_bytes) {
  const auto state = watch.ready();
  const auto stalled = watch.stalled();
  who.phase = watch.phase();
  who.reason = state.ready ? std::string{} : state.reason;
  who.resident_bytes = resident_bytes;
  who.lanes.clear();
  for (const auto& lane : watch.lanes())
    who.lanes.push_back({.partition = lane.partition,
                         .active = lane.active,
                         .stalled = std::find(stalled.begin(), stalled.end(), lane.partition) != stalled.end(),
                         .figures = lane.figures});
  return who;
}

std::string encode(const node_report& report) {
  auto out = frame(frame_kind::report);
  put_report(out, report);
  return out;
}

std::string encode(const cluster_view& view) {
  auto out = frame(frame_kind::view);
  put(out, view.term);
  put_text(out, view.supervisor);
  put(out, view.wanted);
  put_count(out, view.values.size());
  for (const auto& [name, value] : view.values) {
    put_text(out, name);
    put(out, value);
  }
  put_count(out, view.firing.size());
  for (const auto& rule : view.firing) {
    put(out, rule.rule);
    put(out, rule.state.since);
    put(out, rule.state.said);
  }
  put_swap(out, view.models);
  put(out, view.drift_progress);
  put(out, view.drift);
  put_count(out, view.nodes.size());
  for (const auto& member : view.nodes) {
    put(out, member.age_ms);
    put_report(out, member.report);
  }
  put_count(out, view.windows.size());
  for (const auto& [partition, bytes] : view.windows) {
    put(out, value_of(partition));
    put(out, bytes);
  }
  return out;
}

std::string encode(goal requested) {
  auto out = frame(frame_kind::request);
  put(out, requested);
  return out;
}

std::string encode(const model_wish& wish) {
  auto out = frame(frame_kind::wish);
  put(out, wish);
  return out;
}

std::string frame_of_panes(std::string_view update) {
  return frame(frame_kind::panes).append(update);
}

std::string frame_of_drift(std::string_view update) {
  return frame(frame_kind::drift).append(update);
}

result<frame_view> open_frame(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[1] != cluster_protocol || bytes[0] < 1 || bytes[0] > static_cast<char>(last_frame_kind))
    return broken();
  return frame_view{static_cast<frame_kind>(bytes[0]), bytes.substr(2)};
}

result<node_report> decode_report(std::string_view content) {
  byte_reader in{content};
  node_report report;
  if (!take_report(in, report) || in.left() != 0)
    return broken();
  return report;
}

result<cluster_view> decode_view(std::string_view content) {
  byte_reader in{content};
  cluster_view view;
  if (!in.take(view.term) || !in.take_text(view.supervisor) || !take_goal(in, view.wanted)
      || !take_each(in, [&] { return take_value(in, view.values.emplace_back()); })
      || !take_each(in, [&] { return take_firing(in, view.firing.emplace_back()); }) || !take_swap(in, view.models)
      || !take(in, view.drift_progress) || !take(in, view.drift)
      || !take_each(in, [&] { return take_member(in, view.nodes.emplace_back()); })
      || !take_each(in, [&] { return take_window(in, view.windows); }) || in.left() != 0)
    return broken();
  return view;
}

result<goal> decode_request(std::string_view content) {
  byte_reader in{content};
  auto requested = goal::running;
  if (!take_goal(in, requested) || in.left() != 0)
    return broken();
  return requested;
}

result<model_wish> decode_wish(std::string_view content) {
  byte_reader in{content};
  model_wish wish;
  if (!take(in, wish) || in.left() != 0)
    return broken();
  return wish;
}

} // namespace weir::core
