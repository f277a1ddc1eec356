#include "core/commit/label_place.hpp"

#include "core/base/byte_codec.hpp"

#include <cstdint>

namespace weir::core {

namespace {

constexpr std::uint8_t format_version = 1;

} // namespace

std::string encode_label_place(const label_place& place) {
  std::string out;
  put(out, format_version);
  put(out, value_of(place.next));
  put_text(out, place.topic);
  return out;
}

result<std::optional<offset>> find_label_place(const record_block& changes, std::string_view topic) {
  std::optional<offset> found;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes.key(i) != label_place_key)
      continue;
    byte_reader in{changes.value(i)};
    std::uint8_t version = 0;
    std::int64_t next = 0;
    std::string of;
    if (!in.take(version) || version != format_version || !in.take(next) || !in.take_text(of) || in.left() != 0
        || next < 0)
      return fail("the state holds a place in a topic of labels that this version does not know", {},
                  "use the version of Weir that wrote it, or delete the pipeline's state");
    found = of == topic ? std::optional{offset{next}} : std::nullopt;
  }
  return found;
}

} // namespace weir::core
