#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// How many different values there are, in 1 KiB: HyperLogLog (Flajolet, Fusy, Gandouet and Meunier 2007) with 1,008
/// registers and the linear counting of Whang et al. (1990) for small numbers. The standard error is 3.3 %; up to 126
/// values it is exact, but for hashes that collide. Plain bytes, all zero when it has seen nothing.
class distinct_sketch {
public:
  /// @param hash of a value: 64 bits, well mixed
  void add(std::uint64_t hash) noexcept {
    if (is_dense_ != 0)
      return add_dense(hash);
    for (std::size_t i = 0; i < count_; ++i)
      if (hashes_at(i) == hash)
        return;
    if (count_ < most_hashes) {
      put_hash(count_++, hash);
      return;
    }
    make_dense();
    add_dense(hash);
  }

  void merge(const distinct_sketch& other) noexcept {
    if (other.is_dense_ == 0) {
      for (std::size_t i = 0; i < other.count_; ++i)
        add(other.hashes_at(i));
      return;
    }
    if (is_dense_ == 0)
      make_dense();
    for (std::size_t i = 0; i < registers; ++i)
      bytes_[i] = bytes_[i] < other.bytes_[i] ? other.bytes_[i] : bytes_[i];
  }

  std::int64_t count() const noexcept {
    if (is_dense_ == 0)
      return static_cast<std::int64_t>(count_);
    double sum = 0;
    std::size_t empty = 0;
    for (std::size_t i = 0; i < registers; ++i) {
      sum += std::ldexp(1.0, -static_cast<int>(bytes_[i]));
      empty += bytes_[i] == 0 ? 1 : 0;
    }
    constexpr double m = registers;
    const double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    const bool is_small = raw <= 2.5 * m && empty != 0;
    return std::llround(is_small ? m * std::log(m / static_cast<double>(empty)) : raw);
  }

  bool valid() const noexcept {
    if (is_dense_ > 1 || count_ > most_hashes || (is_dense_ == 1 && count_ != 0))
      return false;
    for (std::size_t i = 0; is_dense_ == 1 && i < registers; ++i)
      if (bytes_[i] > 64)
        return false;
    return true;
  }

private:
  static constexpr std::size_t registers = 1008;
  static constexpr std::size_t most_hashes = registers / 8;

  std::uint64_t hashes_at(std::size_t i) const noexcept {
    std::uint64_t hash = 0;
    for (std::size_t b = 0; b < 8; ++b)
      hash |= std::uint64_t{bytes_[8 * i + b]} << (8 * b);
    return hash;
  }
  void put_hash(std::size_t i, std::uint64_t hash) noexcept {
    for (std::size_t b = 0; b < 8; ++b)
      bytes_[8 * i + b] = static_cast<std::uint8_t>(hash >> (8 * b));
  }
  void add_dense(std::uint64_t hash) noexcept {
    const auto at = static_cast<std::size_t>(((hash >> 32) * registers) >> 32);
    const auto rest = static_cast<std::uint32_t>(hash);
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    bytes_[at] = bytes_[at] < rank ? rank : bytes_[at];
  }
  void make_dense() noexcept {
    std::array<std::uint64_t, most_hashes> seen;
    for (std::size_t i = 0; i < count_; ++i)
      seen[i] = hashes_at(i);
    bytes_ = {};
    is_dense_ = 1;
    for (std::size_t i = 0; i < count_; ++i)
      add_dense(seen[i]);
    count_ = 0;
  }

  std::uint32_t is_dense_;
  std::uint32_t count_;                       ///< of hashes, while it is not dense
  std::array<std::uint8_t, registers> bytes_; ///< hashes of 8 bytes, or registers
};

static_assert(std::is_trivially_copyable_v<distinct_sketch> && sizeof(distinct_sketch) % 8 == 0);

} // namespace weir::core
