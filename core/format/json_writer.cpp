#include "core/format/body_builder.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_text.hpp"
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

/// Members of a JSON object whose values are columns.
class json_members {
public:
  static constexpr std::size_t slack = 64; ///< what is written behind a value's end, and overwritten by the next

  void add(std::string_view name, column_type type) {
    if (type == column_type::string)
      texts_.push_back(members_.size());
    fixed_size_ += members_.emplace_back(',' + json_quoted(name) + ':').size + longest_value + 2;
  }

  /// Where the values of member `index` are, in the batch at hand.
  void set(std::size_t index, const column& values) noexcept { members_[index].values = &values; }

  /// The bytes that write() may need, but for its slack.
  std::size_t largest_size(row_index row) const noexcept {
    auto size = fixed_size_;
    for (const auto index : texts_)
      size += 6 * members_[index].values->text[row].size();
    return size;
  }

  /// @param is_first nothing stands before them that a comma would separate them from
  // This and write_value() have two callers: the compiler would call them, for a percent of what a record costs.
  [[gnu::always_inline]] char* write(row_index row, bool is_first, char* p) const noexcept {
    std::size_t skip = is_first ? 1 : 0;
    for (const auto& m : members_) {
      p = m.put_prefix(skip, p);
      skip = 0;
      p = write_value(*m.values, row, p);
    }
    return p;
  }

private:
  static constexpr std::size_t longest_value = std::max(longest_number, timestamp_text_size);

  struct member {
    explicit member(std::string name) : size{name.size()}, prefix{std::move(name)} {
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

    const column* values = nullptr; ///< in the batch at hand
    std::size_t size;               ///< of the prefix
    std::string prefix;             ///< `,"name":`, padded
  };

  [[gnu::always_inline]] static char* write_value(const column& c, row_index row, char* p) noexcept {
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
  std::vector<std::size_t> texts_; ///< those whose values are texts
  std::size_t fixed_size_ = 0;     ///< of all but the bytes of texts
};

class json_writer final : public record_writer {
public:
  explicit json_writer(const layout& columns) {
    for (column_id id = 0; id < columns.size(); ++id)
      if (!columns[id].from_source && columns[id].output) {
        added_.push_back(id);
        members_.add(columns[id].name, columns[id].type);
      }
  }

  void write(const batch& b, record_block& out) override {
    const auto& raw = *b.raw;
    for (std::size_t i = 0; i < added_.size(); ++i)
      members_.set(i, b.at(added_[i]));
    std::size_t total = out.bytes.size();
    for (const auto row : b.rows)
      total += largest_size(b, row);
    out.bytes.reserve(total + json_members::slack);
    out.entries.reserve(out.entries.size() + b.rows.size());
    for (auto next = b.rows.begin(); next != b.rows.end();) {
      auto end = next;
      std::size_t room = json_members::slack;
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
  std::size_t largest_size(const batch& b, row_index row) const noexcept {
    return b.raw->key(row).size() + b.body[row].size() + members_.largest_size(row) + 2;
  }

  char* write_record(std::string_view body, row_index row, char* p) const noexcept {
    *p++ = '{';
    p = put(body, p);
    p = members_.write(row, body.empty(), p);
    *p++ = '}';
    return p;
  }

  std::vector<column_id> added_;
  json_members members_;
};

} // namespace

std::unique_ptr<record_writer> make_json_writer(const layout& columns) {
  return std::make_unique<json_writer>(columns);
}

void write_json_bodies(batch& b, std::span<const body_field> fields) {
  json_members members;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    members.add(fields[i].name, fields[i].values->type);
    members.set(i, *fields[i].values);
  }
  body_builder bodies;
  for (const auto row : b.rows) {
    auto& out = bodies.next(row);
    const auto used = out.size();
    out.resize(used + members.largest_size(row) + json_members::slack);
    const auto* end = members.write(row, true, out.data() + used);
    out.resize(static_cast<std::size_t>(end - out.data()));
  }
  bodies.finish(b);
}

} // namespace weir::core
