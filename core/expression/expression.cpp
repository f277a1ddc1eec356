#include "core/expression/expression.hpp"

#include "core/expression/expression_parser.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace weir::core {

namespace {

constexpr std::size_t room_bytes = chunk_rows * sizeof(std::string_view);
constexpr std::size_t max_text = 64 * 1024;

/// Scratch memory of a thread, so that an evaluation allocates no registers.
std::byte* scratch(std::size_t bytes) {
  thread_local std::unique_ptr<std::byte[]> memory;
  thread_local std::size_t size = 0;
  if (bytes > size) {
    memory.reset(new std::byte[bytes]);
    size = bytes;
  }
  return memory.get();
}

std::size_t rows_of(const batch& b) noexcept {
  return b.raw ? b.raw->size() : b.rows.empty() ? 0 : b.rows.back() + 1;
}

/// Runs `program` over the rows of `b`; calls use(first row, rows, values) for each chunk.
template <class Use>
void run(const expression_program& program, const batch& b, Use use) {
  frame f;
  f.registers.resize(program.room.size());
  auto* memory = scratch(program.rooms * (room_bytes + chunk_rows));
  for (const auto& i : program.code) {
    auto& r = f.registers[i.out];
    r.room = memory + program.room[i.out] * (room_bytes + chunk_rows);
    r.null_room = static_cast<std::uint8_t*>(r.room) + room_bytes;
  }
  const auto rows = rows_of(b);
  for (std::size_t first = 0; first < rows; first += chunk_rows) {
    f.rows = std::min(chunk_rows, rows - first);
    for (const auto& use_of : program.columns) {
      const auto& c = b.at(use_of.column);
      auto& r = f.registers[use_of.at];
      switch (c.type) {
      case column_type::float64: r.data = c.f64.data() + first; break;
      case column_type::string: r.data = c.text.data() + first; break;
      default: r.data = c.i64.data() + first;
      }
      r.null = c.null.empty() ? nullptr : c.null.data() + first;
    }
    for (const auto& i : program.code)
      i.run(i, f);
    use(first, f.rows, f.registers[program.result]);
    f.text.release();
  }
}

} // namespace

result<expression> expression::bind(const layout& columns, std::string_view text) {
  if (text.size() > max_text)
    return fail("an expression of more than 65536 bytes", "col 1", "split it into several derived columns");
  auto program = expression_parser{columns, text}.parse();
  if (!program)
    return tl::unexpected{program.error()};
  return expression{std::make_shared<const expression_program>(std::move(*program))};
}

column_type expression::type() const noexcept {
  return program_->type;
}

column_ptr expression::evaluate(const batch& b) const {
  auto out = std::make_shared<column>();
  out->type = program_->type;
  const auto rows = rows_of(b);
  std::string arena;
  std::vector<std::size_t> ends; // of the texts in the arena, which moves while it grows
  switch (out->type) {
  case column_type::float64: out->f64.resize(rows); break;
  case column_type::string: ends.reserve(rows); break;
  default: out->i64.resize(rows);
  }
  run(*program_, b, [&](std::size_t first, std::size_t count, const chunk& values) {
    switch (out->type) {
    case column_type::float64:
      std::copy_n(values.as<double>(), count, out->f64.begin() + static_cast<std::ptrdiff_t>(first));
      break;
    case column_type::boolean:
      std::copy_n(values.as<std::uint8_t>(), count, out->i64.begin() + static_cast<std::ptrdiff_t>(first));
      break;
    case column_type::string:
      for (std::size_t row = 0; row < count; ++row) {
        if (values.null == nullptr || values.null[row] == 0)
          arena.append(values.as<std::string_view>()[row]);
        ends.push_back(arena.size());
      }
      break;
    default: std::copy_n(values.as<std::int64_t>(), count, out->i64.begin() + static_cast<std::ptrdiff_t>(first));
    }
    if (values.null != nullptr && std::memchr(values.null, 1, count) != nullptr) {
      out->null.resize(rows);
      std::memcpy(out->null.data() + first, values.null, count);
    }
  });
  if (out->type == column_type::string) {
    out->arena = std::make_shared<const std::string>(std::move(arena));
    out->text.reserve(rows);
    std::size_t begin = 0;
    for (const auto end : ends) {
      out->text.push_back(std::string_view{*out->arena}.substr(begin, end - begin));
      begin = end;
    }
  }
  return out;
}

void expression::select(const batch& b, std::vector<row_index>& rows) const {
  const auto before = rows.size();
  rows.resize(before + b.rows.size());
  auto* kept = rows.data() + before;
  auto next = b.rows.begin();
  run(*program_, b, [&](std::size_t first, std::size_t count, const chunk& values) {
    const auto* truth = values.as<std::uint8_t>();
    auto last = b.rows.end();
    if (last - next > 0 && last[-1] >= first + count)
      last = std::lower_bound(next, last, static_cast<row_index>(first + count));
    // Which rows stay is hardly predictable: every row is written, and the next one overwrites it when it goes.
    for (; next != last; ++next) {
      const auto at = *next - first;
      const bool null = values.null != nullptr && values.null[at] != 0;
      *kept = *next;
      kept += (truth[at] != 0) & !null;
    }
  });
  rows.resize(static_cast<std::size_t>(kept - rows.data()));
}

void expression::collect_columns(std::vector<column_id>& into) const {
  for (const auto& use : program_->columns)
    into.push_back(use.column);
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

} // namespace weir::core
