#pragma once

#include "core/cluster/model_choice.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

/// What a node says of the newest choice of models that it was asked to try.
struct model_answer {
  std::uint64_t number = 0; ///< of the choice; 0: none so far
  std::string problem;      ///< why it cannot score with those; empty: it can

  bool operator==(const model_answer&) const = default;
};

/// How the choice of models of a pipeline stands; part of what the supervisor tells all nodes.
struct model_swap_view {
  model_choice current;                 ///< lanes change to it at their next barrier
  std::optional<model_choice> proposed; ///< each node tries whether it could
  std::uint64_t wish = 0;               ///< of the proposal; without one, the last that was decided
  std::string problem;                  ///< why that was refused; empty: it was not
};

/// Changes the models of a pipeline on all its nodes, or on none. A wish becomes a proposal; each node loads what is
/// proposed and answers; when all can, it becomes the current choice. One proposal at a time, the others wait. Part of
/// the supervisor; not thread-safe; the clock is a parameter.
class model_swap {
public:
  using instant = std::chrono::steady_clock::time_point;
  using answers = std::vector<std::pair<std::string, model_answer>>; ///< by the names of nodes

  /// @param patience with nodes that do not answer, after which the proposal is refused
  explicit model_swap(std::chrono::milliseconds patience = std::chrono::seconds{30}) : patience_{patience} {}

  /// A node or a predecessor had this choice: the newest of all counts.
  void adopt(const model_choice& known);

  /// Goes on where another supervisor was.
  void adopt(const model_swap_view& predecessor, instant now);

  /// @returns false: it was heard before, and is ignored
  bool hear(const model_wish& wish, instant now);

  /// @param nodes what each node that lives has answered last
  void look(const answers& nodes, instant now);

  const model_swap_view& view() const noexcept { return view_; }

private:
  void propose(const model_wish& wish, instant now);
  void propose_next(instant now);
  void decide(std::string problem, instant now);

  std::chrono::milliseconds patience_;
  model_swap_view view_;
  instant proposed_at_{};
  std::uint64_t last_number_ = 0; ///< that any node has heard of
  std::deque<model_wish> waiting_;
  std::deque<std::uint64_t> heard_; ///< wishes, the newest behind
};

} // namespace weir::core
