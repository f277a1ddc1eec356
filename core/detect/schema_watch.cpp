#include "core/detect/schema_watch.hpp"

#include "core/base/byte_codec.hpp"
#include "core/base/fnv1a.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace weir::core {

namespace {

constexpr std::size_t example_bytes = 40;
constexpr std::size_t of_no_batch = SIZE_MAX;

std::uint8_t bit_of(json_type type) noexcept {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(type));
}

/// What the values of a column may be; null may be anywhere.
std::uint8_t types_of(column_type type) noexcept {
  switch (type) {
  case column_type::boolean: return bit_of(json_type::boolean);
  case column_type::int64: return bit_of(json_type::int64);
  case column_type::float64: return bit_of(json_type::int64) | bit_of(json_type::float64);
  case column_type::timestamp: return bit_of(json_type::int64) | bit_of(json_type::string);
  case column_type::string: return bit_of(json_type::string);
  }
  return 0;
}

std::string names_of(std::uint8_t types) {
  std::string text;
  for (const auto type : {json_type::boolean, json_type::int64, json_type::float64, json_type::string,
                          json_type::object, json_type::array})
    if ((types & bit_of(type)) != 0)
      text += (text.empty() ? "" : " or ") + std::string{to_string(type)};
  return text.empty() ? "null" : text;
}

/// What a field of a row reads as.
json_type type_of(const csv_fields::field& of) noexcept {
  if (of.is_quoted)
    return json_type::string;
  if (of.text.empty())
    return json_type::null;
  if (of.text == "true" || of.text == "false")
    return json_type::boolean;
  double number = 0;
  const auto* end = of.text.data() + of.text.size();
  if (const auto read = std::from_chars(of.text.data(), end, number); read.ec != std::errc{} || read.ptr != end)
    return json_type::string;
  return of.text.find_first_of(".eEnN") == std::string_view::npos ? json_type::int64 : json_type::float64;
}

bool is_known_size(const json_member& member) noexcept {
  return member.name.size() <= schema_watch::max_name_bytes;
}

} // namespace

schema_watch::schema_watch(options how) : how_{std::move(how)}, row_{how_.dialect} {
  for (const auto& [name, type] : how_.schema)
    if (name.size() <= max_name_bytes)
      fields_[name] = {.types = types_of(type), .is_usual = true, .first = {}, .last = {}};
}

template <class F>
bool schema_watch::for_each_field(std::string_view record, F&& f) const {
  if (!how_.is_csv) {
    json_members members{record};
    json_member member;
    while (members.next(member))
      f(member);
    return members.is_whole();
  }
  if (record.empty() || !row_.read(record))
    return false;
  for (std::size_t i = 0; i < row_.size(); ++i) {
    if (column_names_.size() <= i)
      column_names_.push_back("column " + std::to_string(i + 1));
    f(json_member{column_names_[i], row_[i].raw, type_of(row_[i])});
  }
  return true;
}

/// The same for the same names and types, whatever their order.
std::uint64_t schema_watch::shape_of(std::string_view record) const {
  std::uint64_t sum = 0;
  const bool is_whole = for_each_field(record, [&](const json_member& member) {
    sum += mixed(fnv1a(member.name, static_cast<std::uint64_t>(member.type) + 1));
  });
  return is_whole ? sum | 1 : 0;
}

schema_watch::example schema_watch::example_of(const json_member& member, std::int64_t offset) {
  auto text = member.value;
  if (text.size() <= example_bytes)
    return {offset, to_utf8(text)};
  text = text.substr(0, example_bytes);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80)
    text.remove_suffix(1);
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0)
    text.remove_suffix(1);
  return {offset, to_utf8(text) + "..."};
}

std::string schema_watch::look(std::size_t at, std::string_view record, std::int64_t offset,
                               const record_source& record_at) {
  const auto shape = shape_of(record);
  if (shape == 0)
    return {}; // no object: the decoder refuses it
  if (records_ < how_.learned_records) {
    learn(record, offset);
    shapes_[shape] = at;
    if (records_ == how_.learned_records)
      end_learning();
    return {};
  }
  if (const auto known = shapes_.find(shape); known != shapes_.end()) {
    known->second = at;
    return {};
  }
  auto news = compare(at, record, offset, record_at);
  shapes_.emplace(shape, at);
  return news;
}

void schema_watch::learn(std::string_view record, std::int64_t offset) {
  ++records_;
  std::set<std::string_view> counted; // a name may stand twice
  for_each_field(record, [&](const json_member& member) {
    if (!is_known_size(member) || !counted.insert(member.name).second)
      return;
    auto known = fields_.find(member.name);
    if (known == fields_.end()) {
      if (fields_.size() >= max_fields)
        return;
      known = fields_.emplace(std::string{member.name}, field{}).first;
    }
    auto& of = known->second;
    ++of.seen;
    if (member.type == json_type::null)
      return;
    of.types |= bit_of(member.type);
    if (of.first.offset < 0)
      of.first = example_of(member, offset);
  });
}

