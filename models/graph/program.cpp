#include "models/graph/program.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <set>

namespace weir::models {

namespace {

constexpr std::size_t most_rows = 1024;
constexpr std::size_t cache_bytes = std::size_t{512} << 10;
constexpr std::size_t alignment = 64;

constexpr std::size_t aligned(std::size_t bytes) noexcept {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// Memory of registers, given out again once nothing reads a register any more.
class scratch_plan {
public:
  explicit scratch_plan(std::size_t rows) : rows_{rows} {}

  std::size_t take(element type) {
    auto& free = free_[static_cast<std::size_t>(type)];
    if (free.empty()) {
      const auto at = size_;
      size_ += aligned(size_of(type) * rows_);
      return at;
    }
    const auto at = free.back();
    free.pop_back();
    return at;
  }

  void give_back(element type, std::size_t at) { free_[static_cast<std::size_t>(type)].push_back(at); }

  std::size_t size() const noexcept { return size_; }

private:
  std::size_t rows_;
  std::size_t size_ = 0;
  std::array<std::vector<std::size_t>, 5> free_;
};

template <class T>
void fill(std::byte* into, const std::byte* value, std::size_t rows) {
  T one;
  std::memcpy(static_cast<void*>(&one), value, sizeof one);
  std::fill_n(reinterpret_cast<T*>(into), rows, one);
}

} // namespace

void program::run(const void* const* inputs, std::size_t rows, const void** outputs) const {
  thread_local std::vector<void*> at;
  thread_local std::vector<std::byte> scratch;
  if (at.size() < slots_.size())
    at.resize(slots_.size());
  if (scratch.size() < scratch_bytes_ + alignment)
    scratch.resize(scratch_bytes_ + alignment);
  const auto misaligned = reinterpret_cast<std::uintptr_t>(scratch.data()) % alignment;
  auto* const memory = scratch.data() + (alignment - misaligned);
  // kernels take all registers as writable ones and write only into those of their own
  auto* const constants = const_cast<std::byte*>(constants_.data());
  for (std::size_t i = 0; i < slots_.size(); ++i)
    switch (const auto& s = slots_[i]; s.where) {
    case place::input: at[i] = const_cast<void*>(inputs[s.at]); break;
    case place::constant: at[i] = constants + s.at; break;
    case place::scratch: at[i] = memory + s.at; break;
    }
  const frame f{at.data(), rows};
  for (const auto& k : kernels_)
    k->run(f);
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    outputs[i] = at[outputs_[i]];
}

std::vector<std::size_t> program_builder::inputs_behind(register_id id) const {
  std::set<std::size_t> inputs;
  std::set<register_id> seen{id};
  registers open{id};
  const auto look_at = [&](register_id other) {
    if (seen.insert(other).second)
      open.push_back(other);
  };
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    if (registers_[at].from == origin::input)
      inputs.insert(registers_[at].index);
    if (registers_[at].from != origin::kernel)
      continue;
    const auto& step = **std::ranges::find_if(
        kernels_, [&](const auto& one) { return std::ranges::find(one->writes, at) != one->writes.end(); });
    const auto place = static_cast<std::size_t>(std::ranges::find(step.writes, at) - step.writes.begin());
    for (std::size_t i = 0; i < step.reads.size(); ++i)
      if (!step.is_by_column || i % step.writes.size() == place)
        look_at(step.reads[i]);
  }
  return {inputs.begin(), inputs.end()};
}

register_id program_builder::input(element type) {
  registers_.push_back({type, origin::input, inputs_++});
  return static_cast<register_id>(registers_.size() - 1);
}

register_id program_builder::make(element type) {
  if (is_full())
    return 0;
  registers_.push_back({type, origin::kernel});
  return static_cast<register_id>(registers_.size() - 1);
}

registers program_builder::make(element type, std::size_t count) {
  registers made;
  made.reserve(std::min(count, max_registers));
  for (std::size_t i = 0; i < count && !is_full(); ++i)
    made.push_back(make(type));
  made.resize(count <= max_registers ? count : 0);
  return made;
}

std::string_view program_builder::keep(std::string_view text) {
  return *texts_.emplace_back(std::make_unique<const std::string>(text));
}

register_id program_builder::add_constant(element type, const void* value) {
  if (is_full())
    return 0;
  const auto size = size_of(type);
  std::string key;
  if (type == element::text)
    key = *static_cast<const std::string_view*>(value);
  else
    key.assign(static_cast<const char*>(value), size);
  const auto [known, is_new] = known_constants_.try_emplace({type, std::move(key)}, register_id{0});
  if (!is_new)
    return known->second;
  const auto begin = constant_bytes_.size();
  constant_bytes_.resize(begin + size);
  std::memcpy(constant_bytes_.data() + begin, value, size);
  registers_.push_back({type, origin::constant, begin});
  return known->second = static_cast<register_id>(registers_.size() - 1);
}

void program_builder::drop_unused(const registers& outputs) {
  std::vector<bool> is_needed(registers_.size());
  for (const auto id : outputs)
    is_needed[id] = true;
  std::vector<std::unique_ptr<kernel>> kept;
  for (auto k = kernels_.rbegin(); k != kernels_.rend(); ++k) {
    if (std::none_of((*k)->writes.begin(), (*k)->writes.end(), [&](register_id id) { return is_needed[id]; }))
      continue;
    for (const auto id : (*k)->reads)
      is_needed[id] = true;
    kept.push_back(std::move(*k));
  }
  std::reverse(kept.begin(), kept.end());
  kernels_ = std::move(kept);
}

void program_builder::refuse_where(const registers& columns, const std::string& why) {
  refused_.insert(refused_.end(), columns.begin(), columns.end());
  refusals_.insert(refusals_.end(), columns.size(), why);
}

program program_builder::finish(registers outputs) {
  outputs.insert(outputs.end(), refused_.begin(), refused_.end());
  drop_unused(outputs);
  constexpr auto never = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last_use(registers_.size(), 0);
  std::vector<bool> is_used(registers_.size());
  std::size_t bytes_of_row = 0;
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    for (const auto id : kernels_[k]->reads) {
      last_use[id] = k;
      is_used[id] = true;
    }
    for (const auto id : kernels_[k]->writes) {
      last_use[id] = k;
      bytes_of_row += size_of(type_of(id));
    }
  }
  for (const auto id : outputs) {
    last_use[id] = never;
    is_used[id] = true;
  }

