#pragma once

#include "core/commit/node_lifecycle.hpp"
#include "core/commit/take_up.hpp"
#include "simulated_lane.hpp"
#include "simulated_mailbox.hpp"
#include "simulated_producer.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace weir::core {

/// Restores the states of a node's partitions from the simulated broker, bit by bit, and then asks for its offsets. An
/// attempt that is over goes on beside the next one, and is answered.
class simulated_restore {
public:
  simulated_restore(simulated_world& world, take_up& partitions) : world_{world}, partitions_{partitions} {}

  void begin(std::uint64_t number, const std::vector<partition_id>& of);
  void ask_places(std::uint64_t number, const std::vector<partition_id>& of);
  void step();

  /// Of the question that was answered last.
  const changelog_replay& replay_of(partition_id partition) const { return replays_.at(partition); }

private:
  /// One of the two questions.
  struct question {
    std::uint64_t number = 0;
    bool is_of_offsets = false;
    std::vector<partition_id> partitions;
    instant due{};
    instant stands_since{};
  };

  bool answer(question& asked);
  bool read_states(question& asked);
  bool read_offsets(const question& asked);
  std::uint64_t number_of(const question& asked) const;

  simulated_world& world_;
  take_up& partitions_;
  std::deque<question> questions_;
  std::uint64_t last_ = 0; ///< number of the newest attempt
  std::map<partition_id, changelog_replay> replays_;
};

/// One process: the classes under test, core::node_lifecycle, take_up, commit_protocol and lane_output, wired together
/// by messages that take their time, between a simulated producer, a simulated group and simulated lanes. It does what
/// actors/node, consumer and committer do round them, and no more.
class simulated_node final : commit_lanes, node_commands, take_up_commands, simulated_lane_world {
public:
  simulated_node(simulated_world& world, int number);

  bool up() const { return alive_.has_value(); }
  void crash();
  void step();

  /// An operator, or a signal.
  void want(goal wanted);

  // The group's side.
  void assign(const std::set<int>& partitions);
  void revoke();
  bool has_given_back() const { return given_back_; }
  /// The session is over for the group; the node will hear of it.
  void lose_session();
  bool wants_to_join() const { return up() && member_ && !joined_ && !losing_ && given_back_; }
  void admit() { joined_ = true; }
  bool joined() const { return joined_; }

  int number() const { return number_; }

private:
  /// What dies with the process.
  struct life {
    life(simulated_node& node, simulated_world& world);

    commit_protocol protocol;
    node_lifecycle lifecycle;
    take_up partitions;
    simulated_restore restore;
    simulated_mailbox to_node, to_committer, from_lanes, to_lanes, to_consumer, from_group;
    std::map<int, simulated_lane> lanes;
    std::vector<simulated_lane::begin> pending; ///< lanes that wait for the transaction
    std::optional<instant> lanes_end_at;
    bool renew = true;
    bool held = false;
    bool over = false;
  };

  void start();
  void start_committer();
  void add_lane(const simulated_lane::begin& from);
  void report(int partition, std::uint64_t serial, std::uint64_t ticket, bool ok);

  // commit_lanes
  void cut(partition_id partition, epoch at, bool last) override;
  void release(partition_id partition, epoch at, bool last) override;
  void rewind(bool renew) override;
  void finished(bool complete, bool renew) override;
  void fenced_again() override;
  // node_commands
  void open_transaction() override;
  bool start_lanes() override;
  void hold_lanes(bool on) override;
  void finish_lanes(std::chrono::milliseconds within) override;
  void lose_lanes() override;
  bool end_lanes() override;
  void join_source() override;
  void give_back(std::uint64_t round) override;
  void leave_source(std::uint64_t round) override;
  void show(goal, bool) override {}
  void shut_down() override;
  // take_up_commands
  void restore(std::uint64_t number, const std::vector<partition_id>& partitions) override;
  void ask_places(std::uint64_t number, const std::vector<partition_id>& partitions) override;
  void retry_later(std::uint64_t number, const error& why) override;
  void give_up(const error& why) override;
  void start_lanes(std::uint64_t round, const std::vector<lane_origin>& lanes) override;
  void end_lanes(bool lost) override;
  void fetch(const std::vector<partition_offset>& from, bool with_control) override;
  void let_go() override;
  void join() override;
  void leave() override;
  void lead(bool) override {}
  void know_lanes(bool) override {}
  // simulated_lane_world
  void produce(int partition, std::uint64_t serial, simulated_broker::topic to, const simulated_broker::record& r,
               std::uint64_t ticket, bool last) override;
  void arrived(int partition, epoch at) override;
  void done(int partition, epoch at, std::int64_t next, bool changed) override;
  void failed() override;

  simulated_world& world_;
  int number_;
  simulated_producer producer_;
  std::optional<life> alive_;
  std::uint64_t serials_ = 0;
  instant start_at_{};

  // what the group's client knows
  bool member_ = false; ///< the node wants to be one
  bool joined_ = false; ///< the group takes it for one
  bool losing_ = false; ///< it has lost the session, and has not heard of it
  bool given_back_ = true;
};

} // namespace weir::core
