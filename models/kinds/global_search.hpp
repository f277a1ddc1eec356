#pragma once

#include "models/kinds/option_search.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace weir::models {

/// Chooses values of options one trial after the other, each by how good those before were: dlib's
/// global_function_search, which takes turns at an upper bound on the function (Malherbe and Vayatis 2017) and a
/// quadratic model around the best value (Powell 2006). The same seed and scores give the same choices.
class global_search {
public:
  /// @pre there is a choice, and all are ranges whose bounds differ
  global_search(std::span<const option_choice> ranges, std::uint64_t seed);
  ~global_search();
  global_search(const global_search&) = delete;
  global_search& operator=(const global_search&) = delete;

  /// What to try next.
  option_texts next();

  /// How good these are: more is better. NaN or infinity: as if they had not been tried.
  void tell(double score);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace weir::models
