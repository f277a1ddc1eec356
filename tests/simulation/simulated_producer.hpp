#pragma once

#include "simulated_world.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace weir::core {

/// The producers of a simulated node: the one of its transactions, and at least once that of its outputs; what is on
/// its way, and the calls of the protocol that go to the broker.
class simulated_producer final : public commit_broker {
public:
  /// @param written told of the last record of a ticket: partition, serial of the lane, ticket, whether all was
  /// delivered
  using report = std::function<void(int partition, std::uint64_t serial, std::uint64_t ticket, bool ok)>;

  simulated_producer(simulated_world& world, int name, report written) :
      world_{world}, name_{name}, written_{std::move(written)} {}

  /// New producers of the same names; what the old one has left in a transaction is undone.
  void renew();

  /// The process dies; what was on its way may have left the machine.
  void crash();

  /// False: it cannot be part of a transaction.
  bool produce(int partition, std::uint64_t serial, simulated_broker::topic to, const simulated_broker::record& r,
               std::uint64_t ticket, bool last);

  void step() { step_wire(false); }

  /// The generation that the group gave this node last: offsets of an older one are refused.
  int generation = 0;

  broker_answer begin() override;
  broker_answer send_offsets(const std::vector<partition_offset>& offsets) override;
  broker_answer commit() override;
  broker_answer abort() override;

private:
  struct wired {
    instant due{};
    simulated_broker::topic to{};
    int partition = 0;
    simulated_broker::record what;
    std::uint64_t serial = 0;
    std::uint64_t ticket = 0;
    bool last = false; ///< of its ticket
    bool fails = false;
    bool is_refused = false; ///< it never leaves the client
  };

  bool in_transactions(simulated_broker::topic to) const;
  broker_answer end(bool commit);
  void step_wire(bool flush);
  void deliver(const wired& w);
  void lose_wire();

  simulated_world& world_;
  int name_;
  report written_;
  simulated_broker::producer producer_;
  bool in_transaction_ = false;
  bool tainted_ = false;    ///< a record of the open transaction was refused, or could not be delivered
  bool committing_ = false; ///< a commit was asked for, its outcome is not known
  std::deque<wired> wire_;
  std::map<std::pair<simulated_broker::topic, int>, instant> wire_last_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> spoiled_; ///< lane and ticket of which a record has failed
};

} // namespace weir::core
