#include "simulated_backend.hpp"

#include <algorithm>

namespace weir::actors::test {

using core::broker_answer;

/// A topic as a sink. It refuses what says that it is huge.
class simulated_topic final : public io::sink {
public:
  simulated_topic(simulated_backend& of, output_topic topic) : of_{of}, topic_{topic}, generation_{of.generation_} {}

  std::vector<io::refusal> write(core::record_block_ptr block, core::partition_id partition,
                                 io::delivered then) override {
    simulated_backend::texts taken;
    std::vector<io::refusal> refused;
    for (std::size_t i = 0; i < block->size(); ++i)
      if (block->value(i).find("huge") != std::string_view::npos)
        refused.push_back({i, "too large"});
      else
        taken.emplace_back(block->value(i));
    of_.write({topic_, partition}, std::move(taken), generation_, std::move(then));
    return refused;
  }

private:
  simulated_backend& of_;
  output_topic topic_;
  std::uint64_t generation_;
};

namespace {

std::string text_of(const io::dead_letter& letter) {
  return std::to_string(value_of(letter.at)) + " " + std::string{letter.stage} + " " + std::string{letter.reason} + " "
         + std::string{letter.value};
}

} // namespace

class simulated_changelog final : public io::changelog, public io::dead_letter_sink {
public:
  explicit simulated_changelog(simulated_backend& of) : of_{of}, generation_{of.generation_} {}

  std::vector<io::refusal> write(core::record_block_ptr changes, core::partition_id partition,
                                 io::delivered then) override {
    if (of_.takes(generation_) && (of_.kind_ == backend_kind::local || of_.in_transaction_))
      of_.store_->write(std::move(changes), partition, [](bool) {});
    of_.send(generation_, std::move(then));
    return {};
  }

  void write(const std::vector<io::dead_letter>& letters, io::delivered then) override {
    simulated_backend::texts values;
    for (const auto& letter : letters)
      values.push_back(text_of(letter));
    of_.write({output_topic::dead_letters, letters.front().partition}, std::move(values), generation_, std::move(then));
  }

private:
  simulated_backend& of_;
  std::uint64_t generation_;
};

core::result<std::shared_ptr<const io::output_set>> simulated_backend::open() {
  if (chance(faults.open))
    return core::fail("no broker answers");
  ++generation_;
  in_transaction_ = tainted_ = false;
  under_way_.clear();
  staged_.clear();
  store_->abort();
  auto set = std::make_shared<io::output_set>();
  set->sinks.push_back(std::make_shared<simulated_topic>(*this, output_topic::outputs));
  set->alert_sinks.push_back(std::make_shared<simulated_topic>(*this, output_topic::alerts));
  auto rest = std::make_shared<simulated_changelog>(*this);
  set->dead_letters = rest;
  set->changelog = rest;
  return std::shared_ptr<const io::output_set>{set};
}

broker_answer simulated_backend::begin() {
  if (chance(faults.answer))
    return dice_() % 4 == 0 ? broker_answer::fatal : broker_answer::retriable;
  in_transaction_ = true;
  return broker_answer::ok;
}

broker_answer simulated_backend::send_offsets(const std::vector<core::partition_offset>&) {
  if (chance(faults.answer))
    return static_cast<broker_answer>(1 + dice_() % 3);
  return tainted_ ? broker_answer::abortable : broker_answer::ok;
}

broker_answer simulated_backend::commit() {
  if (chance(faults.answer))
    switch (dice_() % 4) {
    case 0: return broker_answer::retriable;
    case 1: return broker_answer::abortable;
    case 2: return broker_answer::fatal;
    default: // it is done, and nobody hears of it
      return finish_commit() == broker_answer::ok ? broker_answer::fatal : broker_answer::abortable;
    }
  return finish_commit();
}

broker_answer simulated_backend::finish_commit() {
  if (kind_ == backend_kind::transactions)
    while (!under_way_.empty())
      report(0);
  if (tainted_)
    return broker_answer::abortable;
  for (auto& [to, values] : staged_) {
    auto& all = visible_[to];
    all.insert(all.end(), values.begin(), values.end());
  }
  staged_.clear();
  if (!store_->commit({}))
    return broker_answer::fatal;
  in_transaction_ = false;
  ++commits;
  if (after_commit)
    after_commit();
  return broker_answer::ok;
}

broker_answer simulated_backend::abort() {
  if (chance(faults.answer))
    return dice_() % 4 == 0 ? broker_answer::fatal : broker_answer::retriable;
  ++aborts;
  staged_.clear();
  store_->abort();
  in_transaction_ = tainted_ = false;
  if (kind_ == backend_kind::local)
    return broker_answer::fatal; // the files are cut when they are opened anew
  for (auto& then : std::exchange(under_way_, {}))
    then(false);
  return broker_answer::ok;
}

void simulated_backend::deliver_one() {
  if (!under_way_.empty())
    report(dice_() % under_way_.size());
}

void simulated_backend::report(std::size_t index) {
  const auto at = under_way_.begin() + static_cast<std::ptrdiff_t>(index);
  auto then = std::move(*at);
  under_way_.erase(at);
  const bool ok = !chance(faults.delivery);
  failures += ok ? 0 : 1;
  tainted_ = tainted_ || !ok;
  then(ok);
}

void simulated_backend::write(place to, texts values, std::uint64_t generation, io::delivered then) {
  if (takes(generation)) {
    auto& into = kind_ == backend_kind::state_transactions ? visible_[to] : staged_[to];
    into.insert(into.end(), values.begin(), values.end());
  }
  send(generation, std::move(then));
}

// What a lane writes that has not heard of the abort yet is not part of a transaction.
bool simulated_backend::takes(std::uint64_t generation) const {
  return generation == generation_ && (kind_ != backend_kind::transactions || in_transaction_);
}

void simulated_backend::send(std::uint64_t generation, io::delivered then) {
  strayed += generation == generation_ ? 0 : 1;
  if (takes(generation))
    under_way_.push_back(std::move(then));
  else
    then(false);
}

} // namespace weir::actors::test
