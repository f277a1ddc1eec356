#pragma once

#include "core/batch/column.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// One column of a pipeline.
struct column_info {
  std::string name;
  column_type type = column_type::float64;
  bool from_source = false; ///< a field of the input record; else made by a step
  bool required = false;    ///< null or missing ends in the dead letters
  bool output = true;       ///< written to the sink
  bool gone = false;        ///< a step took it away: no later one sees it, and it is not written
};

/// The columns of a pipeline, source fields first, then what each step adds, in the order of the steps.
/// Built once, before the first record; a column_id is an index into it. A name occurs once: a step that makes a column
/// of a source field's name replaces that field in the output (`find` then gives the newer one).
class layout {
public:
  column_id add(column_info info) {
    columns_.push_back(std::move(info));
    return static_cast<column_id>(columns_.size() - 1);
  }

  /// The newest column of that name that is not gone.
  std::optional<column_id> find(std::string_view name) const {
    for (auto i = columns_.size(); i-- > 0;)
      if (columns_[i].name == name && !columns_[i].gone)
        return static_cast<column_id>(i);
    return std::nullopt;
  }

  const column_info& operator[](column_id id) const { return columns_[id]; }
  column_info& operator[](column_id id) { return columns_[id]; }
  std::size_t size() const noexcept { return columns_.size(); }
  auto begin() const noexcept { return columns_.begin(); }
  auto end() const noexcept { return columns_.end(); }

private:
  std::vector<column_info> columns_;
};

} // namespace weir::core
