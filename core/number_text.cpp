#include "core/number_text.hpp"

#include <charconv>

namespace weir::core {

char* write_double(double value, char* out) noexcept {
  return std::to_chars(out, out + number_text_size, value).ptr;
}

char* write_int64(std::int64_t value, char* out) noexcept {
  return std::to_chars(out, out + number_text_size, value).ptr;
}

} // namespace weir::core
