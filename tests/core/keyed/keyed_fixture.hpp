#pragma once

#include "core/batch/layout.hpp"
#include "core/keyed/keyed_processor.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {

/// Records of a key, a value and an event time, fed to a stage in batches; what comes out is kept per record.
class keyed_fixture : public ::testing::Test {
protected:
  struct record {
    std::string key;
    std::optional<double> value;
    std::int64_t time = 0;
  };

  layout columns;
  column_id key = columns.add({"key", column_type::string, true});
  column_id value = columns.add({"value", column_type::float64, true});
  column_id time = columns.add({"time", column_type::timestamp, true});
  keyed_plan plan;

  /// Rows that stay alive are those with an even hash of nothing: all of them, but `filtered` says which go.
  static batch make_batch(const std::deque<record>& records, const std::vector<bool>& filtered = {}) {
    auto raw = std::make_shared<raw_block>();
    auto keys = std::make_shared<column>();
    auto values = std::make_shared<column>();
    auto times = std::make_shared<column>();
    auto text = std::make_shared<std::string>();
    keys->type = column_type::string;
    times->type = column_type::timestamp;
    for (const auto& r : records)
      *text += r.key;
    std::size_t at = 0;
    batch b;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto& r = records[i];
      raw->append(static_cast<std::int64_t>(i), r.time, nullptr, 0, "", 0);
      keys->text.push_back(std::string_view{*text}.substr(at, r.key.size()));
      at += r.key.size();
      values->f64.push_back(r.value.value_or(0));
      if (!r.value) {
        values->null.resize(records.size());
        values->null[i] = 1;
      }
      times->i64.push_back(r.time);
      if (filtered.empty() || !filtered[i])
        b.rows.push_back(static_cast<row_index>(i));
    }
    keys->arena = text;
    b.raw = std::move(raw);
    b.columns = {keys, values, times};
    return b;
  }

  std::vector<std::optional<double>> run(keyed_processor& stage, const std::deque<record>& records,
                                         const std::string& name) {
    auto b = make_batch(records);
    stage.process(b);
    std::vector<std::optional<double>> out;
    const auto& c = b.at(*columns.find(name));
    for (const auto row : b.rows) {
      const auto v = c.type == column_type::float64 ? c.f64[row] : static_cast<double>(c.i64[row]);
      out.push_back(c.is_null(row) ? std::nullopt : std::optional{v});
    }
    return out;
  }

  static void restore_all(keyed_processor& into, const record_block& log) {
    for (std::size_t i = 0; i < log.size(); ++i) {
      const auto v = log.value(i);
      const auto erased = log.entries[i].value_size == record_block::none;
      const auto ok = into.restore(log.key(i), erased ? nullptr : &v);
      ASSERT_TRUE(ok) << ok.error().text();
    }
  }
};

} // namespace weir::core
