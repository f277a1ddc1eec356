#include "core/expression/expression_builder.hpp"

#include "core/base/civil_time.hpp"
#include "core/expression/expression_kernels.hpp"
#include "core/expression/expression_lexer.hpp"

#include <algorithm>

namespace weir::core {

namespace {

constexpr std::size_t max_instructions = 4096;

constexpr std::uint32_t no_room = 0xffffffffu;

/// Removes the instructions whose results nobody reads: literals that were converted.
void remove_unread(expression_program& program, register_id registers) {
  std::vector<std::uint8_t> read(registers, 0);
  read[program.result] = 1;
  std::for_each(program.code.rbegin(), program.code.rend(), [&](const instruction& i) {
    for (const auto in : i.in)
      read[in] = static_cast<std::uint8_t>(read[in] | read[i.out]);
  });
  std::erase_if(program.code, [&](const instruction& i) { return read[i.out] == 0; });
}

/// Gives each computed register a piece of scratch memory; one that is no longer read gives its piece back.
void assign_rooms(expression_program& program, register_id registers) {
  std::vector<std::size_t> last_use(registers, 0);
  for (std::size_t n = 0; n < program.code.size(); ++n)
    for (const auto in : program.code[n].in)
      last_use[in] = n;
  last_use[program.result] = program.code.size();
  program.room.assign(registers, no_room);
  std::vector<std::uint32_t> free;
  for (std::size_t n = 0; n < program.code.size(); ++n) {
    const auto& i = program.code[n];
    if (free.empty())
      free.push_back(program.rooms++);
    program.room[i.out] = free.back();
    free.pop_back();
    const auto release = [&](register_id r) {
      if (last_use[r] <= n && program.room[r] != no_room
          && std::find(free.begin(), free.end(), program.room[r]) == free.end())
        free.push_back(program.room[r]);
    };
    for (const auto in : i.in)
      release(in);
    if (last_use[i.out] == 0) // nobody reads it
      release(i.out);
  }
}

} // namespace

operand expression_builder::column(column_id id, column_type type, std::size_t at) {
  auto known =
      std::find_if(program_.columns.begin(), program_.columns.end(), [&](const auto& c) { return c.column == id; });
  if (known == program_.columns.end())
    known = program_.columns.insert(known, {registers_++, id, type});
  operand value{known->at, type, false, {}, {}, at};
  if (type != column_type::boolean)
    return value;
  // Columns keep booleans as integers, registers as bytes.
  return emit(kernels::unary<std::uint8_t, std::int64_t, [](std::int64_t v) { return v != 0; }>, type, {{value}});
}

operand expression_builder::literal(instruction i, column_type type, std::size_t at) {
  i.out = registers_++;
  program_.code.push_back(std::move(i));
  return {program_.code.back().out, type, false, {}, {}, at};
}

operand expression_builder::boolean(bool value, std::size_t at) {
  return literal({.run = kernels::constant<std::uint8_t>, .in = {}, .i64 = value, .text = {}}, column_type::boolean,
                 at);
}

operand expression_builder::int64(std::int64_t value, std::size_t at) {
  auto made =
      literal({.run = kernels::constant<std::int64_t>, .in = {}, .i64 = value, .text = {}}, column_type::int64, at);
  made.whole = value;
  return made;
}

operand expression_builder::float64(double value, std::size_t at) {
  return literal({.run = kernels::constant<double>, .in = {}, .f64 = value, .text = {}}, column_type::float64, at);
}

operand expression_builder::text(std::string value, std::size_t at) {
  auto made = literal({.run = kernels::constant<std::string_view>, .in = {}, .text = value}, column_type::string, at);
  made.text = std::move(value);
  return made;
}

operand expression_builder::null(std::size_t at) {
  operand value{0, column_type::float64, true, {}, {}, at};
  return value;
}

operand expression_builder::emit(kernel run, column_type type, std::span<const operand> in,
                                 std::shared_ptr<const void> state) {
  instruction i;
  i.run = run;
  i.state = std::move(state);
  i.out = registers_++;
  for (const auto& value : in)
    i.in.push_back(value.at);
  program_.code.push_back(std::move(i));
  return {program_.code.back().out, type, false, {}, {}, in.empty() ? 1 : in[0].column};
}

result<operand> expression_builder::convert(operand value, column_type type, std::string_view who) {
  if (value.is_null) {
    auto made = emit(by_type(type, []<class T>(T) -> kernel { return kernels::missing<T>; }), type, {});
    made.column = value.column;
    return made;
  }
  if (value.type == type)
    return value;
  if (value.whole && type == column_type::float64)
    return float64(static_cast<double>(*value.whole), value.column);
  if (value.type == column_type::int64 && type == column_type::float64)
    return emit(kernels::unary<double, std::int64_t, [](std::int64_t v) { return static_cast<double>(v); }>, type,
                {{value}});
  if (value.text && type == column_type::timestamp) {
    const auto ms = parse_timestamp(*value.text);
    if (!ms)
      return fail_at(value.column, "'" + *value.text + "' is no time",
                     "write it as 2026-01-05T13:45:10Z or 2026-01-05");
    auto made = int64(*ms, value.column);
    made.type = column_type::timestamp;
    made.whole.reset();
    return made;
  }
  return fail_at(value.column, std::string{who} + " expects " + std::string{to_string(type)} + ", not "
                                   + std::string{to_string(value.type)});
}

namespace {

tl::unexpected<error> fail_mixed(std::size_t column, std::string_view who, column_type one, column_type other) {
  const bool has_text = one == column_type::string || other == column_type::string;
  return fail_at(column,
                 std::string{who} + " needs values of one type, not " + std::string{to_string(one)} + " and "
                     + std::string{to_string(other)},
                 has_text ? "'cast' in preprocess makes a number of a string" : "");
}

} // namespace

result<column_type> expression_builder::unify(std::span<operand> values, std::string_view who) {
  std::optional<column_type> type;
  for (const auto& value : values) {
    if (value.is_null)
      continue;
    const bool widens = type == column_type::int64 && value.type == column_type::float64;
    const bool becomes_time = type == column_type::string && value.type == column_type::timestamp;
    if (!type || widens || becomes_time)
      type = value.type;
  }
  if (!type)
    return fail_at(values[0].column, std::string{who} + " has nothing but null to work on");
  for (auto& value : values) {
    auto converted = convert(value, *type, who);
    const bool is_no_time = value.text && type == column_type::timestamp;
    if (!converted && !is_no_time)
      return fail_mixed(value.column, who, *type, value.type);
    if (!converted)
      return tl::unexpected{converted.error()};
    value = std::move(*converted);
  }
  return *type;
}

bool expression_builder::is_full() const noexcept {
  return program_.code.size() >= max_instructions;
}

expression_program expression_builder::finish(const operand& value) && {
  program_.result = value.at;
  program_.type = value.type;
  remove_unread(program_, registers_);
  assign_rooms(program_, registers_);
  return std::move(program_);
}

} // namespace weir::core
