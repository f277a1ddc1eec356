#include "io/record_lines.hpp"

#include "core/base/utf8.hpp"
#include "core/base/wall_clock.hpp"

#include <openssl/evp.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cerrno>

#include <unistd.h>

namespace weir::io {

namespace {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0'); // EVP_EncodeBlock ends with a zero byte
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

using json_writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                      rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;

void add_text(json_writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

// The original bytes must come back whole, so what is not text travels as base64.
void add_bytes(json_writer& writer, const char* name, bool present, std::string_view bytes) {
  if (present && !core::is_utf8(bytes)) {
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

} // namespace

std::string lines_of(const core::record_block& block) {
  std::string out;
  out.reserve(block.bytes.size() + block.size());
  for (std::size_t i = 0; i < block.size(); ++i) {
    out.append(block.value(i));
    out.push_back('\n');
  }
  return out;
}

std::string lines_of(const std::vector<dead_letter>& letters) {
  const auto now = core::now_ms();
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

bool write_all(int fd, std::string_view bytes) {
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

} // namespace weir::io
