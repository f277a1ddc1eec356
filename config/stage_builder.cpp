#include "config/stage_builder.hpp"

#include "core/transform/ordered_transforms.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace weir::config {

namespace {

template <class T, class Item>
bool is_a(const Item& item) {
  return std::holds_alternative<T>(item);
}

std::shared_ptr<stateful_step> of_paged(paged_step step) {
  return std::make_shared<stateful_step>(
      stateful_step{{std::move(step.needs)}, [make = std::move(step.make)](std::span<const std::uint64_t> bytes) {
                      return make(bytes.front());
                    }});
}

stateful_step of_transforms(std::vector<core::transform_ptr> steps) {
  return {{}, [steps = std::move(steps)](std::span<const std::uint64_t>) {
            return std::make_shared<core::ordered_transforms>(steps);
          }};
}

stateful_step of_keyed(std::shared_ptr<const core::keyed_plan> plan, core::keyed_tables tables) {
  auto needs = plan->state_needs();
  return {std::move(needs), [plan = std::move(plan), tables](std::span<const std::uint64_t> bytes) {
            return std::shared_ptr<core::ordered_operator>{plan->make_processor(tables, bytes)};
          }};
}

} // namespace

void stage_builder::push(item what, bool takes_rows_away) {
  items_.push_back(std::move(what));
  is_open_ = is_open_ && !takes_rows_away;
}

void stage_builder::add(core::transform_ptr what) {
  push(std::move(what), true);
}

void stage_builder::add_model(std::size_t slot) {
  push(model_place{slot}, true);
}

void stage_builder::add(paged_step what) {
  push(of_paged(std::move(what)), false);
}

void stage_builder::add_filter(paged_step what) {
  push(of_paged(std::move(what)), true);
}

void stage_builder::add_first(paged_step what) {
  first_ = of_paged(std::move(what));
}

void stage_builder::add_behind_models(paged_step what) {
  behind_models_ = {items_.size(), of_paged(std::move(what))};
}

core::keyed_plan& stage_builder::keyed_for(std::span<const std::optional<core::column_id>> reads) {
  const auto is_late = [&](std::optional<core::column_id> id) { return id && made_behind_.contains(*id); };
  if (!is_open_ || std::ranges::any_of(reads, is_late)) {
    last_keyed_ = std::make_shared<core::keyed_plan>();
    push(last_keyed_, false);
    is_open_ = true;
    made_behind_.clear();
  }
  was_keyed_ = true;
  return *last_keyed_;
}

void stage_builder::close_step(std::size_t first_column, std::size_t end) {
  if (!std::exchange(was_keyed_, false))
    for (auto id = first_column; id < end; ++id)
      made_behind_.insert(static_cast<core::column_id>(id));
}

void stage_builder::place_extras() {
  if (auto& [index, step] = behind_models_; step) {
    const auto at = items_.begin() + static_cast<std::ptrdiff_t>(index);
    items_.insert(std::find_if_not(at, items_.end(), is_a<model_place, item>), std::move(step));
  }
  if (first_)
    items_.insert(std::find_if_not(items_.begin(), items_.end(), is_a<core::transform_ptr, item>), std::move(first_));
}

stage_builder::built stage_builder::finish(std::uint8_t before_models, std::uint8_t behind_models) && {
  place_extras();
  built made;
  const auto rest = std::find_if_not(items_.begin(), items_.end(), is_a<core::transform_ptr, item>);
  std::vector<core::transform_ptr> first;
  for (auto at = items_.begin(); at != rest; ++at)
    first.push_back(std::get<core::transform_ptr>(*at));
  made.first = std::make_shared<const std::vector<core::transform_ptr>>(std::move(first));

  std::map<std::uint8_t, core::keyed_tables> tables; // the numbers go on where one state holds several plans
  const auto tag_of = [&](auto at) {
    return std::any_of(at, items_.end(), is_a<model_place, item>) ? before_models : behind_models;
  };
  const auto is_last = [&](auto at, std::uint8_t tag) {
    while (++at != items_.end())
      if (is_a<keyed_ptr>(*at) && tag_of(at) == tag)
        return false;
    return true;
  };
  auto* stage = &made.stages.emplace_back();
  for (auto at = rest; at != items_.end();) {
    if (const auto* step = std::get_if<ordered_ptr>(&*at)) {
      stage->in_order.push_back(std::move(**step));
      ++at;
    } else if (auto* keyed = std::get_if<keyed_ptr>(&*at)) {
      const auto tag = tag_of(at);
      auto& next = tables.try_emplace(tag, core::keyed_tables{tag}).first->second;
      next.are_last = is_last(at, tag);
      stage->in_order.push_back(of_keyed(*keyed, next));
      next.first = static_cast<std::uint8_t>(next.first + (*keyed)->state_needs().size());
      ++at;
    } else {
      const auto end =
          std::find_if(at, items_.end(), [](const item& i) { return is_a<ordered_ptr>(i) || is_a<keyed_ptr>(i); });
      if (std::any_of(at, end, is_a<model_place, item>)) {
        for (; at != end; ++at)
          if (auto* transform = std::get_if<core::transform_ptr>(&*at))
            stage->pooled.emplace_back(std::move(*transform));
          else
            stage->pooled.emplace_back(std::get<model_place>(*at));
        stage = &made.stages.emplace_back();
      } else {
        std::vector<core::transform_ptr> run;
        for (; at != end; ++at)
          run.push_back(std::get<core::transform_ptr>(*at));
        stage->in_order.push_back(of_transforms(std::move(run)));
      }
    }
  }
  return made;
}

} // namespace weir::config
