#include "core/commit/part_list.hpp"

namespace weir::core {

namespace {

constexpr char version = 1;
// State keys begin with an operator's tag, which is never 0xff.
constexpr std::string_view key_prefix{"\xffparts ", 7};

} // namespace

std::string part_list::key_of(std::string_view node) {
  return std::string{key_prefix}.append(node);
}

std::optional<std::string_view> part_list::node_of(std::string_view key) noexcept {
  if (!key.starts_with(key_prefix))
    return std::nullopt;
  return key.substr(key_prefix.size());
}

std::string part_list::encode() const {
  std::string out(1, version);
  for (const auto& path : paths)
    out.append(path).push_back('\0');
  return out;
}

result<part_list> part_list::decode(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != version || (bytes.size() > 1 && bytes.back() != '\0'))
    return fail("the state's list of parts is of another version", {}, "use the version of Weir that wrote the state");
  part_list list;
  for (bytes.remove_prefix(1); !bytes.empty();) {
    const auto end = bytes.find('\0');
    list.paths.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  return list;
}

} // namespace weir::core
