#include "core/drift/quantile_sketch.hpp"

#include "core/base/fnv1a.hpp"
#include "core/drift/sort_block.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

namespace weir::core {

namespace {

constexpr std::uint8_t version = 1;
// So the highest level holds less than makes another one.
constexpr std::uint64_t most_values = std::uint64_t{1} << 50;

} // namespace

double quantile_view::rank(double x) const noexcept {
  const auto behind = std::upper_bound(values.begin(), values.end(), x) - values.begin();
  return behind == 0
             ? 0
             : static_cast<double>(weights[static_cast<std::size_t>(behind) - 1]) / static_cast<double>(count());
}

std::size_t quantile_sketch::begin_of(std::size_t level) const noexcept {
  return std::accumulate(sizes_.begin(), sizes_.begin() + static_cast<std::ptrdiff_t>(level), max_items - used_);
}

void quantile_sketch::compress() noexcept {
  for (std::size_t level = 0; level < levels_; ++level)
    if (sizes_[level] >= capacities[levels_ - 1 - level])
      halve(level);
}

void quantile_sketch::halve(std::size_t level) noexcept {
  if (level + 1 == levels_)
    ++levels_; // no more than max_levels: see most_values
  const auto begin = begin_of(level);
  auto* const first = items_.data() + begin;
  const std::size_t size = sizes_[level], half = size / 2;
  if (level == 0) {
    std::array<double, 2048> room;
    sort_block({first, size}, room);
  }
  const auto coin = mixed(seed_ * 0xd1342543de82ef95 + ++coins_ * 0x9e3779b97f4a7c15);
  // Of an odd number one stays: the least or the largest, so that neither end is favoured.
  const bool is_odd = size % 2 == 1, least_stays = is_odd && (coin & 2) != 0;
  const auto staying = least_stays ? first[0] : first[size - 1];
  std::array<double, max_items / 2> kept;
  const auto* const pairs = first + (least_stays ? 1 : 0) + (coin & 1);
  for (std::size_t i = 0; i < half; ++i)
    kept[i] = pairs[2 * i];

  // They go in front of the level above, in place: what is written never overtakes what is read there.
  auto* into = first + (size - half);
  const auto* above = first + size;
  const auto* const above_end = above + sizes_[level + 1];
  for (std::size_t i = 0; i < half;) {
    if (above == above_end || kept[i] <= *above)
      *into++ = kept[i++];
    else
      *into++ = *above++;
  }
  if (is_odd)
    first[half] = staying;
  const auto lower = items_.begin() + static_cast<std::ptrdiff_t>(max_items - used_);
  std::move_backward(lower, items_.begin() + static_cast<std::ptrdiff_t>(begin),
                     items_.begin() + static_cast<std::ptrdiff_t>(begin + half));
  std::fill_n(lower, half, 0.0);
  sizes_[level] = is_odd ? 1 : 0;
  sizes_[level + 1] = static_cast<std::uint16_t>(sizes_[level + 1] + half);
  used_ -= static_cast<std::uint32_t>(half);
}

void quantile_sketch::insert(std::size_t level, std::span<const double> values) noexcept {
  levels_ = std::max(levels_, static_cast<std::uint32_t>(level) + 1);
  while (used_ + values.size() > max_items)
    compress();
  const auto begin = begin_of(level);
  const auto to = items_.begin() + static_cast<std::ptrdiff_t>(begin - values.size());
  const auto lower = items_.begin() + static_cast<std::ptrdiff_t>(max_items - used_);
  std::move(lower, items_.begin() + static_cast<std::ptrdiff_t>(begin),
            lower - static_cast<std::ptrdiff_t>(values.size()));
  std::copy(values.begin(), values.end(), to);
  if (level > 0)
    std::inplace_merge(to, to + static_cast<std::ptrdiff_t>(values.size()),
                       to + static_cast<std::ptrdiff_t>(values.size() + sizes_[level]));
  sizes_[level] = static_cast<std::uint16_t>(sizes_[level] + values.size());
  used_ += static_cast<std::uint32_t>(values.size());
}

void quantile_sketch::merge(const quantile_sketch& other) noexcept {
  if (other.count_ == 0 || count_ + other.count_ > most_values)
    return;
  const auto from = other; // it may be this one
  min_ = count_ == 0 ? from.min_ : std::min(min_, from.min_);
  max_ = count_ == 0 ? from.max_ : std::max(max_, from.max_);
  count_ += from.count_;
  for (std::size_t level = from.levels_; level-- > 0;) {
    std::span<const double> values{from.items_.data() + from.begin_of(level), from.sizes_[level]};
    for (; !values.empty(); values = values.subspan(std::min(piece, values.size())))
      insert(level, values.first(std::min(piece, values.size())));
  }
}

double quantile_sketch::rank(double x) const noexcept {
  if (count_ == 0)
    return 0;
  std::uint64_t below = 0;
  auto at = items_.begin() + static_cast<std::ptrdiff_t>(max_items - used_);
  for (std::size_t level = 0; level < levels_; ++level) {
    const auto end = at + sizes_[level];
    below += static_cast<std::uint64_t>(std::count_if(at, end, [x](double value) { return value <= x; })) << level;
    at = end;
  }
  return static_cast<double>(below) / static_cast<double>(count_);
}

std::vector<double> quantile_sketch::cdf(std::span<const double> points) const {
  const auto all = view();
  std::vector<double> made;
  made.reserve(points.size());
  for (const auto point : points)
    made.push_back(all.rank(point));
  return made;
}

double quantile_sketch::quantile(double share) const {
  if (count_ == 0 || share <= 0)
    return min_;
  if (share >= 1)
    return max_;
  const auto all = view();
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  const auto found = std::lower_bound(all.weights.begin(), all.weights.end(), std::max<std::uint64_t>(wanted, 1));
  return all.values[std::min(static_cast<std::size_t>(found - all.weights.begin()), all.values.size() - 1)];
}

quantile_view quantile_sketch::view() const {
  std::vector<std::pair<double, std::uint64_t>> weighted;
  weighted.reserve(used_);
  auto at = items_.begin() + static_cast<std::ptrdiff_t>(max_items - used_);
  for (std::size_t level = 0; level < levels_; ++level)
    for (const auto end = at + sizes_[level]; at != end; ++at)
      weighted.emplace_back(*at, std::uint64_t{1} << level);
  std::sort(weighted.begin(), weighted.end());
  quantile_view made;
  std::uint64_t sum = 0;
  for (const auto& [value, weight] : weighted) {
    sum += weight;
    if (!made.values.empty() && made.values.back() == value) {
      made.weights.back() = sum;
      continue;
    }
    made.values.push_back(value);
    made.weights.push_back(sum);
  }
  return made;
}

void quantile_sketch::encode(std::string& into) const {
  put(into, version);
  put(into, seed_);
  put(into, coins_);
  put(into, count_);
  put(into, min_);
  put(into, max_);
  put(into, static_cast<std::uint8_t>(levels_));
  for (std::size_t level = 0; level < levels_; ++level)
    put(into, sizes_[level]);
  into.append(reinterpret_cast<const char*>(items_.data() + (max_items - used_)), used_ * sizeof(double));
}

bool quantile_sketch::decode(byte_reader& from) {
  auto left = from;
  quantile_sketch made{};
  std::uint8_t written = 0, levels = 0;
  if (!left.take(written) || written != version || !left.take(made.seed_) || !left.take(made.coins_)
      || !left.take(made.count_) || !left.take(made.min_) || !left.take(made.max_) || !left.take(levels)
      || levels > max_levels)
    return false;
  made.levels_ = levels;
  for (std::size_t level = 0; level < levels; ++level) {
    if (!left.take(made.sizes_[level]) || made.sizes_[level] > max_items)
      return false;
    made.used_ += made.sizes_[level];
  }
  std::string_view items;
  if (made.used_ > max_items || !left.take_bytes(made.used_ * sizeof(double), items))
    return false;
  if (!items.empty())
    std::memcpy(made.items_.data() + (max_items - made.used_), items.data(), items.size());
  if (!made.valid())
    return false;
  *this = made;
  from = left;
  return true;
}

bool quantile_sketch::valid() const noexcept {
  if (levels_ > max_levels || used_ > max_items || (count_ == 0) != (used_ == 0) || count_ > most_values)
    return false;
  std::uint64_t used = 0, count = 0;
  for (std::size_t level = 0; level < max_levels; ++level) {
    used += sizes_[level];
    if (used > max_items || (level >= levels_ && sizes_[level] != 0)
        || sizes_[level] > most_values >> level) // so that their sum does not overflow
      return false;
    count += std::uint64_t{sizes_[level]} << level;
  }
  if (used != used_ || count != count_ || (count_ == 0 && (levels_ != 0 || min_ != 0 || max_ != 0)))
    return false;
  const auto first = items_.begin() + static_cast<std::ptrdiff_t>(max_items - used_);
  if (!std::all_of(first, items_.end(), [this](double x) { return x >= min_ && x <= max_; }))
    return false; // so is a NaN
  auto at = first;
  for (std::size_t level = 0; level < levels_; ++level) {
    if (level > 0 && !std::is_sorted(at, at + sizes_[level]))
      return false;
    at += sizes_[level];
  }
  return true;
}

} // namespace weir::core
