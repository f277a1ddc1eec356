#include "core/format/body_builder.hpp"
#include "core/format/csv_format.hpp"
#include "core/format/csv_text.hpp"

namespace weir::core {

namespace {

class csv_writer final : public record_writer {
public:
  explicit csv_writer(const layout& columns) {
    for (column_id id = 0; id < columns.size(); ++id)
      if (!columns[id].from_source && columns[id].output)
        added_.push_back(id);
  }

  void write(const batch& b, record_block& out) override {
    const auto& raw = *b.raw;
    std::size_t total = out.bytes.size();
    for (const auto row : b.rows)
      total += raw.key(row).size() + b.body[row].size() + added_.size() * typical_value_size;
    out.bytes.reserve(total);
    out.entries.reserve(out.entries.size() + b.rows.size());
    for (const auto row : b.rows) {
      auto& e = out.entries.emplace_back();
      if (raw.has_key(row)) {
        const auto key = raw.key(row);
        e.key_begin = static_cast<std::uint32_t>(out.bytes.size());
        e.key_size = static_cast<std::uint32_t>(key.size());
        out.bytes.append(key);
      }
      e.value_begin = static_cast<std::uint32_t>(out.bytes.size());
      write_row(b, row, out.bytes);
      e.value_size = static_cast<std::uint32_t>(out.bytes.size()) - e.value_begin;
    }
  }

private:
  static constexpr std::size_t typical_value_size = 24;

  void write_row(const batch& b, row_index row, std::string& out) const {
    out.append(b.body[row]);
    bool first = b.body[row].empty(); // no field goes through: there is nothing to separate from
    for (const auto id : added_) {
      if (!first)
        out.push_back(',');
      first = false;
      append_csv_value(b.at(id), row, out);
    }
  }

  std::vector<column_id> added_;
};

} // namespace

std::unique_ptr<record_writer> make_csv_writer(const layout& columns) {
  return std::make_unique<csv_writer>(columns);
}

void write_csv_bodies(batch& b, std::span<const body_field> fields) {
  body_builder bodies;
  for (const auto row : b.rows) {
    auto& out = bodies.next(row);
    bool first = true;
    for (const auto& field : fields) {
      if (!first)
        out.push_back(',');
      first = false;
      append_csv_value(*field.values, row, out);
    }
  }
  bodies.finish(b);
}

std::string csv_header(const std::vector<std::string>& body_fields, const layout& columns) {
  std::string header;
  const auto add = [&](std::string_view name) {
    if (!header.empty())
      header.push_back(',');
    append_csv_text(name, header);
  };
  for (const auto& name : body_fields)
    add(name);
  for (const auto& column : columns)
    if (!column.from_source && column.output)
      add(column.name);
  return header;
}

} // namespace weir::core
