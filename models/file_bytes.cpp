#include "models/file_bytes.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace weir::models {

core::result<void> read_blocks(const std::string& path, const std::function<void(std::string_view)>& take) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file{std::fopen(path.c_str(), "rb"), &std::fclose};
  std::array<char, 1u << 16> block;
  for (auto count = block.size(); file && count == block.size();) {
    count = std::fread(block.data(), 1, block.size(), file.get());
    take({block.data(), count});
  }
  if (!file || std::ferror(file.get()) != 0)
    return core::cannot_reach("cannot read '" + path + "': " + std::strerror(errno), {}, "check the path");
  return {};
}

core::result<std::string> read_file(const std::string& path) {
  std::string bytes;
  return read_blocks(path, [&](std::string_view block) { bytes.append(block); }).map([&] { return std::move(bytes); });
}

} // namespace weir::models
