#include "core/base/nearest_name.hpp"
#include "core/expression/expression.hpp"
#include "core/transform/transform.hpp"

#include <algorithm>
#include <unordered_map>

namespace weir::core {

namespace {

/// Shortens the rows of `b` to `kept`; the others count as filtered.
void keep(batch& b, std::vector<row_index> kept) {
  b.filtered += static_cast<std::uint32_t>(b.rows.size() - kept.size());
  b.rows = std::move(kept);
}

void set_column(batch& b, column_id id, column_ptr values) {
  if (b.columns.size() <= id)
    b.columns.resize(id + 1);
  b.columns[id] = std::move(values);
}

result<column_id> find_column(const layout& columns, std::string_view name) {
  if (const auto id = columns.find(name))
    return *id;
  std::vector<std::string_view> names;
  for (const auto& c : columns)
    names.push_back(c.name);
  return fail("unknown column '" + std::string{name} + "'", {}, did_you_mean(name, names));
}

class filter final : public transform {
public:
  explicit filter(expression when) : when_{std::move(when)} {}

  void apply(batch& b) const override {
    std::vector<row_index> kept;
    kept.reserve(b.rows.size());
    when_.select(b, kept);
    keep(b, std::move(kept));
  }

private:
  expression when_;
};

class derive final : public transform {
public:
  derive(expression value, column_id into) : value_{std::move(value)}, into_{into} {}

  void apply(batch& b) const override { set_column(b, into_, value_.evaluate(b)); }

private:
  expression value_;
  column_id into_;
};

class encode final : public transform {
public:
  encode(column_id from, std::vector<std::string> categories, column_id into) :
      from_{from}, into_{into}, categories_{std::move(categories)} {
    for (std::size_t i = 0; i < categories_.size(); ++i)
      codes_.emplace(categories_[i], static_cast<std::int64_t>(i));
  }

  void apply(batch& b) const override {
    const auto& from = b.at(from_);
    auto codes = std::make_shared<column>();
    codes->type = column_type::int64;
    codes->i64.resize(from.text.size());
    for (row_index row = 0; row < from.text.size(); ++row) {
      const auto code = from.is_null(row) ? -1 : code_of(from.text[row]);
      if (code < 0) {
        if (codes->null.empty())
          codes->null.resize(from.text.size());
        codes->null[row] = 1;
      } else {
        codes->i64[row] = code;
      }
    }
    set_column(b, into_, std::move(codes));
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

  column_id from_;
  column_id into_;
  std::vector<std::string> categories_;
  std::unordered_map<std::string_view, std::int64_t> codes_; ///< views into `categories_`
};

class drop_null final : public transform {
public:
  explicit drop_null(std::vector<column_id> columns) : columns_{std::move(columns)} {}

  void apply(batch& b) const override {
    auto kept = b.rows;
    for (const auto id : columns_)
      if (const auto& c = b.at(id); !c.null.empty())
        std::erase_if(kept, [&](row_index row) { return c.null[row] != 0; });
    keep(b, std::move(kept));
  }

private:
  std::vector<column_id> columns_;
};

} // namespace

result<transform_ptr> make_filter(const layout& columns, std::string_view text) {
  auto when = expression::bind(columns, text);
  if (!when)
    return tl::unexpected{when.error()};
  if (when->type() != column_type::boolean)
    return fail("a filter has to be true or false, this is " + std::string{to_string(when->type())}, "col 1",
                "compare it with something");
  return std::make_unique<const filter>(std::move(*when));
}

result<transform_ptr> make_derive(layout& columns, std::string_view name, std::string_view text) {
  auto value = expression::bind(columns, text);
  if (!value)
    return tl::unexpected{value.error()};
  const auto type = value->type();
  const auto into = columns.add({.name = std::string{name}, .type = type});
  return std::make_unique<const derive>(std::move(*value), into);
}

result<transform_ptr> make_encode(layout& columns, std::string_view column, std::vector<std::string> categories,
                                  std::string_view name) {
  const auto from = find_column(columns, column);
  if (!from)
    return tl::unexpected{from.error()};
  if (columns[*from].type != column_type::string)
    return fail("only a string column can be encoded, '" + std::string{column} + "' is "
                + std::string{to_string(columns[*from].type)});
  auto sorted = categories;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    return fail("category '" + *twice + "' is there twice");
  const auto into = columns.add({.name = std::string{name}, .type = column_type::int64});
  return std::make_unique<const encode>(*from, std::move(categories), into);
}

result<transform_ptr> make_drop_null(const layout& columns, const std::vector<std::string>& names) {
  std::vector<column_id> ids;
  for (const auto& name : names) {
    const auto id = find_column(columns, name);
    if (!id)
      return tl::unexpected{id.error()};
    ids.push_back(*id);
  }
  return std::make_unique<const drop_null>(std::move(ids));
}

} // namespace weir::core
