#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// A stateless step of `preprocess`. Shared by all preprocessors: apply() must be safe to call from several threads.
class transform {
public:
  virtual ~transform() = default;

  /// Adds columns, or shortens `b.rows` (and counts in `b.filtered`), or moves rows to `b.rejected`.
  virtual void apply(batch& b) const = 0;
};

using transform_ptr = std::unique_ptr<const transform>;

// Each of these resolves names against `columns` as it is now, and adds what it makes to it. `error::where` of a bad
// expression is `col N`, 1-based in the expression's text; the remedy names the nearest known column or function.

/// Keeps the records for which `expression` (boolean) is true; false and null are filtered out.
result<transform_ptr> make_filter(const layout& columns, std::string_view expression);

/// Adds the column `name`; its type is the expression's.
result<transform_ptr> make_derive(layout& columns, std::string_view name, std::string_view expression);

/// Adds the int64 column `name`: the index of `column`'s value in `categories`, null when it is not there.
result<transform_ptr> make_encode(layout& columns, std::string_view column, std::vector<std::string> categories,
                                  std::string_view name);

/// Filters out the records in which any of `names` is null.
result<transform_ptr> make_drop_null(const layout& columns, const std::vector<std::string>& names);

} // namespace weir::core
