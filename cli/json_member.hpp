#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace weir::cli {

/// The text of a member; empty where it is no text, or not there.
inline std::string text_of(simdjson::dom::element from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

} // namespace weir::cli
