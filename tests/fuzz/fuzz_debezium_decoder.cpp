// Whatever the bytes: each record is accepted, filtered or rejected, and what is accepted comes out as JSON.

#include "core/format/debezium_format.hpp"
#include "core/format/json_format.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <simdjson.h>

using namespace weir;

namespace {

core::layout make_layout() {
  core::layout columns;
  for (const auto& [name, type] :
       {std::pair{"s", core::column_type::string}, std::pair{"d", core::column_type::float64},
        std::pair{"i", core::column_type::int64}, std::pair{"t", core::column_type::timestamp},
        std::pair{"b", core::column_type::boolean}, std::pair{"before.d", core::column_type::float64},
        std::pair{"__op", core::column_type::string}, std::pair{"__lsn", core::column_type::int64}})
    columns.add({.name = name, .type = type, .from_source = true});
  return columns;
}

/// As far as the other parser has no limits of its own (see fuzz_json_decoder.cpp).
bool is_json(std::string_view text) {
  static simdjson::dom::parser parser;
  const auto error = parser.parse(text.data(), text.size()).error();
  const bool has_surrogate = text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
  return error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR || error == simdjson::DEPTH_ERROR
         || (error == simdjson::STRING_ERROR && has_surrogate);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto columns = make_layout();
  static const auto decoder = core::make_debezium_decoder(
      {.columns = &columns,
       .cut = {"c"},
       .header = {},
       .encodings = {{"i", {core::value_encoding::kind::decimal, 2}}, {"t", {core::value_encoding::kind::days}}},
       .positions = true});
  static const auto writer = core::make_json_writer(columns);

  core::batch b;
  b.raw = fuzz::block_of_lines({reinterpret_cast<const char*>(data), size});
  decoder->decode(b);
  fuzz::require(b.rows.size() + b.filtered + b.rejected.size() == b.raw->size(),
                "a record is not in exactly one of accepted, filtered and rejected");
  fuzz::require(b.positions->changes.size() == b.raw->size(), "positions are not dense");
  core::record_block out;
  writer->write(b, out);
  fuzz::require(out.size() == b.rows.size(), "not every accepted record was written");
  for (std::size_t i = 0; i < out.size(); ++i)
    fuzz::require(is_json(out.value(i)), "an output is not JSON");
  return 0;
}
