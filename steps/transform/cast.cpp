#include "config/binding.hpp"
#include "config/sections.hpp"
#include "core/batch/column_builder.hpp"
#include "core/format/text_value.hpp"
#include "core/format/value_text.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

#include <cmath>
#include <optional>

namespace weir::steps {

namespace {

using namespace config;
using core::column;
using core::column_type;
using core::row_index;

/// What becomes of a record whose value is none of the new type.
enum class on_error : std::uint8_t { dead_letter, null };

constexpr std::array<std::pair<std::string_view, on_error>, 2> on_error_words{
    {{"dead_letter", on_error::dead_letter}, {"null", on_error::null}}};
words<on_error> words_for(std::type_identity<on_error>) {
  return on_error_words;
}

struct cast_settings {
  column_name of;
  column_type to = column_type::float64;
  new_column as;
  steps::on_error then = on_error::dead_letter;
};

constexpr std::array cast_fields{
    field<&cast_settings::of>("cast", "the column", required),
    field<&cast_settings::to>("to", "the new type", required),
    field<&cast_settings::as>("as", "a new column for it; default: it takes the column's place"),
    field<&cast_settings::then>("on_error", "what becomes of a record whose value is none of that type"),
};

std::optional<double> to_double(const column& from, row_index row) noexcept {
  switch (from.type) {
  case column_type::string: return core::read_double(from.text[row]);
  case column_type::float64: return from.f64[row];
  default: return static_cast<double>(from.i64[row]);
  }
}

/// Doubles lose their fraction; what does not fit, NaN and infinities are none.
std::optional<std::int64_t> to_whole(const column& from, row_index row) noexcept {
  if (from.type == column_type::string)
    return core::read_int64(from.text[row]);
  if (from.type != column_type::float64)
    return from.i64[row];
  constexpr double beyond = 9223372036854775808.0; // 2^63
  const auto value = std::trunc(from.f64[row]);
  return value >= -beyond && value < beyond ? std::optional{static_cast<std::int64_t>(value)} : std::nullopt;
}

/// Of numbers: whether it is other than 0.
std::optional<std::int64_t> to_truth(const column& from, row_index row) noexcept {
  if (from.type == column_type::string)
    return core::read_boolean(from.text[row]);
  if (from.type == column_type::float64)
    return std::isnan(from.f64[row]) ? std::nullopt : std::optional<std::int64_t>{from.f64[row] != 0};
  return from.i64[row] != 0;
}

std::optional<std::int64_t> to_integer(const column& from, row_index row, column_type to) noexcept {
  if (to == column_type::boolean)
    return to_truth(from, row);
  if (to == column_type::timestamp && from.type == column_type::string)
    return core::read_timestamp(from.text[row]);
  return to_whole(from, row);
}

/// The value as it would be written.
std::string text_of(const column& from, row_index row) {
  if (from.type == column_type::string)
    return std::string{from.text[row]};
  std::array<char, core::plain_value_size> text{};
  return {text.data(), core::write_plain_value(from, row, text.data())};
}

class to_type final : public core::transform {
public:
  to_type(core::column_id from, std::string name, core::column_id into, column_type type, steps::on_error then) :
      from_{from}, into_{into}, name_{std::move(name)}, type_{type}, then_{then} {}

  void apply(core::batch& b) const override {
    const auto& from = b.at(from_);
    core::column_builder made{type_};
    made.start(b.raw->size());
    std::vector<std::pair<row_index, std::string>> refused;
    for (const auto row : b.rows)
      if (from.is_null(row) || !store(from, row, made)) {
        made.set_null(row);
        if (!from.is_null(row) && then_ == on_error::dead_letter)
          refused.emplace_back(row,
                               "'" + name_ + "' is no " + std::string{to_string(type_)} + ": " + text_of(from, row));
      }
    core::set_column(b, into_, made.finish());
    if (!refused.empty())
      reject(b, std::move(refused));
  }

private:
  /// False: the value is none of that type.
  bool store(const column& from, row_index row, core::column_builder& into) const {
    if (type_ == column_type::string) {
      const auto begin = into.arena().size();
      into.arena() += text_of(from, row);
      into.set_from_arena(row, begin);
      return true;
    }
    if (type_ == column_type::float64) {
      const auto value = to_double(from, row);
      into.f64()[row] = value.value_or(0);
      return value.has_value();
    }
    const auto value = to_integer(from, row, type_);
    into.i64()[row] = value.value_or(0);
    return value.has_value();
  }

  core::column_id from_;
  core::column_id into_;
  std::string name_;
  column_type type_;
  steps::on_error then_;
};

void bind(const cast_settings& s, binding& into) {
  const auto from = into.use(s.of);
  if (s.of.text.empty())
    return;
  const auto as = made_of(s.of, s.as, s.to, into);
  if (from)
    into.add(std::make_unique<to_type>(*from, s.of.text, as, s.to, s.then));
}

} // namespace

constexpr step_kind cast = make_kind<cast_settings, cast_fields, bind>(
    "cast", "a column's values as another type", "{ cast: Age, to: double, on_error: dead_letter }");

} // namespace weir::steps
