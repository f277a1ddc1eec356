#pragma once

#include "core/batch/batch.hpp"
#include "core/format/csv_format.hpp"
#include "core/format/json_format.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// A block of records with offsets from 0 and no keys.
inline raw_block_ptr block_of(const std::vector<std::string>& records) {
  auto block = std::make_shared<raw_block>();
  std::int64_t at = 0;
  for (const auto& r : records)
    block->append(at++, 0, nullptr, 0, r.data(), r.size());
  block->seal();
  return block;
}

/// Decodes with whatever schema, cuts and formats a test declares first.
class decoder_fixture : public testing::Test {
protected:
  column_id source(std::string name, column_type type, bool required = false) {
    return columns_.add({.name = std::move(name), .type = type, .from_source = true, .required = required});
  }

  virtual std::unique_ptr<decoder> make() = 0;

  const batch& decode(const std::vector<std::string>& records) { return decode_block(block_of(records)); }

  const batch& decode_block(raw_block_ptr raw) {
    if (!decoder_)
      decoder_ = make();
    batch_ = batch{};
    batch_.raw = std::move(raw);
    decoder_->decode(batch_);
    EXPECT_EQ(batch_.rows.size() + batch_.filtered + batch_.rejected.size(), batch_.raw->size());
    return batch_;
  }

  /// `decode: reason` of the only record, empty when it was accepted.
  std::string verdict(const std::string& record) {
    const auto& b = decode({record});
    return b.rejected.empty() ? "" : std::string{to_string(b.rejected[0].stage)} + ": " + b.rejected[0].reason;
  }

  layout columns_;
  decode_options options_;
  std::unique_ptr<decoder> decoder_;
  batch batch_;
};

} // namespace weir::core
