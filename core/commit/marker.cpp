#include "core/commit/marker.hpp"

#include <cstring>

namespace weir::core {

namespace {

constexpr char version = 1;
constexpr std::size_t fixed_size = 1 + 4 + 8 + 8;

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  at += sizeof(T);
  return value;
}

} // namespace

std::string marker::encode() const {
  std::string out;
  out.reserve(fixed_size + node.size());
  out.push_back(version);
  put(out, value_of(partition));
  put(out, value_of(at));
  put(out, value_of(next));
  out.append(node);
  return out;
}

result<marker> marker::decode(std::string_view bytes) {
  if (bytes.size() < fixed_size || bytes[0] != version)
    return fail("the state's marker is of another version", {}, "use the version of Weir that wrote the state");
  const char* at = bytes.data() + 1;
  marker m;
  m.partition = partition_id{take<std::int32_t>(at)};
  m.at = epoch{take<std::uint64_t>(at)};
  m.next = offset{take<std::int64_t>(at)};
  m.node.assign(at, bytes.data() + bytes.size());
  return m;
}

} // namespace weir::core
