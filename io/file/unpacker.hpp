#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace weir::io {

/// Unpacks a file that gzip or zstd has packed, as its bytes come in; several packed files one behind the other are
/// one. Not thread-safe.
class unpacker {
public:
  virtual ~unpacker() = default;

  struct step {
    std::size_t taken; ///< of what came in
    std::size_t made;  ///< of the room
  };

  /// Unpacks as much as there is and as there is room for. An error says that the bytes are damaged.
  virtual core::result<step> unpack(std::span<const char> in, std::span<char> room) = 0;

  /// Whether the file may end here.
  virtual bool is_whole() const noexcept = 0;

  /// `gzip` or `zstd`.
  virtual std::string_view name() const noexcept = 0;
};

/// What unpacks a file that begins so; null: nothing has packed it.
std::unique_ptr<unpacker> unpacker_for(std::string_view beginning);

/// Whether more of the beginning has to be seen before unpacker_for() can tell.
bool may_be_packed(std::string_view beginning) noexcept;

} // namespace weir::io
