#include "models/file_digest.hpp"

#include "models/file_bytes.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace weir::models {

namespace {

using hash_value = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

std::string digits_of(const hash_value& made) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : made) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

} // namespace

std::string digest(std::string_view bytes) {
  hash_value made{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), made.data());
  return digits_of(made);
}

core::result<std::string> digest_of_file(const std::string& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sums{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  EVP_DigestInit_ex(sums.get(), EVP_sha256(), nullptr);
  const auto read =
      read_blocks(path, [&](std::string_view block) { EVP_DigestUpdate(sums.get(), block.data(), block.size()); });
  if (!read)
    return tl::unexpected{read.error()};
  hash_value made{};
  EVP_DigestFinal_ex(sums.get(), made.data(), nullptr);
  return digits_of(made);
}

} // namespace weir::models
