#include "core/cluster/model_swap.hpp"

#include <algorithm>

namespace weir::core {

namespace {

/// A wish comes again only while nobody has heard that it was taken up: a few seconds.
constexpr std::size_t remembered_wishes = 100;

bool are_of_one_place(const chosen_model& a, const chosen_model& b) {
  return a.step == b.step && a.role == b.role;
}

model_choice with(model_choice choice, const model_wish& wish, std::uint64_t number) {
  choice.number = number;
  for (const auto& wanted : wish.models) {
    std::erase_if(choice.models, [&](const chosen_model& model) { return are_of_one_place(model, wanted); });
    if (!wish.is_default)
      choice.models.push_back(wanted);
  }
  return choice;
}

bool is_so_already(const model_choice& choice, const model_wish& wish) {
  return std::ranges::all_of(wish.models, [&](const chosen_model& wanted) {
    const auto* now = choice.of(wanted.step, wanted.role);
    return wish.is_default ? now == nullptr : now != nullptr && *now == wanted;
  });
}

/// Whether they want something of the same models.
bool overlap(const model_wish& a, const model_wish& b) {
  return std::ranges::any_of(a.models, [&](const chosen_model& one) {
    return std::ranges::any_of(b.models, [&](const chosen_model& other) { return are_of_one_place(one, other); });
  });
}

} // namespace

void model_swap::adopt(const model_choice& known) {
  last_number_ = std::max(last_number_, known.number);
  if (known.number <= view_.current.number)
    return;
  view_.current = known;
  if (view_.proposed && view_.proposed->number <= known.number)
    view_.proposed.reset();
}

void model_swap::adopt(const model_swap_view& predecessor, instant now) {
  adopt(predecessor.current);
  view_.wish = predecessor.wish;
  view_.problem = predecessor.problem;
  heard_.push_back(predecessor.wish);
  if (!predecessor.proposed || predecessor.proposed->number <= view_.current.number)
    return;
  view_.proposed = predecessor.proposed;
  last_number_ = std::max(last_number_, predecessor.proposed->number);
  proposed_at_ = now;
}

bool model_swap::hear(const model_wish& wish, instant now) {
  if (std::ranges::find(heard_, wish.id) != heard_.end())
    return false;
  heard_.push_back(wish.id);
  if (heard_.size() > remembered_wishes)
    heard_.pop_front();
  // Of several wishes for one model that wait, the newest counts.
  std::erase_if(waiting_, [&](const model_wish& other) { return overlap(other, wish); });
  waiting_.push_back(wish);
  propose_next(now);
  return true;
}

void model_swap::propose_next(instant now) {
  while (!view_.proposed && !waiting_.empty()) {
    const auto wish = std::move(waiting_.front());
    waiting_.pop_front();
    propose(wish, now);
  }
}

void model_swap::propose(const model_wish& wish, instant now) {
  view_.wish = wish.id;
  view_.problem.clear();
  if (is_so_already(view_.current, wish))
    return;
  view_.proposed = with(view_.current, wish, ++last_number_);
  proposed_at_ = now;
}

void model_swap::look(const answers& nodes, instant now) {
  for (const auto& [node, answer] : nodes)
    last_number_ = std::max(last_number_, answer.number);
  if (!view_.proposed)
    return;
  std::string silent;
  for (const auto& [node, answer] : nodes) {
    const bool has_answered = answer.number == view_.proposed->number;
    if (has_answered && !answer.problem.empty())
      return decide("node '" + node + "': " + answer.problem, now);
    if (!has_answered && silent.empty())
      silent = node;
  }
  if (nodes.empty())
    return;
  if (silent.empty())
    decide({}, now);
  else if (now - proposed_at_ > patience_)
    decide("node '" + silent + "' does not say whether it can", now);
}

void model_swap::decide(std::string problem, instant now) {
  if (problem.empty())
    view_.current = *std::move(view_.proposed);
  view_.problem = std::move(problem);
  view_.proposed.reset();
  propose_next(now);
}

} // namespace weir::core
