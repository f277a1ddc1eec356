// Whatever the bytes: a pipeline file parses or is refused with a place for each complaint.

#include "config/parse.hpp"
#include "io/kinds.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                           [](const std::string&) { return std::nullopt; }};
  const auto parsed =
      config::parse_pipeline({reinterpret_cast<const char*>(data), size}, "pipeline.yaml", io::catalogue(), nothing);
  fuzz::require(parsed.has_value() || !parsed.error().empty(), "refused without a word");
  return 0;
}
