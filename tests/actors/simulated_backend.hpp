#pragma once

#include "io/backend.hpp"
#include "io/store/local_store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace weir::actors::test {

/// The three that there are (docs/architecture.md, "The commit").
enum class backend_kind : std::uint8_t { transactions, state_transactions, local };

/// How often things go wrong, in parts of a thousand, each time that they can.
struct backend_faults {
  int delivery = 0; ///< a write cannot be delivered
  int answer = 0;   ///< a call is not answered by ok
  int open = 0;     ///< no producer can be made
};

enum class output_topic : std::uint8_t { outputs, alerts, dead_letters };

/// A backend in memory whose writes are delivered when deliver_one() says so. With transactions, and with files, what
/// was written is visible with the commit.
class simulated_backend final : public io::backend {
public:
  using texts = std::vector<std::string>;
  using random = std::mt19937_64;

  simulated_backend(backend_kind kind, std::shared_ptr<io::local_store> store, random& dice) :
      kind_{kind}, store_{std::move(store)}, dice_{dice} {}

  // io::backend
  core::result<std::shared_ptr<const io::output_set>> open() override;
  core::output_rule rule() const override {
    return kind_ == backend_kind::transactions         ? core::output_rule::in_transaction
           : kind_ == backend_kind::state_transactions ? core::output_rule::before_the_state
                                                       : core::output_rule::cut_to_the_state;
  }
  core::broker_answer begin() override;
  core::broker_answer send_offsets(const std::vector<core::partition_offset>& offsets) override;
  core::broker_answer commit() override;
  core::broker_answer abort() override;

  /// Reports one of the writes that are on their way, chosen by the dice.
  void deliver_one();

  /// What a reader of the topic sees, in the order in which it was written.
  const texts& visible(output_topic topic, core::partition_id partition) { return visible_[{topic, partition}]; }

  backend_faults faults;
  std::function<void()> after_commit; ///< called when something has become visible by a commit
  std::uint64_t commits = 0;
  std::uint64_t failures = 0; ///< writes that were not delivered
  std::uint64_t aborts = 0;   ///< transactions
  std::uint64_t strayed = 0;  ///< writes by way of outputs that a newer producer has replaced

private:
  friend class simulated_topic;
  friend class simulated_changelog;
  using place = std::pair<output_topic, core::partition_id>;

  bool chance(int permille) { return permille > 0 && static_cast<int>(dice_() % 1000) < permille; }
  core::broker_answer finish_commit();
  bool takes(std::uint64_t generation) const;
  void write(place to, texts values, std::uint64_t generation, io::delivered then);
  void send(std::uint64_t generation, io::delivered then);
  void report(std::size_t index);

  backend_kind kind_;
  std::shared_ptr<io::local_store> store_;
  random& dice_;
  std::uint64_t generation_ = 0;
  bool in_transaction_ = false;
  bool tainted_ = false; ///< a write since the last commit has failed
  std::deque<io::delivered> under_way_;
  std::map<place, texts> staged_;
  std::map<place, texts> visible_;
};

} // namespace weir::actors::test
