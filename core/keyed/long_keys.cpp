#include "core/keyed/long_keys.hpp"

#include "core/keyed/key_table.hpp"

#include <algorithm>
#include <string>

namespace weir::core {

void reject_long_keys(batch& b, column_id by, std::string_view name) {
  const auto& keys = b.at(by);
  if (keys.type != column_type::string)
    return;
  std::size_t longest = 0;
  for (const auto row : b.rows)
    longest = std::max(longest, keys.text[row].size());
  if (longest <= max_key_bytes)
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
