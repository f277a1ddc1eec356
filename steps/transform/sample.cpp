#include "config/binding.hpp"
#include "core/base/content_hash.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct sample_settings {
  double share = 1;
  std::optional<column_name> by;
  std::uint32_t seed = 0;
};

constexpr std::array sample_fields{
    field<&sample_settings::share>("sample", "the share of records that are kept, 0 to 1", required | between(0, 1)),
    field<&sample_settings::by>("by", "all records with the same value are kept, or none; default: each by itself"),
    field<&sample_settings::seed>("seed", "another seed keeps others"),
};

/// By a hash of the record, so that the same ones are kept whenever they are read.
class keep_share final : public core::transform {
public:
  keep_share(double share, std::optional<core::column_id> by, std::uint64_t seed) :
      below_{static_cast<std::uint64_t>(share * 0x1p53)}, by_{by}, seed_{seed} {}

  void apply(core::batch& b) const override {
    auto kept = b.rows;
    std::erase_if(kept, [&](core::row_index row) {
      const auto text = by_ ? value_of(b.at(*by_), row) : b.raw->value(row);
      return core::content_hash(text, seed_) >> 11 >= below_;
    });
    keep(b, std::move(kept));
  }

private:
  static std::string_view value_of(const core::column& c, core::row_index row) noexcept {
    if (c.is_null(row))
      return {};
    if (c.type == core::column_type::string)
      return c.text[row];
    const void* number = c.type == core::column_type::float64 ? static_cast<const void*>(&c.f64[row]) : &c.i64[row];
    return {static_cast<const char*>(number), sizeof(std::int64_t)};
  }

  std::uint64_t below_; ///< of 2^53
  std::optional<core::column_id> by_;
  std::uint64_t seed_;
};

void bind(const sample_settings& s, binding& into) {
  const auto by = s.by ? into.use(*s.by) : std::nullopt;
  if (!s.by || by)
    into.add(std::make_unique<keep_share>(s.share, by, s.seed));
}

} // namespace

constexpr step_kind sample = make_kind<sample_settings, sample_fields, bind>(
    "sample", "keeps a share of the records, the same ones each time", "{ sample: 0.1, by: CustomerID }");

} // namespace weir::steps
