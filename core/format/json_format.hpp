#pragma once

#include "core/format/format.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

// What json_format consists of.

namespace weir::core {

std::unique_ptr<decoder> make_json_decoder(decode_options options);

/// Doubles are written so that they read back to the same bits (shortest form); NaN and infinities as null.
std::unique_ptr<record_writer> make_json_writer(const layout& columns);

void write_json_bodies(batch& b, std::span<const body_field> fields);

/// Never an error: which fields a record has is not known before it is read.
result<std::unique_ptr<record_key>> make_json_key(const std::vector<std::string>& header, const std::string& field);

} // namespace weir::core
