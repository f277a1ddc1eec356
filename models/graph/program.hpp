#pragma once

#include "core/base/result.hpp"
#include "models/graph/element.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models {

/// Where a column of a block stands while a program runs.
using register_id = std::uint32_t;
using registers = std::vector<register_id>;

/// The registers of a program for one block of rows.
class frame {
public:
  frame(void* const* at, std::size_t rows) noexcept : at_{at}, rows_{rows} {}

  std::size_t rows() const noexcept { return rows_; }

  /// The values of a register, one for each row. @tparam T its type
  template <class T>
  T* at(register_id id) const noexcept {
    return static_cast<T*>(at_[id]);
  }

private:
  void* const* at_;
  std::size_t rows_;
};

/// One step of a program: makes columns of columns. What a row gets does not depend on the rows beside it. Immutable,
/// shared by threads.
class kernel {
public:
  kernel(registers from, registers to) : reads{std::move(from)}, writes{std::move(to)} {}
  virtual ~kernel() = default;
  kernel(const kernel&) = delete;
  kernel& operator=(const kernel&) = delete;

  /// Fills all registers of `writes`; none of them is one of `reads`. One virtual call a block.
  virtual void run(const frame& f) const = 0;

  registers reads;
  registers writes;

  /// Column i of `writes` is made of column i of `reads`, and of those that stand writes.size() behind it, alone.
  bool is_by_column = false;
};

/// Steps over registers: what a model is when it is computed. Immutable, shared by threads.
class program {
public:
  /// Rows that it computes at a time: as many as keep the registers in the second cache, at most 1,024.
  std::size_t block_rows() const noexcept { return block_rows_; }

  /// Why rows may have no result.
  const std::vector<std::string>& refusals() const noexcept { return refusals_; }

  /// Computes a block. @param inputs a column for each input register, with the values of `rows` rows
  /// @param outputs out: the columns asked for, in their order, then one of truth values for each of refusals();
  /// valid until this thread runs a program again
  /// @pre rows <= block_rows()
  void run(const void* const* inputs, std::size_t rows, const void** outputs) const;

private:
  friend class program_builder;

  enum class place : std::uint8_t { input, constant, scratch };
  struct slot {
    place where = place::scratch;
    std::size_t at = 0; ///< which input, or the byte where it begins
  };

  std::vector<std::unique_ptr<const kernel>> kernels_;
  std::vector<slot> slots_; ///< by register
  registers outputs_;
  std::vector<std::string> refusals_;
  std::vector<std::byte> constants_;
  std::vector<std::unique_ptr<const std::string>> texts_; ///< what constants of text point into
  std::size_t scratch_bytes_ = 0;
  std::size_t block_rows_ = 1;
};

/// Makes a program, step by step.
class program_builder {
public:
  /// More registers than any model of use has; bounds what a broken file can ask for.
  static constexpr std::size_t max_registers = std::size_t{1} << 22;

  element type_of(register_id id) const noexcept { return registers_[id].type; }

  /// A column that is given to program::run(), after those of the calls before.
  register_id input(element type);

  /// A register that a kernel is to fill.
  register_id make(element type);
  registers make(element type, std::size_t count);

  /// A register with the same value in each row. Equal constants share one.
  template <class T>
  register_id constant(T value) {
    if constexpr (std::is_same_v<T, std::string_view>)
      value = keep(value);
    return add_constant(element_of<T>(), &value);
  }

  /// A text that lives as long as the program.
  std::string_view keep(std::string_view text);

  void add(std::unique_ptr<kernel> step) { kernels_.push_back(std::move(step)); }

  template <class Kernel, class... Args>
  void add(Args&&... args) {
    kernels_.push_back(std::make_unique<Kernel>(std::forward<Args>(args)...));
  }

  /// Which inputs the values of a register depend on, ascending, as far as kernels say.
  std::vector<std::size_t> inputs_behind(register_id id) const;

  /// Rows in which one of these columns of truth values is true have no result.
  void refuse_where(const registers& columns, const std::string& why);

  const std::vector<std::string>& refusals() const noexcept { return refusals_; }

  /// Whether there were more than max_registers. Registers beyond them are not to be used.
  bool is_full() const noexcept { return registers_.size() > max_registers; }

  /// The program that fills `outputs`; steps that nothing needs are left out. The builder is empty afterwards.
  program finish(registers outputs);

private:
  enum class origin : std::uint8_t { input, constant, kernel };
  struct a_register {
    element type;
    origin from;
    std::size_t index = 0; ///< of an input: which one; of a constant: where its bytes begin
  };

  register_id add_constant(element type, const void* value);
  void drop_unused(const registers& outputs);

  std::vector<a_register> registers_;
  std::vector<std::unique_ptr<kernel>> kernels_;
  registers refused_;
  std::vector<std::string> refusals_;
  std::size_t inputs_ = 0;
  std::vector<std::byte> constant_bytes_;                                  ///< one value each
  std::map<std::pair<element, std::string>, register_id> known_constants_; ///< by type and bytes
  std::vector<std::unique_ptr<const std::string>> texts_;
};

} // namespace weir::models
