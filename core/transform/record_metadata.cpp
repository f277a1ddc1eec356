#include "core/transform/record_metadata.hpp"

#include "core/base/utf8.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

namespace {

class record_metadata final : public transform {
public:
  record_metadata(std::vector<metadata_column> columns, std::string topic) :
      columns_{std::move(columns)}, topic_{std::move(topic)} {}

  void apply(batch& b) const override {
    for (const auto& one : columns_)
      set_column(b, one.id, made_of(*b.raw, one));
  }

private:
  column_ptr made_of(const raw_block& raw, const metadata_column& one) const {
    column_builder out{type_of(one.what)};
    out.start(raw.size());
    switch (one.what) {
    case record_fact::timestamp: std::ranges::copy(raw.timestamps, out.i64()); break;
    case record_fact::offset: std::ranges::copy(raw.offsets, out.i64()); break;
    case record_fact::partition: std::fill_n(out.i64(), raw.size(), std::int64_t{value_of(raw.partition)}); break;
    case record_fact::topic: std::fill_n(out.text(), raw.size(), std::string_view{topic_}); break;
    case record_fact::key:
      for (row_index row = 0; row < raw.size(); ++row)
        put(out, row, raw.has_key(row), raw.key(row));
      break;
    case record_fact::header: put_header(out, raw, one.header); break;
    }
    return out.finish();
  }

  static void put_header(column_builder& out, const raw_block& raw, std::size_t header) {
    for (row_index row = 0; row < raw.size(); ++row) {
      if (header >= raw.headers.size()) {
        out.set_null(row);
        continue;
      }
      const auto& values = raw.headers[header];
      put(out, row, values.absent[row] == 0,
          std::string_view{values.text}.substr(values.begin[row], values.begin[row + 1] - values.begin[row]));
    }
  }

  static void put(column_builder& out, row_index row, bool is_there, std::string_view text) {
    if (!is_there) {
      out.set_null(row);
    } else if (is_utf8(text)) {
      out.text()[row] = text;
    } else {
      const auto begin = out.arena().size();
      out.arena() += to_utf8(text);
      out.set_from_arena(row, begin);
    }
  }

  std::vector<metadata_column> columns_;
  std::string topic_;
};

} // namespace

column_type type_of(record_fact what) noexcept {
  switch (what) {
  case record_fact::timestamp: return column_type::timestamp;
  case record_fact::partition:
  case record_fact::offset: return column_type::int64;
  case record_fact::key:
  case record_fact::topic:
  case record_fact::header: break;
  }
  return column_type::string;
}

transform_ptr make_record_metadata(std::vector<metadata_column> columns, std::string topic) {
  return std::make_unique<record_metadata>(std::move(columns), std::move(topic));
}

} // namespace weir::core
