#pragma once

#include "core/commit/lane_output.hpp"
#include "core/stats/ledger.hpp"
#include "simulated_world.hpp"

#include <deque>
#include <functional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

namespace weir::core {

struct simulated_batch {
  std::int64_t first = 0, end = 0; ///< inputs [first, end)
  std::vector<std::pair<std::int64_t, std::uint64_t>> outputs;
};

struct simulated_barrier {
  epoch at{};
  std::int64_t end = 0;
  std::vector<simulated_broker::record> changes;
};

/// What a lane's records and messages go to.
class simulated_lane_world {
public:
  virtual ~simulated_lane_world() = default;

  /// Its delivery is reported by written() of the lane, when it is the `last` of its ticket.
  virtual void produce(int partition, std::uint64_t serial, simulated_broker::topic to,
                       const simulated_broker::record& r, std::uint64_t ticket, bool last) = 0;
  virtual void arrived(int partition, epoch at) = 0;
  virtual void done(int partition, epoch at, std::int64_t next, bool changed) = 0;
  virtual void failed() = 0;
};

/// A lane: a reader with credit, a stage that folds the inputs into a state by key, and the real core::lane_output,
/// with random delays between them.
class simulated_lane final : lane_output_commands<simulated_batch, simulated_barrier> {
public:
  struct begin {
    int partition = 0;
    std::uint64_t serial = 0; ///< of the lanes of a node
    std::int64_t next = 0;
    simulated_world::lane_state state{};
  };

  static constexpr std::uint64_t changelog_ticket = ~std::uint64_t{0};

  simulated_lane(simulated_world& world, simulated_lane_world& around, int node, begin from);

  void cut(epoch at, bool last);
  void release(bool last);
  void fetch() { fetching_ = true; }
  void hold(bool on) { held_ = on; }
  void step();
  void written(std::uint64_t ticket, bool ok);

  std::uint64_t serial() const { return from_.serial; }

  /// Its done() is on the way or there: nothing may be produced until the release.
  bool frozen() const { return frozen_; }

private:
  using item = std::variant<simulated_batch, simulated_barrier>;
  struct queued {
    instant due{};
    item what;
  };

  bool transactional() const { return world_.kept_promise == promise::exactly_once; }
  std::vector<simulated_broker::record> take_changes();
  void read_some();
  void fold(item i);
  void emit(item i);

  // lane_output_commands
  void begin_transaction() override;
  written_batch write(const simulated_batch& batch, std::uint64_t ticket) override;
  void through(std::uint64_t) override { --in_flight_; }
  void write_changes(simulated_barrier& mark, epoch at, offset next) override;
  void arrived(epoch at) override { around_.arrived(from_.partition, at); }
  void done(simulated_barrier mark, epoch at, offset next, bool changed) override;
  void failed() override { around_.failed(); }
  void committed(offset next, const epoch_counts& counts) override;

  simulated_world& world_;
  simulated_lane_world& around_;
  int node_;
  begin from_;
  std::int64_t read_;
  bool fetching_ = false;
  bool held_ = false;
  bool ended_ = false;
  simulated_world::lane_state state_;
  std::set<std::size_t> changed_; ///< keys, since the last barrier
  std::deque<queued> to_fold_;
  std::deque<queued> to_emit_;
  std::size_t in_flight_ = 0; ///< batches that were read and are not through
  bool frozen_ = false;
  ledger ledger_;
  lane_output<simulated_batch, simulated_barrier> output_;
};

} // namespace weir::core
