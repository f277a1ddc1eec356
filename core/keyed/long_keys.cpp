#include "core/keyed/long_keys.hpp"

#include "core/keyed/key_table.hpp"

#include <bit>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

namespace {

// False as soon as one may be long: the sizes are put together by `or`, which costs next to nothing a record.
bool all_are_short(const std::vector<std::string_view>& keys, const std::vector<row_index>& rows) {
  static_assert(std::has_single_bit(max_key_bytes));
  std::size_t bits = 0;
  std::size_t more_bits = 0;
  const auto* row = rows.data();
  const auto* const end = row + rows.size();
  for (; end - row >= 2; row += 2) {
    bits |= keys[row[0]].size();
    more_bits |= keys[row[1]].size();
  }
  if (row != end)
    bits |= keys[*row].size();
  return (bits | more_bits) < max_key_bytes;
}

} // namespace

void reject_long_keys(batch& b, column_id by, std::string_view name) {
  const auto& keys = b.at(by);
  if (keys.type != column_type::string)
    return;
  if (all_are_short(keys.text, b.rows))
    return;
  std::erase_if(b.rows, [&](row_index row) {
    const auto size = keys.text[row].size();
    if (size <= max_key_bytes || keys.is_null(row))
      return false;
    b.rejected.push_back({row, stage::detect,
                          "the key in '" + std::string{name} + "' has " + std::to_string(size) + " bytes; "
                              + std::to_string(max_key_bytes) + " are the most"});
    return true;
  });
}

} // namespace weir::core
