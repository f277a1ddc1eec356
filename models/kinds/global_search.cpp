#include "models/kinds/global_search.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include <dlib/global_optimization/global_function_search.h>

namespace weir::models {

namespace {

using point = dlib::matrix<double, 0, 1>;

double scaled(const option_range& range, double value) {
  return range.is_log ? std::log(value) : value;
}

dlib::function_spec spec_of(std::span<const option_choice> ranges) {
  point from(static_cast<long>(ranges.size())), to(from);
  std::vector<bool> is_whole;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto& range = *ranges[i].range;
    from(static_cast<long>(i)) = scaled(range, range.from);
    to(static_cast<long>(i)) = scaled(range, range.to);
    is_whole.push_back(range.is_whole && !range.is_log);
  }
  return {from, to, is_whole};
}

std::string text_at(const option_range& range, double place) {
  const auto value = std::clamp(range.is_log ? std::exp(place) : place, range.from, range.to);
  return range.is_whole ? detail::text_of(static_cast<std::uint64_t>(std::llround(value))) : detail::text_of(value);
}

} // namespace

struct global_search::state {
  std::vector<option_choice> ranges;
  dlib::global_function_search search;
  std::optional<dlib::function_evaluation_request> asked;
};

global_search::global_search(std::span<const option_choice> ranges, std::uint64_t seed) :
    state_{std::make_unique<state>(
        state{{ranges.begin(), ranges.end()}, dlib::global_function_search{spec_of(ranges)}, std::nullopt})} {
  state_->search.set_seed(static_cast<std::time_t>(seed));
}

global_search::~global_search() = default;

option_texts global_search::next() {
  state_->asked.reset();
  state_->asked.emplace(state_->search.get_next_x());
  const auto& at = state_->asked->x();
  option_texts made;
  for (std::size_t i = 0; i < state_->ranges.size(); ++i)
    made[state_->ranges[i].name] = text_at(*state_->ranges[i].range, at(static_cast<long>(i)));
  return made;
}

void global_search::tell(double score) {
  if (std::isfinite(score) && state_->asked)
    state_->asked->set(score);
  state_->asked.reset();
}

} // namespace weir::models
