#include "models/forest_walk.hpp"

#include <cstring>

namespace weir::models::walk {

namespace {

constexpr std::size_t interleaved = 8; ///< rows whose steps wait for memory at the same time
constexpr std::size_t width = 16;      ///< codes of a vector

using vector [[gnu::vector_size(2 * width)]] = std::int16_t;

/// The mask of the rows that go left at a split: of 16 rows, their codes `codes`.
[[gnu::always_inline]] inline void compare(std::uint32_t split, const std::uint16_t* codes, vector& left) {
  vector code;
  std::memcpy(&code, codes + (split >> 16) * 4, sizeof code);
  left = code < static_cast<std::int16_t>(split & 0xffff);
}

/// The mask of the rows that go left at the node of `level` levels below `node` that they get to, where `path` has the
/// masks of the levels before.
template <std::uint32_t levels>
[[gnu::always_inline]] inline void compare_below(const std::uint32_t* heap, std::uint32_t node,
                                                 const std::uint16_t* codes, const vector* path, vector& left) {
  if constexpr (levels == 0) {
    compare(heap[node], codes, left);
  } else {
    vector if_left;
    vector if_right;
    compare_below<levels - 1>(heap, 2 * node + 1, codes, path + 1, if_left);
    compare_below<levels - 1>(heap, 2 * node, codes, path + 1, if_right);
    left = *path ? if_left : if_right;
  }
}

/// Where each row of the group stands in the heap after the top levels.
[[gnu::always_inline]] inline void walk_top(const std::uint32_t* heap, const std::uint16_t* codes, std::uint16_t* at) {
  static_assert(top_levels == 5);
  for (std::size_t row = 0; row < group; row += width) {
    vector left[top_levels];
    compare_below<0>(heap, 1, codes + row, left, left[0]);
    compare_below<1>(heap, 1, codes + row, left, left[1]);
    compare_below<2>(heap, 1, codes + row, left, left[2]);
    compare_below<3>(heap, 1, codes + row, left, left[3]);
    compare_below<4>(heap, 1, codes + row, left, left[4]);
    const vector sum = 32 + (left[0] & 16) + (left[1] & 8) + (left[2] & 4) + (left[3] & 2) + (left[4] & 1);
    std::memcpy(at + row, &sum, sizeof sum);
  }
}

/// 1 for a row that goes left.
[[gnu::always_inline]] inline std::uint32_t goes_left(std::uint32_t split, const std::uint16_t* codes) {
  return codes[(split >> 16) * std::size_t{4}] < static_cast<std::uint16_t>(split) ? 1 : 0;
}

[[gnu::always_inline]] inline void walk_heap(const std::uint32_t* heap, std::uint32_t levels,
                                             const std::uint16_t* codes, std::uint32_t* leaves) {
  std::uint16_t top[group];
  walk_top(heap, codes, top);
  for (std::size_t row = 0; row < group; row += interleaved) {
    std::uint32_t at[interleaved];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      at[i] = top[row + i];
    for (auto level = top_levels; level < levels; ++level) {
#pragma GCC unroll 8
      for (std::size_t i = 0; i < interleaved; ++i)
        at[i] = 2 * at[i] + goes_left(heap[at[i]], codes + row + i);
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      leaves[row + i] = heap[at[i]];
  }
}

[[gnu::always_inline]] inline void walk_linked(const std::uint32_t* heap, const linked_node* nodes,
                                               std::uint32_t levels, const std::uint16_t* codes,
                                               std::uint32_t* leaves) {
  constexpr std::uint32_t steps = 4; ///< between two looks at whether all rows have arrived
  std::uint16_t top[group];
  walk_top(heap, codes, top);
  for (std::size_t row = 0; row < group; row += interleaved) {
    std::uint32_t at[interleaved];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < interleaved; ++i)
      at[i] = heap[top[row + i]];
    for (auto level = top_levels; level < levels; level += steps) {
      for (std::uint32_t step = 0; step < steps; ++step) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < interleaved; ++i)
          at[i] = nodes[at[i]].child + goes_left(nodes[at[i]].split, codes + row + i);
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

void heap_portable(const std::uint32_t* heap, std::uint32_t levels, const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_heap(heap, levels, codes, leaves);
}

void linked_portable(const std::uint32_t* heap, const linked_node* nodes, std::uint32_t levels,
                     const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_linked(heap, nodes, levels, codes, leaves);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void heap_avx2(const std::uint32_t* heap, std::uint32_t levels, const std::uint16_t* codes,
                                       std::uint32_t* leaves) {
  walk_heap(heap, levels, codes, leaves);
}

[[gnu::target("avx2")]] void linked_avx2(const std::uint32_t* heap, const linked_node* nodes, std::uint32_t levels,
                                         const std::uint16_t* codes, std::uint32_t* leaves) {
  walk_linked(heap, nodes, levels, codes, leaves);
}
#endif

} // namespace

functions portable() noexcept {
  return {heap_portable, linked_portable};
}

functions choose() noexcept {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2"))
    return {heap_avx2, linked_avx2};
#endif
  return portable();
}

} // namespace weir::models::walk
