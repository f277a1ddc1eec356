// Whatever the bytes: a model file is refused with a word, or makes a model that scores any row.

#include "models/onnx/reader.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/models/scoring.hpp"

#include <string>
#include <vector>

using namespace weir;

namespace {

constexpr std::size_t most_features = 1000;

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = models::read_onnx({reinterpret_cast<const char*>(data), size});
  if (!read) {
    fuzz::require(!read.error().what.empty(), "refused without a word");
    return 0;
  }
  const auto& model = **read;
  const auto features = model.meaning().features.size();
  if (features > most_features)
    return 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto* value : {"0", "-2", "6", "1", "7"})
    rows.emplace_back(features, value);
  const auto scored = models::test::score(model, rows);
  for (std::size_t c = 0; c < model.columns(); ++c)
    fuzz::require(scored.numbers[c].size() + scored.texts[c].size() == rows.size(), "a row has no result");
  return 0;
}
