#include "core/format/formats.hpp"

#include "core/format/format.hpp"
#include "core/format/record_rows.hpp"

#include <algorithm>
#include <array>

namespace weir::core {

std::span<const format_kind* const> formats() noexcept {
  static constexpr std::array all{&json_format, &csv_format, &debezium_format};
  return all;
}

std::string too_long_reason() {
  return "longer than " + std::to_string(record_rows::longest_row >> 20) + " MiB: this is its beginning";
}

const format_kind* find_format(std::string_view name) noexcept {
  for (const auto* format : formats())
    if (format->name == name)
      return format;
  return nullptr;
}

const format_kind* format_of_file(std::string_view path, const format_kind* otherwise) noexcept {
  for (const std::string_view packed : {".gz", ".zst"})
    if (path.ends_with(packed))
      path.remove_suffix(packed.size());
  for (const auto* format : formats())
    if (std::any_of(format->extensions.begin(), format->extensions.end(),
                    [&](std::string_view extension) { return path.ends_with(extension); }))
      return format;
  return otherwise;
}

} // namespace weir::core