  program made;
  made.block_rows_ = std::clamp<std::size_t>(cache_bytes / std::max<std::size_t>(bytes_of_row, 1), 16, most_rows);
  made.slots_.resize(registers_.size());
  for (std::size_t id = 0; id < registers_.size(); ++id) {
    const auto& r = registers_[id];
    if (r.from == origin::input)
      made.slots_[id] = {program::place::input, r.index};
    if (r.from != origin::constant || !is_used[id])
      continue;
    const auto at = made.constants_.size();
    made.constants_.resize(at + aligned(size_of(r.type) * made.block_rows_));
    made.slots_[id] = {program::place::constant, at};
    with_type(r.type, [&]<class T>() {
      fill<T>(made.constants_.data() + at, constant_bytes_.data() + r.index, made.block_rows_);
    });
  }

  scratch_plan plan{made.block_rows_};
  std::vector<registers> last_used_by(kernels_.size());
  for (std::size_t k = 0; k < kernels_.size(); ++k)
    for (const auto& list : {kernels_[k]->reads, kernels_[k]->writes})
      for (const auto id : list)
        if (registers_[id].from == origin::kernel && last_use[id] == k)
          last_used_by[k].push_back(id);
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    for (const auto id : kernels_[k]->writes)
      made.slots_[id] = {program::place::scratch, plan.take(type_of(id))};
    auto& done = last_used_by[k];
    std::sort(done.begin(), done.end());
    done.erase(std::unique(done.begin(), done.end()), done.end());
    for (const auto id : done)
      plan.give_back(type_of(id), made.slots_[id].at);
    made.kernels_.push_back(std::move(kernels_[k]));
  }
  made.scratch_bytes_ = plan.size();
  made.outputs_ = std::move(outputs);
  made.refusals_ = std::move(refusals_);
  made.texts_ = std::move(texts_);
  *this = {};
  return made;
}

} // namespace weir::models
