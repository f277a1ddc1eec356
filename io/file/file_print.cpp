#include "io/file/file_print.hpp"

#include "core/base/fingerprint.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weir::io {

namespace {

constexpr std::uint64_t longest_head = 1u << 16;

} // namespace

std::optional<file_print> print_of(const std::string& path, std::optional<std::uint64_t> head_size) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return std::nullopt;
  file_print out;
  out.size = std::filesystem::file_size(path, failed);
  out.head_size = std::min(head_size.value_or(longest_head), out.size);
  std::string head(out.head_size, '\0');
  std::ifstream file{path, std::ios::binary};
  if (failed || !file.read(head.data(), static_cast<std::streamsize>(head.size())))
    return std::nullopt;
  out.head = core::fingerprint(head);
  return out;
}

bool is_known_by(const std::string& path, const file_print& print) {
  const auto now = print_of(path, print.head_size);
  return now && now->size >= print.size && now->head == print.head;
}

} // namespace weir::io
