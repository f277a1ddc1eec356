#include "core/window/group_key.hpp"

#include "core/base/byte_codec.hpp"

namespace weir::core {

namespace {

constexpr std::uint8_t is_null = 0;
constexpr std::uint8_t is_value = 1;

} // namespace

const column& group_keys::write(const batch& b) {
  keys_.type = column_type::string;
  keys_.text.assign(b.raw->size(), {});
  bytes_.clear();
  ends_.clear();
  for (const auto row : b.rows) {
    for (const auto& by : by_) {
      const auto& from = b.at(by.id);
      put(bytes_, from.is_null(row) ? is_null : is_value);
      if (from.is_null(row))
        continue;
      if (by.type == column_type::string)
        put_text(bytes_, from.text[row]);
      else
        put(bytes_, from.i64[row]);
    }
    ends_.push_back(bytes_.size());
  }
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    keys_.text[b.rows[i]] = std::string_view{bytes_}.substr(begin, ends_[i] - begin);
    begin = ends_[i];
  }
  return keys_;
}

bool group_keys::valid(std::string_view key) const noexcept {
  for (const auto& by : by_) {
    if (key.empty() || static_cast<std::uint8_t>(key.front()) > is_value)
      return false;
    const auto flag = static_cast<std::uint8_t>(key.front());
    key.remove_prefix(1);
    if (flag == is_null)
      continue;
    std::size_t size = sizeof(std::int64_t);
    if (by.type == column_type::string) {
      std::uint32_t length = 0;
      if (key.size() < sizeof length)
        return false;
      std::memcpy(&length, key.data(), sizeof length);
      size = sizeof length + length;
    }
    if (key.size() < size)
      return false;
    key.remove_prefix(size);
  }
  return key.empty();
}

void group_keys::read(std::string_view key, row_index row, std::span<column_builder> into) const {
  for (std::size_t i = 0; i < by_.size(); ++i) {
    const auto flag = static_cast<std::uint8_t>(key.front());
    key.remove_prefix(1);
    if (flag == is_null) {
      into[i].set_null(row);
      continue;
    }
    if (by_[i].type != column_type::string) {
      std::memcpy(into[i].i64() + row, key.data(), sizeof(std::int64_t));
      key.remove_prefix(sizeof(std::int64_t));
      continue;
    }
    std::uint32_t length = 0;
    std::memcpy(&length, key.data(), sizeof length);
    const auto begin = into[i].arena().size();
    into[i].arena().append(key.substr(sizeof length, length));
    into[i].set_from_arena(row, begin);
    key.remove_prefix(sizeof length + length);
  }
}

} // namespace weir::core
