#include "cli/output.hpp"

#include <cerrno>
#include <cstring>

namespace weir::cli {

core::result<output> output::open(const std::string& path) {
  if (path.empty() || path == "-")
    return output{stdout, "standard output"};
  auto* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr)
    return core::cannot_reach("cannot write '" + path + "': " + std::strerror(errno));
  return output{file, "'" + path + "'"};
}

output::output(output&& other) noexcept :
    file_{std::exchange(other.file_, nullptr)}, name_{std::move(other.name_)}, failure_{other.failure_},
    buffer_{std::move(other.buffer_)} {}

output::~output() {
  if (file_ == nullptr)
    return;
  flush();
  if (file_ != stdout)
    std::fclose(file_);
}

bool output::flush() {
  const bool taken = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size() && std::fflush(file_) == 0;
  if (!taken && failure_ == 0)
    failure_ = errno;
  buffer_.clear();
  return failure_ == 0;
}

core::result<void> output::finish() {
  if (flush())
    return {};
  return core::cannot_reach("cannot write all of " + name_ + ": " + std::strerror(failure_));
}

} // namespace weir::cli
