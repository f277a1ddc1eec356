#include "models/forest_walk.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir::models::walk {

namespace {

constexpr std::size_t interleaved = 8; ///< rows whose steps wait for memory at the same time
constexpr std::size_t strip = 2;       ///< vectors that share what is read of a node

template <std::size_t bytes>
struct vectors {
  using codes [[gnu::vector_size(bytes)]] = std::int16_t;
  using floats [[gnu::vector_size(bytes)]] = float;
  using counts [[gnu::vector_size(bytes)]] = std::int32_t;
};

/// A mask for each row of a strip.
template <std::size_t bytes>
struct masks {
  typename vectors<bytes>::codes part[strip];
};

struct split_word {
  std::uint16_t bound;
  std::uint16_t channel; ///< in units of four codes
};

[[gnu::always_inline]] inline split_word read_split(const std::uint32_t* word) {
  static_assert(std::endian::native == std::endian::little);
  split_word split;
  const auto* bytes = reinterpret_cast<const char*>(word);
  std::memcpy(&split.bound, bytes, sizeof split.bound); // two loads cost less than one and the shifts
  std::memcpy(&split.channel, bytes + sizeof split.bound, sizeof split.channel);
  return split;
}

/// Of the rows of a strip, those that go left at the node to which each gets, `levels` levels below `node`. `path` has
/// the masks of the levels before.
template <std::uint32_t levels, std::size_t bytes>
[[gnu::always_inline]] inline masks<bytes> compare(const std::uint32_t* heap, std::uint32_t node,
                                                   const std::uint16_t* codes, const masks<bytes>* path) {
  masks<bytes> left;
  if constexpr (levels == 0) {
    const auto split = read_split(heap + node);
    const auto bound = static_cast<std::int16_t>(split.bound);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < strip; ++i) {
      typename vectors<bytes>::codes code;
      std::memcpy(&code, codes + split.channel * std::size_t{4} + i * (sizeof code / sizeof *codes), sizeof code);
      left.part[i] = code < bound;
    }
  } else {
    const auto if_left = compare<levels - 1, bytes>(heap, 2 * node + 1, codes, path + 1);
    const auto if_right = compare<levels - 1, bytes>(heap, 2 * node, codes, path + 1);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < strip; ++i)
      // the plain form of a choice, which every compiler turns into a good one
      left.part[i] = if_right.part[i] ^ ((if_left.part[i] ^ if_right.part[i]) & path->part[i]);
  }
  return left;
}

/// Where each row of the group stands in the heap after the top levels.
template <std::size_t bytes>
[[gnu::always_inline]] inline void walk_top(const std::uint32_t* heap, const std::uint16_t* codes, std::uint16_t* at) {
  static_assert(top_levels == 5);
  constexpr auto width = bytes / sizeof *codes;
  for (std::size_t row = 0; row < group; row += strip * width) {
    masks<bytes> left[top_levels];
    left[0] = compare<0, bytes>(heap, 1, codes + row, left);
    left[1] = compare<1, bytes>(heap, 1, codes + row, left);
    left[2] = compare<2, bytes>(heap, 1, codes + row, left);
    left[3] = compare<3, bytes>(heap, 1, codes + row, left);
    left[4] = compare<4, bytes>(heap, 1, codes + row, left);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < strip; ++i) {
      const typename vectors<bytes>::codes sum = 32 + (left[0].part[i] & 16) + (left[1].part[i] & 8)
                                                 + (left[2].part[i] & 4) + (left[3].part[i] & 2)
                                                 + (left[4].part[i] & 1);
      std::memcpy(at + row + i * width, &sum, sizeof sum);
    }
  }
}

/// 1 for a row that goes left; its codes are those of the rows from `codes` on, at `row`.
[[gnu::always_inline]] inline std::uint32_t goes_left(split_word split, const std::uint16_t* codes, std::size_t row) {
  return (std::uint32_t{codes[split.channel * std::size_t{4} + row]} - split.bound) >> 31;
}

/// Keeps the compiler from giving each row a pointer of its own, for which there are not enough registers.
[[gnu::always_inline]] inline const std::uint16_t* opaque(const std::uint16_t* codes) {
  asm("" : "+r"(codes));
  return codes;
}

template <std::size_t bytes>
[[gnu::always_inline]] inline void walk_heap(const std::uint32_t* heap, std::uint32_t levels,
                                             const std::uint16_t* codes, std::uint32_t* leaves) {
  std::uint16_t top[group];
  walk_top<bytes>(heap, codes, top);
  for (std::size_t row = 0; row < group; row += interleaved) {
    const auto* here = opaque(codes + row);
    std::uint64_t at[interleaved];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      at[i] = top[row + i];
    for (auto level = top_levels; level < levels; ++level) {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < interleaved; ++i)
        at[i] = at[i] + at[i] + goes_left(read_split(heap + at[i]), here, i);
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      leaves[row + i] = heap[at[i]];
  }
}

