#include "config/binding.hpp"
#include "config/explain.hpp"
#include "core/format/text_value.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;
using core::column_type;

struct impute_settings {
  column_name of;
  located value;
  new_column as;
};

constexpr std::array impute_fields{
    field<&impute_settings::of>("impute", "the column", required),
    field<&impute_settings::value>("value", "what a null becomes: a mean, a median, a word; of the column's type",
                                   required),
    field<&impute_settings::as>("as", "a new column for it; default: it takes the column's place"),
};

/// What the nulls of a column become.
struct filling {
  double f64 = 0;
  std::int64_t i64 = 0;
  std::shared_ptr<const std::string> text;
};

class to_filled final : public core::transform {
public:
  to_filled(core::column_id from, core::column_id into, filling with) :
      from_{from}, into_{into}, with_{std::move(with)} {}

  void apply(core::batch& b) const override {
    const auto& from = b.columns[from_];
    if (from->null.empty())
      return core::set_column(b, into_, from);
    auto made = std::make_shared<core::column>();
    made->type = from->type;
    made->f64 = from->f64;
    made->i64 = from->i64;
    for (std::size_t i = 0; i < made->f64.size(); ++i)
      made->f64[i] = from->null[i] != 0 ? with_.f64 : made->f64[i];
    for (std::size_t i = 0; i < made->i64.size(); ++i)
      made->i64[i] = from->null[i] != 0 ? with_.i64 : made->i64[i];
    if (from->type == column_type::string)
      fill_texts(*from, *made);
    core::set_column(b, into_, std::move(made));
  }

private:
  /// Texts are views: those that are there move into the new column's arena.
  void fill_texts(const core::column& from, core::column& into) const {
    auto arena = std::make_shared<std::string>();
    std::size_t size = 0;
    const auto text_at = [&](std::size_t i) {
      return from.null[i] != 0 ? std::string_view{*with_.text} : from.text[i];
    };
    for (std::size_t i = 0; i < from.text.size(); ++i)
      size += text_at(i).size();
    arena->reserve(size);
    into.text.reserve(from.text.size());
    for (std::size_t i = 0; i < from.text.size(); ++i) {
      const auto begin = arena->size();
      arena->append(text_at(i));
      into.text.push_back(std::string_view{*arena}.substr(begin));
    }
    into.arena = std::move(arena);
  }

  core::column_id from_;
  core::column_id into_;
  filling with_;
};

std::optional<filling> read(std::string_view text, column_type type) {
  filling made;
  const auto take = [&made](auto value, auto& into) -> std::optional<filling> {
    if (!value)
      return std::nullopt;
    into = *value;
    return made;
  };
  switch (type) {
  case column_type::float64: return take(core::read_double(text), made.f64);
  case column_type::int64: return take(core::read_int64(text), made.i64);
  case column_type::timestamp: return take(core::read_timestamp(text), made.i64);
  case column_type::boolean: return take(core::read_boolean(text), made.i64);
  case column_type::string: break;
  }
  made.text = std::make_shared<const std::string>(text);
  return made;
}

void bind(const impute_settings& s, binding& into) {
  const auto from = into.use(s.of);
  if (!from || s.value.text.empty())
    return;
  const auto type = into.type_of(*from);
  const auto as = made_of(s.of, s.as, type, into);
  if (auto with = read(s.value.text, type))
    into.add(std::make_unique<to_filled>(*from, as, *std::move(with)));
  else
    into.report(s.value.at, shown_column(s.of) + " is a " + std::string{to_string(type)} + ", and the value is none");
}

} // namespace

constexpr step_kind impute = make_kind<impute_settings, impute_fields, bind>(
    "impute", "puts a value in the place of nulls", "{ impute: Age, value: 40 }");

} // namespace weir::steps
