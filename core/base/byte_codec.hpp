#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

// Values as bytes, in the order of this machine (little-endian on all that Weir runs on): for the changelog and for
// what nodes say to each other.

namespace weir::core {

template <class T>
void put(std::string& into, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  into.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A text with its length in front.
inline void put_text(std::string& into, std::string_view text) {
  put(into, static_cast<std::uint32_t>(text.size()));
  into.append(text);
}

/// Takes values off the front of bytes that need not be long enough: each take() that fails changes nothing.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes) : left_{bytes} {}

  template <class T>
  [[nodiscard]] bool take(T& value) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
    if (left_.size() < sizeof value)
      return false;
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
    return true;
  }

  /// Anything but 0 and 1 is an error.
  [[nodiscard]] bool take(bool& value) {
    if (left_.empty() || static_cast<unsigned char>(left_.front()) > 1)
      return false;
    value = left_.front() == 1;
    left_.remove_prefix(1);
    return true;
  }

  [[nodiscard]] bool take_text(std::string& value) {
    std::uint32_t size = 0;
    if (left_.size() < sizeof size)
      return false;
    std::memcpy(&size, left_.data(), sizeof size);
    if (left_.size() - sizeof size < size)
      return false;
    value.assign(left_.substr(sizeof size, size));
    left_.remove_prefix(sizeof size + size);
    return true;
  }

  /// So many bytes, in place.
  [[nodiscard]] bool take_bytes(std::size_t size, std::string_view& value) {
    if (left_.size() < size)
      return false;
    value = left_.substr(0, size);
    left_.remove_prefix(size);
    return true;
  }

  std::size_t left() const noexcept { return left_.size(); }

  /// All that was not taken.
  std::string_view rest() const noexcept { return left_; }

private:
  std::string_view left_;
};

} // namespace weir::core
