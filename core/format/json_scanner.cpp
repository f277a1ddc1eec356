#include "core/format/json_scanner.hpp"

#include <algorithm>
#include <new>

#include <simdjson.h>

namespace weir::core {

json_scanner::json_scanner() = default;
json_scanner::~json_scanner() = default;

const std::uint32_t* json_scanner::scan(const char* text, std::size_t size, std::size_t& count) {
  if (size > capacity_) {
    const auto capacity = std::max<std::size_t>(size + size / 2, 64 * 1024);
    // A depth of 1: stage 2 is ours and keeps its own.
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, parser_))
      throw std::bad_alloc{};
    capacity_ = capacity;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text);
  const auto code = parser_->stage1(bytes, size, simdjson::stage1_mode::regular);
  if (code == simdjson::EMPTY)
    parser_->n_structural_indexes = 0;
  else if (code != simdjson::SUCCESS)
    return nullptr;
  count = parser_->n_structural_indexes;
  auto* tokens = parser_->structural_indexes.get();
  std::fill_n(tokens + count, lookahead, static_cast<std::uint32_t>(size - 1));
  return tokens;
}

} // namespace weir::core