void schema_watch::end_learning() {
  for (auto& [name, of] : fields_)
    of.is_usual = of.seen == records_;
}

std::string schema_watch::compare(std::size_t at, std::string_view record, std::int64_t offset,
                                  const record_source& record_at) {
  std::string news;
  const auto say = [&](const std::string& what) { news += (news.empty() ? "field '" : "; field '") + what; };
  std::set<std::string_view> there;
  // last_of() reads other records meanwhile, and a row's fields do not outlive the next one.
  std::vector<json_member> members;
  for_each_field(record, [&](const json_member& member) { members.push_back(member); });
  for (const auto& member : members) {
    there.insert(member.name);
    if (!is_known_size(member) || member.type == json_type::null)
      continue;
    auto known = fields_.find(member.name);
    const auto now = example_of(member, offset);
    const auto name = std::string{member.name};
    const auto type = std::string{to_string(member.type)};
    if (known == fields_.end()) {
      if (fields_.size() >= max_fields)
        continue;
      fields_.emplace(name, field{.types = bit_of(member.type), .first = now, .last = {}});
      say(to_utf8(name) + "' is new: " + now.text + " (" + type + "), first at offset " + std::to_string(offset));
      continue;
    }
    auto& of = known->second;
    if ((of.types & bit_of(member.type)) == 0) {
      const auto last = last_of(name, of, at, record_at);
      say(to_utf8(name) + "' is of another type: " + now.text + " (" + type + ") at offset " + std::to_string(offset)
          + ", it was " + names_of(of.types)
          + (last.offset < 0 ? "" : ", last " + last.text + " at offset " + std::to_string(last.offset)));
      of.types |= bit_of(member.type);
    }
    if (of.first.offset < 0)
      of.first = now;
  }
  for (auto& [name, of] : fields_)
    if (of.is_usual && !there.contains(name)) {
      of.is_usual = false;
      const auto last = last_of(name, of, at, record_at);
      say(to_utf8(name) + "' is gone at offset " + std::to_string(offset)
          + (last.offset < 0 ? ", it was never there"
                             : ": first " + of.first.text + " at offset " + std::to_string(of.first.offset) + ", last "
                                   + last.text + " at offset " + std::to_string(last.offset)));
    }
  return news;
}

schema_watch::example schema_watch::last_of(const std::string& name, const field& of, std::size_t before,
                                            const record_source& record_at) const {
  while (before-- > 0) {
    const auto [record, offset] = record_at(before);
    example found;
    for_each_field(record, [&, at = offset](const json_member& member) {
      if (found.offset < 0 && member.name == name && member.type != json_type::null)
        found = example_of(member, at);
    });
    if (found.offset >= 0)
      return found;
  }
  return of.last;
}

// Of each shape the newest record, from the newest on: it has the last example of its fields.
void schema_watch::end_batch(const record_source& record_at) {
  std::vector<std::size_t> newest;
  for (auto& [shape, at] : shapes_)
    if (at != of_no_batch)
      newest.push_back(std::exchange(at, of_no_batch));
  std::ranges::sort(newest, std::greater{});
  std::set<std::string, std::less<>> done;
  for (const auto row : newest) {
    const auto [record, offset] = record_at(row);
    for_each_field(record, [&, at = offset](const json_member& member) {
      if (member.type == json_type::null || done.contains(member.name))
        return;
      if (const auto known = fields_.find(member.name); known != fields_.end()) {
        known->second.last = example_of(member, at);
        done.insert(known->first);
      }
    });
  }
  if (shapes_.size() > max_shapes)
    shapes_.clear(); // what they hold is known
}

void schema_watch::encode(std::string& into) const {
  put(into, records_);
  for (const auto& [name, of] : fields_) {
    put_text(into, name);
    put(into, of.types);
    put(into, static_cast<std::uint8_t>(of.is_usual ? 1 : 0));
    put(into, of.seen);
    for (const auto* one : {&of.first, &of.last}) {
      put(into, one->offset);
      put_text(into, one->text);
    }
  }
}

bool schema_watch::decode(std::string_view from) {
  byte_reader in{from};
  decltype(fields_) fields;
  std::uint64_t records = 0;
  if (!in.take(records))
    return false;
  while (in.left() != 0) {
    std::string name;
    field of;
    if (!in.take_text(name) || !in.take(of.types) || !in.take(of.is_usual) || !in.take(of.seen)
        || !in.take(of.first.offset) || !in.take_text(of.first.text) || !in.take(of.last.offset)
        || !in.take_text(of.last.text) || name.size() > max_name_bytes || fields.size() >= max_fields
        || !fields.emplace(std::move(name), std::move(of)).second)
      return false;
  }
  records_ = records;
  fields_ = std::move(fields);
  shapes_.clear();
  return true;
}

} // namespace weir::core
