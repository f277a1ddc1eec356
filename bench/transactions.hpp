#pragma once

#include "core/base/civil_time.hpp"
#include "core/batch/layout.hpp"
#include "core/batch/raw_block.hpp"

#include <cstdio>
#include <memory>
#include <random>
#include <string>

namespace weir::bench {

/// A block of `count` bank transactions as JSON, about 160 bytes each, keyed by customer; the same for the same seed.
inline core::raw_block_ptr make_transactions(std::size_t count, unsigned seed) {
  static constexpr const char* genders[] = {"F", "M", "X"};
  static constexpr const char* kinds[] = {"deposit", "purchase", "transfer", "withdrawal"};
  static constexpr const char* places[] = {"Amsterdam", "Berlin", "Chicago", "Delhi", "Lagos", "Lima",
                                           "London",    "Madrid", "Osaka",   "Paris", "Rome",  "Seoul"};
  static constexpr const char* devices[] = {"atm", "mobile", "pos", "web"};
  std::mt19937 random{seed};
  std::lognormal_distribution<double> amount{4.2, 0.7};
  auto block = std::make_shared<core::raw_block>();
  auto ms = core::days_from_civil(2026, 1, 1) * core::ms_per_day;
  for (std::size_t i = 0; i < count; ++i, ms += 20) {
    char date[core::timestamp_text_size + 1] = {};
    core::format_timestamp(ms, date);
    char key[16];
    const auto key_size = std::snprintf(key, sizeof key, "C%06u", static_cast<unsigned>(random() % 10'000));
    char text[512];
    const auto size = std::snprintf(
        text, sizeof text,
        R"({"CustomerID":"%s","Date":"%s","Amount":%.2f,"Age":%u,"Gender":"%s","TransactionType":"%s","Location":"%s","Device":"%s"})",
        key, date, amount(random), static_cast<unsigned>(18 + random() % 70), genders[random() % 3],
        kinds[random() % 4], places[random() % 12], devices[random() % 4]);
    block->append(static_cast<std::int64_t>(i), ms, key, static_cast<std::size_t>(key_size), text,
                  static_cast<std::size_t>(size));
  }
  block->seal();
  return block;
}

/// The fields that the reference job uses: CustomerID, Date, Amount, Age.
inline core::layout transaction_columns() {
  core::layout columns;
  columns.add({.name = "CustomerID", .type = core::column_type::string, .from_source = true});
  columns.add({.name = "Date", .type = core::column_type::timestamp, .from_source = true});
  columns.add({.name = "Amount", .type = core::column_type::float64, .from_source = true});
  columns.add({.name = "Age", .type = core::column_type::int64, .from_source = true});
  return columns;
}

} // namespace weir::bench
