#include "models/file_digest.hpp"

#include <array>

#include <openssl/sha.h>

namespace weir::models {

std::string digest(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> made{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), made.data());
  std::string text;
  for (const auto byte : made) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

} // namespace weir::models
