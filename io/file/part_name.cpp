#include "io/file/part_name.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/read_number.hpp"

#include <algorithm>
#include <array>

namespace weir::io {

namespace {

constexpr std::string_view open_suffix = ".open";
constexpr std::string_view sealed_suffix = ".sealed-";

/// Of `20260105T134510.123Z`.
constexpr std::size_t time_size = 20;

bool is_time(std::string_view text) noexcept {
  constexpr std::string_view shape = "00000000T000000.000Z";
  static_assert(shape.size() == time_size);
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char found, char wanted) {
    return wanted == '0' ? found >= '0' && found <= '9' : found == wanted;
  });
}

} // namespace

std::string part_name(std::string_view owner, std::int64_t begun_ms, std::string_view extension) {
  std::array<char, core::timestamp_text_size> time{};
  const auto* end = core::format_timestamp(begun_ms, time.data());
  std::string out{owner};
  out.push_back('-');
  std::copy_if(static_cast<const char*>(time.data()), end, std::back_inserter(out),
               [](char c) { return c != '-' && c != ':'; });
  return out.append(extension);
}

std::string open_part_name(std::string_view name) {
  return std::string{"."}.append(name).append(open_suffix);
}

std::string sealed_part_name(std::string_view name, core::partition_id partition) {
  return std::string{"."}.append(name).append(sealed_suffix).append(std::to_string(value_of(partition)));
}

std::optional<pending_part> pending_part::parse(std::string_view file_name) noexcept {
  if (!file_name.starts_with('.'))
    return std::nullopt;
  file_name.remove_prefix(1);
  if (file_name.ends_with(open_suffix))
    return pending_part{file_name.substr(0, file_name.size() - open_suffix.size()), std::nullopt};
  const auto at = file_name.rfind(sealed_suffix);
  if (at == std::string_view::npos)
    return std::nullopt;
  const auto partition = core::read_number<std::int32_t>(file_name.substr(at + sealed_suffix.size()));
  if (!partition || *partition < 0)
    return std::nullopt;
  return pending_part{file_name.substr(0, at), core::partition_id{*partition}};
}

// A node's name may begin with another's, so what follows it has to be a time.
bool pending_part::is_of(std::string_view owner) const noexcept {
  return name.size() >= owner.size() + 1 + time_size && name.starts_with(owner) && name[owner.size()] == '-'
         && is_time(name.substr(owner.size() + 1, time_size));
}

} // namespace weir::io
