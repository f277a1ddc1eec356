#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace weir::io {

/// Proof that a frame between nodes comes from one that knows the key, and comes for the first time: HMAC-SHA-256
/// (RFC 2104) over the sender's nonce, a number that grows, and the frame. It hides nothing. Frames of one sender must
/// arrive in their order. Not thread-safe.
class frame_seal {
public:
  /// @param key empty: nothing is taken
  explicit frame_seal(std::string key = {});

  /// `[nonce, 8 bytes][number, 8 bytes][proof, 32 bytes][frame]`
  std::string seal(std::string_view frame);

  /// The frame, which refers to `sealed`. An error: no proof, another key, or it has been here before.
  core::result<std::string_view> open(std::string_view sealed);

  const std::string& key() const noexcept { return key_; }

private:
  std::string key_;
  std::uint64_t nonce_;
  std::uint64_t number_ = 0;
  std::map<std::uint64_t, std::uint64_t> newest_; ///< number by nonce
};

} // namespace weir::io
