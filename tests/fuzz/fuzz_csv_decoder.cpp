// Whatever the bytes: each row is either accepted or rejected, and what is accepted comes out as JSON.

#include "core/format/csv_format.hpp"
#include "core/format/json_format.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <simdjson.h>

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto columns = [] {
    core::layout made;
    made.add({.name = "s", .type = core::column_type::string, .from_source = true});
    made.add({.name = "d", .type = core::column_type::float64, .from_source = true});
    made.add({.name = "t", .type = core::column_type::timestamp, .from_source = true});
    return made;
  }();
  static const auto decoder = core::make_csv_decoder({.columns = &columns, .cut = {}, .header = {"s", "d", "x", "t"}});
  static const auto writer = core::make_json_writer(columns);
  static simdjson::dom::parser parser;

  core::batch b;
  b.raw = fuzz::block_of_lines({reinterpret_cast<const char*>(data), size});
  decoder->decode(b);
  fuzz::require(b.rows.size() + b.rejected.size() == b.raw->size(), "a row is neither accepted nor rejected, or both");
  core::record_block out;
  writer->write(b, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto error = parser.parse(out.value(i).data(), out.value(i).size()).error();
    fuzz::require(error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR, "an output is not JSON");
  }
  return 0;
}
