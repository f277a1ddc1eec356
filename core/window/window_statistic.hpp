#pragma once

#include "core/base/result.hpp"
#include "core/batch/column.hpp"
#include "core/batch/column_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::core {

/// Records that enter windows: everything has one entry a record.
struct window_rows {
  std::span<const row_index> rows;
  const std::int64_t* times = nullptr; ///< event time, ms
  std::byte* const* states = nullptr;  ///< of the record's window
  std::size_t offset = 0;              ///< of the statistic's part in it

  template <class State>
  State& state(std::size_t i) const noexcept {
    return *reinterpret_cast<State*>(states[i] + offset);
  }
};

/// What a window that makes a record keeps of a column. It holds settings only; what it remembers is flat state of
/// fixed size, all zero bytes in the beginning: no pointers in it.
class window_statistic {
public:
  virtual ~window_statistic() = default;

  /// A multiple of 8.
  virtual std::size_t state_size() const noexcept = 0;

  /// Of the column that it makes.
  virtual column_type type() const noexcept = 0;

  /// Whether bytes that were read back can be a state. @param state aligned to 8
  virtual bool valid(const std::byte* state) const noexcept = 0;

  /// Takes records in; a null value does not enter. @param of the column; null: it reads none
  virtual void add(const column* of, const window_rows& rows) const = 0;

  /// Takes in what another window has seen, as if all of it had come here.
  virtual void merge(std::byte* into, const std::byte* other) const noexcept = 0;

  /// Writes what it says into row `row`.
  virtual void read(const std::byte* state, row_index row, column_builder& into) const = 0;
};

using window_statistic_ptr = std::shared_ptr<const window_statistic>;

/// One function of windows that make records.
struct window_function {
  std::string_view name;
  std::string_view help;
  std::string_view example;
  enum class column_use : std::uint8_t { needed, optional } column = column_use::needed;
  bool has_number = false; ///< a second argument
  /// @param type of the column; absent: it is given none @param number the second argument
  result<window_statistic_ptr> (*make)(std::optional<column_type> type, double number);
};

/// All of them.
std::span<const window_function> window_functions() noexcept;

/// The longest text that `first` and `last` keep, in bytes: a longer one is cut there, at the end of a character.
inline constexpr std::size_t longest_kept_text = 240;

} // namespace weir::core
