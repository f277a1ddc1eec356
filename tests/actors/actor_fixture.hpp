#pragma once

#include "actors/interfaces.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace weir::actors::test {

/// Runs actors without threads and in virtual time: a test is deterministic, and a failing order of events is named by
/// its seed.
class actor_fixture : public ::testing::Test {
protected:
  /// Runs everything that is runnable; no time passes.
  void settle() {
    while (scheduler.try_run_once()) {
    }
  }

  /// Runs one message of an actor that `random` chooses among those that have one.
  template <class Random>
  void run_one(Random& random) {
    const auto pick = static_cast<std::ptrdiff_t>(random() % scheduler.jobs.size());
    std::rotate(scheduler.jobs.begin(), scheduler.jobs.begin() + pick, scheduler.jobs.end());
    scheduler.run_once();
  }

  /// As settle(), in an order that `seed` decides.
  void settle_shuffled(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    while (!scheduler.jobs.empty())
      run_one(random);
  }

  void advance(caf::timespan by) {
    scheduler.advance_time(by);
    settle();
  }

  template <class... Message>
  void tell(const caf::strong_actor_ptr& whom, Message&&... message) {
    caf::anon_send(caf::actor_cast<caf::actor>(whom), std::forward<Message>(message)...);
  }
  template <class Handle, class... Message>
  void tell(const Handle& whom, Message&&... message) {
    caf::anon_send(whom, std::forward<Message>(message)...);
  }

  /// Ends with the test, whoever still refers to it.
  template <class Handle>
  Handle keep(Handle actor) {
    kept_.push_back(caf::actor_cast<caf::actor>(actor));
    return actor;
  }

  /// An actor that stands for one of the others: it understands what `handlers` take and ignores the rest.
  template <class Handle, class... Handlers>
  Handle fake(Handlers... handlers) {
    return caf::actor_cast<Handle>(keep(system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
      // caf::drop answers with an error, which would end the sender.
      self->set_default_handler(
          [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> { return caf::message{}; });
      return {handlers...};
    })));
  }

  bool has_ended(const caf::actor& actor) const {
    return caf::actor_cast<caf::abstract_actor*>(actor)->getf(caf::abstract_actor::is_terminated_flag);
  }

  void TearDown() override {
    for (const auto& actor : kept_)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    settle();
    kept_.clear();
  }

  struct system_config : caf::actor_system_config {
    system_config() {
      add_message_types<caf::id_block::weir>();
      set("scheduler.policy", caf::atom("testing"));
      set("logger.verbosity", caf::atom("quiet"));
    }
  };

  system_config cfg;
  caf::actor_system system{cfg};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());

private:
  std::vector<caf::actor> kept_;
};

} // namespace weir::actors::test
