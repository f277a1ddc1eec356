#include "core/format/json_text.hpp"
#include "core/format/record_writer.hpp"
#include "core/format/value_text.hpp"

#include <algorithm>
#include <cstring>

namespace weir::core {

namespace {

/// Bytes of records whose room is made at once: what is zeroed there is still in the cache when it is written.
constexpr std::size_t room_bytes = 16 * 1024;

char* put(std::string_view text, char* out) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

class json_writer final : public record_writer {
public:
  explicit json_writer(const layout& columns) {
    for (column_id id = 0; id < columns.size(); ++id)
      if (!columns[id].from_source && columns[id].output) {
        members_.emplace_back(id, ',' + json_quoted(columns[id].name) + ':');
        fixed_size_ += members_.back().size + longest_value + 2;
        if (columns[id].type == column_type::string)
          texts_.push_back(id);
      }
  }

  void write(const batch& b, record_block& out) override {
    const auto& raw = *b.raw;
    for (auto& m : members_)
      m.values = &b.at(m.id);
    std::size_t total = out.bytes.size();
    for (const auto row : b.rows)
      total += largest_size(b, row);
    out.bytes.reserve(total + slack);
    out.entries.reserve(out.entries.size() + b.rows.size());
    for (auto next = b.rows.begin(); next != b.rows.end();) {
      auto end = next;
      std::size_t room = slack;
      while (end != b.rows.end() && room < room_bytes)
        room += largest_size(b, *end++);
      const auto used = out.bytes.size();
      out.bytes.resize(used + room);
      char* const base = out.bytes.data();
      char* p = base + used;
      for (; next != end; ++next) {
        const auto row = *next;
        record_block::entry e;
        if (raw.has_key(row)) {
          const auto key = raw.key(row);
          e.key_begin = static_cast<std::uint32_t>(p - base);
          e.key_size = static_cast<std::uint32_t>(key.size());
          p = put(key, p);
        }
        char* const value = p;
        p = write_record(b.body[row], row, p);
        e.value_begin = static_cast<std::uint32_t>(value - base);
        e.value_size = static_cast<std::uint32_t>(p - value);
        out.entries.push_back(e);
      }
      out.bytes.resize(static_cast<std::size_t>(p - base));
    }
  }

private:
  static constexpr std::size_t longest_value = std::max(longest_number, timestamp_text_size);
  static constexpr std::size_t slack = 64; ///< what is written behind a value's end, and overwritten by the next

  struct member {
    member(column_id at, std::string name) : id{at}, size{name.size()}, prefix{std::move(name)} {
      prefix.resize(std::max<std::size_t>(size, short_prefix));
    }

    static constexpr std::size_t short_prefix = 24;

    /// Writes the prefix without its first `skip` bytes.
    char* put_prefix(std::size_t skip, char* p) const noexcept {
      if (size > short_prefix || skip > 0)
        return put(std::string_view{prefix}.substr(skip, size - skip), p);
      std::memcpy(p, prefix.data(), short_prefix); // a size that the compiler knows: no call
      return p + size;
    }

    column_id id;
    const column* values = nullptr; ///< in the batch at hand
    std::size_t size;               ///< of the prefix
    std::string prefix;             ///< `,"name":`, padded
  };

  std::size_t largest_size(const batch& b, row_index row) const noexcept {
    auto size = b.raw->key(row).size() + b.body[row].size() + fixed_size_ + 2;
    for (const auto id : texts_)
      size += 6 * b.at(id).text[row].size();
    return size;
  }

  char* write_record(std::string_view body, row_index row, char* p) const noexcept {
    *p++ = '{';
    p = put(body, p);
    std::size_t skip = body.empty() ? 1 : 0; // the comma in front of the first member
    for (const auto& m : members_) {
      p = m.put_prefix(skip, p);
      skip = 0;
      p = write_value(*m.values, row, p);
    }
    *p++ = '}';
    return p;
  }

  static char* write_value(const column& c, row_index row, char* p) noexcept {
    if (c.is_null(row))
      return put("null", p);
    switch (c.type) {
    case column_type::string:
      *p++ = '"';
      p = write_escaped(c.text[row], p);
      *p++ = '"';
      return p;
    case column_type::timestamp:
      if (!is_rfc3339_time(c.i64[row]))
        return write_int64(c.i64[row], p);
      *p++ = '"';
      p = format_timestamp(c.i64[row], p);
      *p++ = '"';
      return p;
    case column_type::float64: return std::isfinite(c.f64[row]) ? write_double(c.f64[row], p) : put("null", p);
    case column_type::int64: return write_int64(c.i64[row], p);
    case column_type::boolean: return write_bool(c.i64[row] != 0, p);
    }
    return p;
  }

  std::vector<member> members_;
  std::vector<column_id> texts_;
  std::size_t fixed_size_ = 0; ///< of a record's members but for the bytes of strings
};

} // namespace

std::unique_ptr<record_writer> make_json_writer(const layout& columns) {
  return std::make_unique<json_writer>(columns);
}

} // namespace weir::core
