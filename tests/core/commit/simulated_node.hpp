#pragma once

#include "core/stats/ledger.hpp"
#include "simulated_world.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>

namespace weir::core {

/// A lane: a reader with credit, a stage that folds the inputs into a state, and an emitter, with random delays between
/// them. The emitter does what actors/emitter.cpp does.
struct simulated_lane {
  struct item {
    std::int64_t first = 0, end = 0; ///< a batch: inputs [first, end)
    std::vector<std::pair<std::int64_t, std::uint64_t>> outputs;
    bool barrier = false;
    bool last = false;
    epoch at{};
    std::uint64_t state = 0; ///< a barrier's delta
    instant due{};
  };
  struct command {
    bool cut = false; ///< else release
    epoch at{};
    bool last = false;
    instant due{};
  };

  int partition = 0;
  std::uint64_t serial = 0; ///< of the lanes of a node
  std::deque<command> inbox;
  // reader
  std::int64_t read = 0;
  bool reading = true;
  // fold
  std::deque<item> to_fold;
  std::uint64_t state = 0;
  // emitter
  std::deque<item> to_emit;
  std::deque<item> held;
  bool open = false;
  bool ended = false;
  bool frozen = false; ///< its done() is on the way or there: nothing may be produced until the release
  bool noted = false;
  std::optional<item> waiting;
  std::uint64_t waiting_below = 0;
  bool changelog_out = false;
  std::set<std::uint64_t> tickets;
  std::uint64_t next_ticket = 0;
  std::int64_t committed = 0, next = 0;
  std::uint64_t running = 0, running_kept = 0, cut = 0, cut_kept = 0;
  ledger books;

  std::size_t in_flight() const { return to_fold.size() + to_emit.size() + held.size() + tickets.size(); }
};

/// One process: the protocol under test between a simulated producer and simulated lanes, driven as actors/committer,
/// consumer and node drive it.
class simulated_node final : commit_broker, commit_lanes {
public:
  simulated_node(simulated_world& world, int number) : world_{world}, number_{number} {}

  bool up() const { return protocol_.has_value(); }
  void start();
  void crash();
  void step();

  // The group's side.
  void assign(const std::set<int>& partitions);
  void revoke();
  bool has_given_back() const { return given_back_; }
  /// The session is over for the group; the node will hear of it.
  void lose_session();
  bool wants_to_join() const { return up() && !joined_ && !lost_at_ && !leaving_ && given_back_ && !lanes_end_at_; }
  void join() { joined_ = true; }
  bool joined() const { return joined_; }
  void shut_down();

  int number() const { return number_; }

private:
  enum class ending : std::uint8_t { none, rebuild, give_back };

  struct message {
    instant due{};
    bool failed = false; ///< else a done
    int partition = 0;
    epoch at{};
    std::int64_t next = 0;
    bool changed = false;
  };
  struct wired {
    instant due{};
    simulated_broker::topic to{};
    int partition = 0;
    simulated_broker::record what;
    std::uint64_t serial = 0;
    std::uint64_t ticket = 0;
    bool last = false; ///< of its ticket
    bool fails = false;
  };
  struct restoring {
    instant since{};
    instant due{};
    bool state_read = false;
    std::optional<simulated_broker::record> marker;
  };

  // commit_broker
  broker_answer begin() override;
  broker_answer send_offsets(const std::vector<partition_offset>& offsets) override;
  broker_answer commit() override;
  broker_answer abort() override;
  // commit_lanes
  void cut(partition_id partition, epoch at, bool last) override;
  void release(partition_id partition, epoch at, bool last) override;
  void rewind(bool renew) override;
  void finished(bool complete, bool renew) override;
  void usurped() override;

  bool transactional() const { return world_.kept_promise == promise::exactly_once; }
  broker_answer end(bool commit);
  void command(partition_id partition, bool cut, epoch at, bool last);
  void step_restore();
  bool restore(int partition, restoring& work);
  void add_lane(int partition, std::int64_t next, std::uint64_t state);
  void step_lane(simulated_lane& lane);
  void read_some(simulated_lane& lane);
  void fold(simulated_lane& lane, simulated_lane::item i);
  void handle(simulated_lane& lane, simulated_lane::item i);
  void emit(simulated_lane& lane, const simulated_lane::item& i);
  void write_changes(simulated_lane& lane);
  void report_done(simulated_lane& lane);
  void release_lane(simulated_lane& lane, bool last);
  void written(simulated_lane& lane, std::uint64_t ticket, bool ok);
  void produce(simulated_lane& lane, simulated_broker::topic to, const simulated_broker::record& r,
               std::uint64_t ticket, bool last);
  void deliver(const wired& w);
  void step_wire(bool all);
  void tell(message m);
  void lanes_have_ended();

  simulated_world& world_;
  int number_;
  std::optional<commit_protocol> protocol_;
  simulated_broker::producer producer_;
  bool renew_ = true;
  bool in_transaction_ = false;
  bool tainted_ = false;    ///< a delivery of the open transaction has failed
  bool committing_ = false; ///< a commit was asked for, its outcome is not known
  std::deque<wired> wire_;
  std::map<std::pair<simulated_broker::topic, int>, instant> wire_last_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> spoiled_; ///< lane and ticket of which a record has failed
  std::deque<message> inbox_;
  std::map<int, simulated_lane> lanes_;
  std::map<int, restoring> restoring_;
  std::uint64_t serials_ = 0;

  std::set<int> owned_;
  int generation_ = 0;
  bool joined_ = false;
  bool given_back_ = true;
  bool revoking_ = false;
  bool leaving_ = false;
  bool dying_ = false;
  ending then_ = ending::none;
  std::optional<instant> lanes_end_at_;
  std::optional<instant> lost_at_;
  std::optional<instant> finish_until_;
  instant start_at_{};
};

} // namespace weir::core
