#pragma once

#include "core/batch/column.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

// What an expression is compiled to: instructions on registers, run over a batch in chunks of rows. A register holds
// the values of one chunk.

namespace weir::core {

/// Rows of a chunk: the registers of a usual expression stay in the first-level cache.
inline constexpr std::size_t chunk_rows = 1024;

using register_id = std::uint32_t;

/// The values of one register for the chunk at hand. Elements are double, std::int64_t (also timestamps), std::uint8_t
/// (booleans) or std::string_view. Values of null rows are arbitrary.
struct chunk {
  const void* data = nullptr;
  const std::uint8_t* null = nullptr; ///< null when no row is
  void* room = nullptr;               ///< where a computed register's values go
  std::uint8_t* null_room = nullptr;

  template <class T>
  const T* as() const noexcept {
    return static_cast<const T*>(data);
  }
};

struct instruction;

/// An evaluation on its way.
struct frame {
  std::vector<chunk> registers;
  std::size_t rows = 0;                     ///< of this chunk
  std::pmr::monotonic_buffer_resource text; ///< text made in this chunk
};

using kernel = void (*)(const instruction&, frame&);

struct instruction {
  kernel run = nullptr;
  register_id out = 0;
  std::vector<register_id> in;
  // A constant's value.
  double f64 = 0;
  std::int64_t i64 = 0;
  std::string text;
  std::shared_ptr<const void> state{}; ///< of a function: a pattern, a time zone; not changed
};

/// A register that shows a column of the batch.
struct column_use {
  register_id at = 0;
  column_id column = 0;
  column_type type = column_type::float64;
};

struct expression_program {
  std::vector<column_use> columns;
  std::vector<instruction> code;   ///< in the order of evaluation
  std::vector<std::uint32_t> room; ///< by register: which piece of scratch memory it may use
  std::uint32_t rooms = 0;
  register_id result = 0;
  column_type type = column_type::boolean;
};

} // namespace weir::core
