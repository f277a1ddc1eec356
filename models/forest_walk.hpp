#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::models {

/// How a forest is laid out for the walk; between forest.cpp and forest_walk.cpp.
///
/// Codes of a group of rows: that of channel c and row r at [c * group + r], each from 0 to 32,766.
/// A split is a word: below, a bound from 0 to 32,767, above, where its channel begins, in units of four codes. A row
/// whose code is less than the bound goes left. In a heap the children of word i are the words 2i (right) and 2i + 1
/// (left).
namespace walk {

constexpr std::size_t group = 64;
constexpr std::uint32_t top_levels = 5;        ///< all rows are compared with all nodes
constexpr std::size_t max_thresholds = 32'766; ///< of a channel
constexpr std::size_t max_channels = 4'095;
constexpr std::uint32_t always_left = 0x7fff;
constexpr std::uint32_t always_right = 0;

constexpr std::uint32_t split(std::size_t channel, std::size_t bound) {
  return static_cast<std::uint32_t>(channel * (group / 4) << 16 | bound);
}

struct linked_node {
  std::uint32_t split = always_right;
  std::uint32_t child = 0; ///< where the right child stands, the left one behind it; of a leaf: the leaf itself
};

/// Codes of a group of values: how many of the thresholds, ascending, are less than each; none for NaN.
using encode_function = void (*)(const float* thresholds, std::size_t count, const float* values, std::uint16_t* codes);

/// Takes the rows of a group from the root to their leaves. @param heap of `levels` >= top_levels levels of splits
/// @param leaves out: the word of each row's leaf
using heap_function = void (*)(const std::uint32_t* heap, std::uint32_t levels, const std::uint16_t* codes,
                               std::uint32_t* leaves);

/// The same in a linked tree. @param heap of top_levels levels, whose leaves are indices into `nodes`
/// @param leaves out: where each row's leaf stands in `nodes`
using linked_function = void (*)(const std::uint32_t* heap, const linked_node* nodes, std::uint32_t levels,
                                 const std::uint16_t* codes, std::uint32_t* leaves);

/// The codes of a group of doubles.
void encode_doubles(const double* thresholds, std::size_t count, const double* values, std::uint16_t* codes) noexcept;

/// Trees through which a single row goes at a time.
inline constexpr std::size_t trees_together = 8;

/// Takes one row from the roots of `trees_together` heaps to their leaves: words of these.
/// @param codes those of a group, of which the first row counts
void descend(const std::uint32_t* const* heaps, const std::uint32_t* levels, const std::uint16_t* codes,
             std::uint32_t* leaves) noexcept;

/// Takes one row from a linked node to a leaf, and says where that stands.
std::uint32_t follow(const linked_node* nodes, std::uint32_t from, const std::uint16_t* codes) noexcept;

struct functions {
  encode_function encode;
  heap_function heap;
  linked_function linked;
};

/// The fastest for this machine.
functions choose() noexcept;

/// For any machine.
functions portable() noexcept;

} // namespace walk
} // namespace weir::models
