#pragma once

#include "core/batch/clock_rows.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir::core {

/// Makes the clock_rows of one batch. Each row is begun, then given its columns; one that is given nothing is null.
class clock_row_builder {
public:
  /// @param step see clock_rows @param of the partition that the rows are of
  clock_row_builder(std::size_t step, partition_id of);

  bool empty() const noexcept { return rows_.in_front_of.empty(); }

  /// @param time of the row, as alerts see it @param in_front_of see clock_rows; not less than that of the row before
  void begin_row(std::int64_t time, row_index in_front_of);

  /// @param key as a key_table has it of a column of that type; nullopt: null
  void set_key(column_id id, column_type type, std::optional<std::string_view> key);
  void set(column_id id, bool value);
  void set(column_id id, double value);
  void set(column_id id, std::string_view text);

  std::shared_ptr<const clock_rows> finish();

private:
  struct made_column {
    std::shared_ptr<column> values = std::make_shared<column>();
    std::string arena;
    std::vector<std::pair<std::size_t, std::size_t>> texts; ///< begin and size in the arena
  };

  /// The column, up to the row at hand, which is not null any more.
  made_column& at_row(column_id id, column_type type);
  static void fill(made_column& made, std::size_t rows);

  clock_rows rows_;
  std::shared_ptr<raw_block> raw_ = std::make_shared<raw_block>();
  std::map<column_id, made_column> made_;
};

} // namespace weir::core
