#include "io/file/sink.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <simdjson.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

namespace {

std::string lines_of(const core::record_block& block) {
  std::string out;
  out.reserve(block.bytes.size() + block.size());
  for (std::size_t i = 0; i < block.size(); ++i) {
    out.append(block.value(i));
    out.push_back('\n');
  }
  return out;
}

bool write_all(int fd, const std::string& bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto count = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out.push_back(i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63]);
  }
  return out;
}

using json_writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                      rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;

void add_text(json_writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

// The original bytes must come back whole, so what is not text travels as base64.
void add_bytes(json_writer& writer, const char* name, bool present, std::string_view bytes) {
  if (present && !simdjson::validate_utf8(bytes.data(), bytes.size())) {
    writer.Key((std::string{name} + "_base64").c_str());
    add_text(writer, base64(bytes));
    return;
  }
  writer.Key(name);
  if (present)
    add_text(writer, bytes);
  else
    writer.Null();
}

std::string lines_of(const std::vector<dead_letter>& letters) {
  using namespace std::chrono;
  const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  std::string out;
  for (const auto& letter : letters) {
    rapidjson::StringBuffer buffer;
    json_writer writer{buffer};
    writer.StartObject();
    writer.Key("topic");
    add_text(writer, letter.topic);
    writer.Key("partition");
    writer.Int(value_of(letter.partition));
    writer.Key("offset");
    writer.Int64(value_of(letter.at));
    writer.Key("timestamp");
    writer.Int64(letter.timestamp);
    writer.Key("stage");
    add_text(writer, letter.stage);
    writer.Key("reason");
    add_text(writer, letter.reason);
    writer.Key("time");
    writer.Int64(now);
    add_bytes(writer, "key", letter.has_key, letter.key);
    add_bytes(writer, "value", letter.has_value, letter.value);
    writer.EndObject();
    out.append(buffer.GetString(), buffer.GetSize());
    out.push_back('\n');
  }
  return out;
}

} // namespace

core::result<std::shared_ptr<append_file>> append_file::open(const std::string& path, std::uint64_t length) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return core::fail("cannot write '" + path + "': " + std::strerror(errno));
  struct stat info {};
  ::fstat(fd, &info);
  // A pipe or a terminal (or /dev/null) has no length to go back to.
  if (S_ISREG(info.st_mode)) {
    if (length == at_end)
      length = static_cast<std::uint64_t>(info.st_size);
    if (static_cast<std::uint64_t>(info.st_size) < length) {
      ::close(fd);
      return core::fail("'" + path + "' is shorter than it was at the last commit", {},
                        "put the file back, or remove the pipeline's state to begin anew");
    }
    if (::ftruncate(fd, static_cast<off_t>(length)) != 0 || ::lseek(fd, 0, SEEK_END) < 0) {
      const std::string why = std::strerror(errno);
      ::close(fd);
      return core::fail("cannot write '" + path + "': " + why);
    }
  }
  return std::shared_ptr<append_file>{new append_file{path, fd, S_ISREG(info.st_mode) ? length : 0}};
}

append_file::~append_file() {
  ::close(fd_);
}

bool append_file::append(const std::string& bytes) {
  const std::lock_guard lock{mutex_};
  if (failed_)
    return false;
  if (!write_all(fd_, bytes)) {
    failed_ = true;
    spdlog::error("cannot write '{}': {}", path_, std::strerror(errno));
    return false;
  }
  length_ += bytes.size();
  return true;
}

core::result<std::uint64_t> append_file::sync() {
  const std::lock_guard lock{mutex_};
  if (failed_)
    return core::fail("cannot write '" + path_ + "'");
  if (::fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS)
    return core::fail("cannot write '" + path_ + "': " + std::strerror(errno));
  return length_;
}

file_sink::file_sink(std::shared_ptr<append_file> file, const std::string& header) : file_{std::move(file)} {
  if (file_->empty() && !header.empty())
    file_->append(header + "\n");
}

std::vector<refusal> file_sink::write(core::record_block_ptr block, core::partition_id, delivered then) {
  then(file_->append(lines_of(*block)));
  return {};
}

std::vector<refusal> console_sink::write(core::record_block_ptr block, core::partition_id, delivered then) {
  then(write_all(STDOUT_FILENO, lines_of(*block)));
  return {};
}

void file_dead_letters::write(const std::vector<dead_letter>& letters, delivered then) {
  then(file_->append(lines_of(letters)));
}

void console_dead_letters::write(const std::vector<dead_letter>& letters, delivered then) {
  then(write_all(STDERR_FILENO, lines_of(letters)));
}

} // namespace weir::io
