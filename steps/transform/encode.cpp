#include "config/binding.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

#include <unordered_map>

namespace weir::steps {

namespace {

using namespace config;

struct encode_settings {
  categories codes;
};

constexpr std::array encode_fields{
    field<&encode_settings::codes>("encode",
                                   "a column of texts with its categories, and `as`, the column of codes: a "
                                   "text's index in the list, null for another",
                                   required),
};

class to_codes final : public core::transform {
public:
  to_codes(core::column_id from, std::vector<std::string> categories, core::column_id into) :
      from_{from}, into_{into}, categories_{std::move(categories)} {
    for (std::size_t i = 0; i < categories_.size(); ++i)
      codes_.emplace(categories_[i], static_cast<std::int64_t>(i));
  }

  void apply(core::batch& b) const override {
    const auto& from = b.at(from_);
    auto codes = std::make_shared<core::column>();
    codes->type = core::column_type::int64;
    codes->i64.resize(from.text.size());
    for (core::row_index row = 0; row < from.text.size(); ++row) {
      const auto code = from.is_null(row) ? -1 : code_of(from.text[row]);
      if (code < 0) {
        if (codes->null.empty())
          codes->null.resize(from.text.size());
        codes->null[row] = 1;
      } else {
        codes->i64[row] = code;
      }
    }
    core::set_column(b, into_, std::move(codes));
  }

private:
  static constexpr std::size_t few = 8; ///< up to so many categories comparing with each is faster than hashing

  std::int64_t code_of(std::string_view text) const {
    if (categories_.size() <= few) {
      for (std::size_t i = 0; i < categories_.size(); ++i)
        if (categories_[i] == text)
          return static_cast<std::int64_t>(i);
      return -1;
    }
    const auto known = codes_.find(text);
    return known == codes_.end() ? -1 : known->second;
  }

  core::column_id from_;
  core::column_id into_;
  std::vector<std::string> categories_;
  std::unordered_map<std::string_view, std::int64_t> codes_; ///< views into `categories_`
};

void bind(const encode_settings& s, binding& into) {
  const auto from = into.use(s.codes.of, wanted::text);
  if (s.codes.as.text.empty())
    return;
  const auto as = into.make(s.codes.as, core::column_type::int64);
  into.note_codes(as, s.codes);
  if (from)
    into.add(std::make_unique<to_codes>(*from, s.codes.values, as));
}

} // namespace

constexpr step_kind encode = make_kind<encode_settings, encode_fields, bind>(
    "encode", "a text's index in a list of categories", "{ encode: { Device: [atm, mobile], as: device_code } }");

} // namespace weir::steps