template <std::size_t bytes>
[[gnu::always_inline]] inline void walk_linked(const std::uint32_t* heap, const linked_node* nodes,
                                               std::uint32_t levels, const std::uint16_t* codes,
                                               std::uint32_t* leaves) {
  constexpr std::uint32_t steps = 4; ///< between two looks at whether all rows have arrived
  std::uint16_t top[group];
  walk_top<bytes>(heap, codes, top);
  for (std::size_t row = 0; row < group; row += interleaved) {
    const auto* here = opaque(codes + row);
    std::uint32_t at[interleaved];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      at[i] = heap[top[row + i]];
    for (auto level = top_levels; level < levels; level += steps) {
      for (std::uint32_t step = 0; step < steps; ++step) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < interleaved; ++i)
          at[i] = nodes[at[i]].child + goes_left(read_split(&nodes[at[i]].split), here, i);
      }
      std::uint32_t on_the_way = 0;
#pragma GCC unroll 8
      for (std::size_t i = 0; i < interleaved; ++i)
        on_the_way |= nodes[at[i]].child ^ at[i];
      if (on_the_way == 0)
        break;
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      leaves[row + i] = at[i];
  }
}

/// How many thresholds are less than each value: a few are compared with all rows, many are searched. All rows take a
/// step of the search together, and no step is a jump.
template <std::size_t bytes>
[[gnu::always_inline]] inline void encode(const float* thresholds, std::size_t count, const float* values,
                                          std::uint16_t* codes) {
  constexpr std::size_t few = 160;
  std::int32_t less[group] = {};
  if (count <= few) {
    constexpr std::size_t count_of_vectors = group * sizeof(float) / bytes;
    typename vectors<bytes>::floats value[count_of_vectors];
    typename vectors<bytes>::counts sum[count_of_vectors] = {};
    std::memcpy(value, values, sizeof value);
    for (std::size_t t = 0; t < count; ++t) {
#pragma GCC unroll 16
      for (std::size_t i = 0; i < count_of_vectors; ++i)
        sum[i] -= thresholds[t] < value[i];
    }
    std::memcpy(less, sum, sizeof less);
  } else {
    for (auto size = count; size > 1;) {
      const auto half = static_cast<std::int32_t>(size / 2);
      for (std::size_t r = 0; r < group; ++r)
        less[r] += half & -static_cast<std::int32_t>(thresholds[less[r] + half - 1] < values[r]);
      size -= size / 2;
    }
    for (std::size_t r = 0; r < group; ++r)
      less[r] += thresholds[less[r]] < values[r] ? 1 : 0;
  }
  for (std::size_t r = 0; r < group; ++r)
    codes[r] = static_cast<std::uint16_t>(less[r]);
}

void heap_portable(const std::uint32_t* heap, std::uint32_t levels, const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_heap<16>(heap, levels, codes, leaves);
}

void linked_portable(const std::uint32_t* heap, const linked_node* nodes, std::uint32_t levels,
                     const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_linked<16>(heap, nodes, levels, codes, leaves);
}

void encode_portable(const float* thresholds, std::size_t count, const float* values, std::uint16_t* codes) {
  encode<16>(thresholds, count, values, codes);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void heap_avx2(const std::uint32_t* heap, std::uint32_t levels, const std::uint16_t* codes,
                                       std::uint32_t* leaves) {
  walk_heap<32>(heap, levels, codes, leaves);
}

[[gnu::target("avx2")]] void linked_avx2(const std::uint32_t* heap, const linked_node* nodes, std::uint32_t levels,
                                         const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_linked<32>(heap, nodes, levels, codes, leaves);
}

[[gnu::target("avx2")]] void encode_avx2(const float* thresholds, std::size_t count, const float* values,
                                         std::uint16_t* codes) {
  encode<32>(thresholds, count, values, codes);
}
#endif

} // namespace

void encode_doubles(const double* thresholds, std::size_t count, const double* values, std::uint16_t* codes) noexcept {
  for (std::size_t r = 0; r < group; ++r) {
    // a NaN is above no threshold
    const auto* at = thresholds;
    for (auto size = count; size > 1; size -= size / 2)
      at += at[size / 2 - 1] < values[r] ? size / 2 : 0;
    codes[r] = static_cast<std::uint16_t>(at - thresholds + (count > 0 && *at < values[r] ? 1 : 0));
  }
}

void descend(const std::uint32_t* const* heaps, const std::uint32_t* levels, const std::uint16_t* codes,
             std::uint32_t* leaves) noexcept {
  const auto common = *std::min_element(levels, levels + trees_together);
  std::uint32_t at[trees_together];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < trees_together; ++i)
    at[i] = 1;
  for (std::uint32_t level = 0; level < common; ++level) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < trees_together; ++i)
      at[i] = at[i] + at[i] + goes_left(read_split(heaps[i] + at[i]), codes, 0);
  }
  for (std::size_t i = 0; i < trees_together; ++i) {
    for (auto level = common; level < levels[i]; ++level)
      at[i] = at[i] + at[i] + goes_left(read_split(heaps[i] + at[i]), codes, 0);
    leaves[i] = heaps[i][at[i]];
  }
}

std::uint32_t follow(const linked_node* nodes, std::uint32_t from, const std::uint16_t* codes) noexcept {
  for (;;) {
    const auto next = nodes[from].child + goes_left(read_split(&nodes[from].split), codes, 0);
    if (next == from)
      return from;
    from = next;
  }
}

functions portable() noexcept {
  return {encode_portable, heap_portable, linked_portable};
}

functions choose() noexcept {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2"))
    return {encode_avx2, heap_avx2, linked_avx2};
#endif
  return portable();
}

} // namespace weir::models::walk
