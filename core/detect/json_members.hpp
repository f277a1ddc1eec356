#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::core {

/// What a value of JSON is. A number is an int64 where it has neither a point nor an exponent.
enum class json_type : std::uint8_t { null, boolean, int64, float64, string, object, array };

/// `null`, `bool`, `int`, `double`, `string`, `object`, `array`: as a schema names them.
std::string_view to_string(json_type type) noexcept;

/// A member of an object, as it stands in the text: a name with its escapes, without quotes; a value with its quotes.
struct json_member {
  std::string_view name;
  std::string_view value;
  json_type type = json_type::null;
};

/// Reads the members of the outermost object of a record, one by one. It skims: what a decoder would refuse may pass.
class json_members {
public:
  explicit json_members(std::string_view record) noexcept;

  /// False at the end of the object, and where the text is no object or is broken off.
  bool next(json_member& into) noexcept;

  /// Whether all was read, up to the end of the object.
  bool is_whole() const noexcept { return is_whole_; }

private:
  void skip_blanks() noexcept;
  bool read_string(std::string_view& into) noexcept;
  bool read_value(json_member& into) noexcept;
  bool skip_nested() noexcept;

  const char* at_;
  const char* end_;
  bool is_open_ = false;
  bool is_first_ = true;
  bool is_whole_ = false;
};

} // namespace weir::core
