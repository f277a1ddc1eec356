#include "io/frame_seal.hpp"

#include <array>
#include <cstring>
#include <random>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace weir::io {

namespace {

constexpr std::size_t number_bytes = 8;
constexpr std::size_t proof_bytes = 32;
constexpr std::size_t proof_at = 2 * number_bytes;
constexpr std::size_t frame_at = proof_at + proof_bytes;

using proof = std::array<unsigned char, proof_bytes>;

/// Of what stands in front of it and behind it.
proof proof_of(const std::string& key, std::string_view numbers, std::string_view frame) {
  std::string text;
  text.reserve(numbers.size() + frame.size());
  text.append(numbers).append(frame);
  proof out{};
  ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), out.data(), nullptr);
  return out;
}

void put(std::string& out, std::uint64_t number) {
  char bytes[number_bytes];
  std::memcpy(bytes, &number, number_bytes);
  out.append(bytes, number_bytes);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + at, number_bytes);
  return number;
}

} // namespace

frame_seal::frame_seal(std::string key) : key_{std::move(key)} {
  std::random_device device;
  nonce_ = std::uint64_t{device()} << 32 | device();
}

std::string frame_seal::seal(std::string_view frame) {
  std::string out;
  out.reserve(frame_at + frame.size());
  put(out, nonce_);
  put(out, ++number_);
  const auto made = proof_of(key_, out, frame);
  out.append(reinterpret_cast<const char*>(made.data()), made.size());
  out.append(frame);
  return out;
}

core::result<std::string_view> frame_seal::open(std::string_view sealed) {
  if (key_.empty() || sealed.size() < frame_at)
    return core::fail("a frame without proof of where it comes from");
  const auto frame = sealed.substr(frame_at);
  const auto expected = proof_of(key_, sealed.substr(0, proof_at), frame);
  if (CRYPTO_memcmp(expected.data(), sealed.data() + proof_at, proof_bytes) != 0)
    return core::fail("a frame of somebody who does not know the key of this pipeline's supervisor");
  auto& newest = newest_[number_at(sealed, 0)];
  const auto number = number_at(sealed, number_bytes);
  if (number <= newest)
    return core::fail("a frame that has been here before");
  newest = number;
  return frame;
}

} // namespace weir::io
