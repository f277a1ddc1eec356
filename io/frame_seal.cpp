#include "io/frame_seal.hpp"

#include "core/base/byte_codec.hpp"

#include <array>
#include <random>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace weir::io {

namespace {

using proof = std::array<unsigned char, 32>;

/// Of the nonce and the frame's number, which stand in front of the proof.
constexpr std::size_t numbers_bytes = 2 * sizeof(std::uint64_t);

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

} // namespace

frame_seal::frame_seal(std::string key) : key_{std::move(key)} {
  std::random_device device;
  nonce_ = std::uint64_t{device()} << 32 | device();
}

std::string frame_seal::seal(std::string_view frame) {
  std::string out;
  out.reserve(numbers_bytes + sizeof(proof) + frame.size());
  core::put(out, nonce_);
  core::put(out, ++number_);
  core::put(out, proof_of(key_, out, frame));
  out.append(frame);
  return out;
}

core::result<std::string_view> frame_seal::open(std::string_view sealed) {
  std::uint64_t nonce = 0;
  std::uint64_t number = 0;
  proof given{};
  core::byte_reader from{sealed};
  if (key_.empty() || !from.take(nonce) || !from.take(number) || !from.take(given))
    return core::fail("a frame without proof of where it comes from");
  const auto expected = proof_of(key_, sealed.substr(0, numbers_bytes), from.rest());
  if (CRYPTO_memcmp(expected.data(), given.data(), given.size()) != 0)
    return core::fail("a frame of somebody who does not know the key of this pipeline's supervisor");
  auto& newest = newest_[nonce];
  if (number <= newest)
    return core::fail("a frame that has been here before");
  newest = number;
  return from.rest();
}

} // namespace weir::io
