#include "core/keyed/long_keys.hpp"

#include "core/keyed/key_table.hpp"

#include <bit>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

namespace {

// False as soon as one may be long: the sizes are put together by `or`, which costs next to nothing a record.
template <class SizeOf>
bool all_are_short(const std::vector<row_index>& rows, SizeOf size_of) {
  static_assert(std::has_single_bit(max_key_bytes));
  std::size_t bits = 0;
  std::size_t more_bits = 0;
  const auto* row = rows.data();
  const auto* const end = row + rows.size();
  for (; end - row >= 2; row += 2) {
    bits |= size_of(row[0]);
    more_bits |= size_of(row[1]);
  }
  if (row != end)
    bits |= size_of(*row);
  return (bits | more_bits) < max_key_bytes;
}

/// @param what the key is called
template <class SizeOf>
void reject(batch& b, const std::string& what, SizeOf size_of) {
  std::erase_if(b.rows, [&](row_index row) {
    const auto size = size_of(row);
    if (size <= max_key_bytes)
      return false;
    b.rejected.push_back(
        {row, stage::detect,
         what + " has " + std::to_string(size) + " bytes; " + std::to_string(max_key_bytes) + " are the most"});
    return true;
  });
}

} // namespace

void reject_long_keys(batch& b, column_id by, std::string_view name) {
  reject_long_keys(b, b.at(by), "the key in '" + std::string{name} + "'");
}

void reject_long_keys(batch& b, const column& keys, const std::string& what) {
  if (keys.type != column_type::string)
    return;
  if (all_are_short(b.rows, [text = keys.text.data()](row_index row) { return text[row].size(); }))
    return;
  reject(b, what, [&](row_index row) { return keys.is_null(row) ? 0 : keys.text[row].size(); });
}

void reject_long_keys(batch& b) {
  const auto size_of = [begins = b.raw->key_begin.data()](row_index row) -> std::size_t {
    return begins[row + 1] - begins[row];
  };
  if (!all_are_short(b.rows, size_of))
    reject(b, "the record's key", size_of);
}

} // namespace weir::core
