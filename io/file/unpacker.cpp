#include "io/file/unpacker.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include <zlib.h>
#include <zstd.h>

namespace weir::io {

namespace {

// Neither begins a text in UTF-8.
constexpr std::string_view gzip_mark = "\x1f\x8b";
constexpr std::string_view zstd_mark = "\x28\xb5\x2f\xfd";

core::result<unpacker::step> damaged(std::string_view by, const char* why) {
  return core::fail("what " + std::string{by} + " has packed is damaged: " + why);
}

class gzip_unpacker final : public unpacker {
public:
  gzip_unpacker() {
    constexpr int of_gzip = 16;
    is_good_ = ::inflateInit2(&stream_, MAX_WBITS + of_gzip) == Z_OK;
  }
  ~gzip_unpacker() override { ::inflateEnd(&stream_); }
  gzip_unpacker(const gzip_unpacker&) = delete;
  gzip_unpacker& operator=(const gzip_unpacker&) = delete;

  core::result<step> unpack(std::span<const char> in, std::span<char> room) override {
    if (!is_good_)
      return core::fail("there is no memory to unpack it");
    if (is_whole_ && !in.empty()) { // another file behind the one that has ended
      if (in.front() != gzip_mark.front())
        return skip_padding(in);
      ::inflateReset(&stream_);
      is_whole_ = false;
    }
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    const auto given = std::min(in.size(), most);
    const auto free = std::min(room.size(), most);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data())); // NOLINT: zlib only reads it
    stream_.avail_in = static_cast<uInt>(given);
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(free);
    const auto code = ::inflate(&stream_, Z_NO_FLUSH);
    is_whole_ = code == Z_STREAM_END;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return damaged(name(), stream_.msg != nullptr ? stream_.msg : "it cannot be unpacked");
    return step{given - stream_.avail_in, free - stream_.avail_out};
  }

  bool is_whole() const noexcept override { return is_whole_; }
  std::string_view name() const noexcept override { return "gzip"; }

private:
  /// Tapes and the like fill up with zeros.
  core::result<step> skip_padding(std::span<const char> in) const {
    if (std::ranges::any_of(in, [](char c) { return c != '\0'; }))
      return damaged(name(), "something else stands behind its end");
    return step{in.size(), 0};
  }

  z_stream stream_{};
  bool is_good_ = false;
  bool is_whole_ = false;
};

struct zstd_deleter {
  void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
};

class zstd_unpacker final : public unpacker {
public:
  core::result<step> unpack(std::span<const char> in, std::span<char> room) override {
    if (!stream_)
      return core::fail("there is no memory to unpack it");
    ZSTD_inBuffer given{in.data(), in.size(), 0};
    ZSTD_outBuffer made{room.data(), room.size(), 0};
    const auto left = ZSTD_decompressStream(stream_.get(), &made, &given);
    if (ZSTD_isError(left) != 0)
      return damaged(name(), ZSTD_getErrorName(left));
    if (given.pos > 0 || made.pos > 0)
      is_whole_ = left == 0;
    return step{given.pos, made.pos};
  }

  bool is_whole() const noexcept override { return is_whole_; }
  std::string_view name() const noexcept override { return "zstd"; }

private:
  std::unique_ptr<ZSTD_DStream, zstd_deleter> stream_{ZSTD_createDStream()};
  bool is_whole_ = false;
};

} // namespace

std::unique_ptr<unpacker> unpacker_for(std::string_view beginning) {
  if (beginning.starts_with(gzip_mark))
    return std::make_unique<gzip_unpacker>();
  if (beginning.starts_with(zstd_mark))
    return std::make_unique<zstd_unpacker>();
  return nullptr;
}

bool may_be_packed(std::string_view beginning) noexcept {
  return std::ranges::any_of(std::array{gzip_mark, zstd_mark}, [&](std::string_view mark) {
    return beginning.size() < mark.size() && mark.starts_with(beginning);
  });
}

} // namespace weir::io
