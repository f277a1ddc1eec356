#include "core/commit/marker.hpp"

#include "core/base/byte_codec.hpp"

namespace weir::core {

namespace {

constexpr char version = 1;

} // namespace

std::string marker::encode() const {
  std::string out;
  put(out, version);
  put(out, partition);
  put(out, at);
  put(out, next);
  return out.append(node);
}

result<marker> marker::decode(std::string_view bytes) {
  marker m;
  char written = 0;
  byte_reader from{bytes};
  if (!from.take(written) || written != version || !from.take(m.partition) || !from.take(m.at) || !from.take(m.next))
    return fail("the state's marker is of another version", {}, "use the version of Weir that wrote the state");
  m.node = from.rest();
  return m;
}

} // namespace weir::core
