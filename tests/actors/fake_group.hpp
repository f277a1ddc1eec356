#pragma once

#include "fake_io.hpp"
#include "io/committed_states.hpp"
#include "io/consumer_group.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::actors::test {

/// A consumer group in which the test decides what happens: it pushes events, and sees what was made of them.
class fake_group final : public io::consumer_group {
public:
  void on_event(std::function<void()> wake_up) override { wake = std::move(wake_up); }
  core::result<void> subscribe() override {
    ++subscribed;
    is_member = true;
    return {};
  }
  void unsubscribe() override { is_member = false; }
  io::group_event poll() override {
    if (events.empty())
      return {};
    auto event = events.front();
    events.pop_front();
    return event;
  }
  io::record_source_ptr partition(core::partition_id id) override {
    return make_source ? make_source(id) : std::make_unique<fake_source>();
  }
  core::result<void> assign(const std::vector<core::partition_offset>& from, bool with_control) override {
    assigned = from;
    if (on_assign)
      on_assign();
    has_control = with_control;
    ++assigns;
    return {};
  }
  void unassign() override {
    assigned.clear();
    has_control = false;
    ++unassigns;
  }
  core::result<std::vector<core::group_place>> places(const std::vector<core::partition_id>& partitions,
                                                      std::chrono::milliseconds) override {
    std::vector<core::group_place> out;
    for (const auto id : partitions)
      out.push_back({id, offsets.contains(id) ? std::optional{offsets.at(id)} : std::nullopt, log_start, log_end});
    return out;
  }
  bool is_answered(std::chrono::milliseconds) override { return answers; }
  std::optional<std::string> earlier_double() override { return double_of_this; }
  void close(std::chrono::milliseconds) override { is_closed = true; }

  /// The group has decided; partitions are of the topic `in`.
  void push(io::group_event::kind what, const std::vector<std::int32_t>& partitions = {}, bool control = false) {
    io::group_event event;
    event.what = what;
    for (const auto id : partitions)
      event.partitions.push_back({"in", core::partition_id{id}});
    if (control)
      event.partitions.push_back({"p-control", core::partition_id{0}});
    events.push_back(std::move(event));
    wake();
  }

  std::function<io::record_source_ptr(core::partition_id)> make_source; ///< empty: partitions have no records
  std::function<void()> on_assign;
  std::function<void()> wake;
  std::deque<io::group_event> events;
  std::map<core::partition_id, core::offset> offsets; ///< committed
  core::offset log_start{0}, log_end{1000};           ///< of every partition
  bool answers = true;                                ///< the broker
  std::optional<std::string> double_of_this;

  std::vector<core::partition_offset> assigned;
  bool has_control = false;
  bool is_member = false;
  bool is_closed = false;
  int subscribed = 0, assigns = 0, unassigns = 0;
};

/// Committed states in memory.
class fake_states final : public io::committed_states {
public:
  core::result<std::vector<io::restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                        std::chrono::milliseconds) override {
    ++restores;
    if (failures > 0) {
      --failures;
      return core::fail("the state topic cannot be read");
    }
    std::vector<io::restored_state> out;
    for (const auto id : partitions)
      out.push_back({id, known.contains(id) ? known.at(id) : core::offset{}, known.contains(id), {}});
    return out;
  }

  std::map<core::partition_id, core::offset> known;
  int failures = 0; ///< attempts that fail
  int restores = 0;
};

} // namespace weir::actors::test
