#include "cli/output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::cli {

core::result<output> output::open(const std::string& path) {
  if (path.empty() || path == "-")
    return output{stdout, false};
  auto* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr)
    return core::fail("cannot write '" + path + "': " + std::strerror(errno));
  return output{file, true};
}

output::output(output&& other) noexcept :
    file_{std::exchange(other.file_, nullptr)}, owned_{other.owned_}, failed_{other.failed_}, buffer_{std::move(
                                                                                                  other.buffer_)} {}

output::~output() {
  if (file_ == nullptr)
    return;
  flush();
  if (owned_)
    std::fclose(file_);
}

bool output::flush() {
  failed_ =
      failed_ || std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size() || std::fflush(file_) != 0;
  buffer_.clear();
  return !failed_;
}

} // namespace weir::cli
