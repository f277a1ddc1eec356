#include "core/keyed/paged_table.hpp"

#include "core/base/byte_codec.hpp"
#include "core/base/murmur2.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace weir::core {

namespace {

constexpr std::uint8_t null_mark = 0x80;
constexpr std::uint8_t format_version = 1;
constexpr std::size_t key_prefix = 2 + sizeof(std::uint32_t);
constexpr std::size_t value_prefix = 1 + sizeof(std::uint32_t);
constexpr std::size_t check_size = sizeof(std::uint32_t);
constexpr std::uint64_t latest_use = std::uint64_t{1} << 62; // far more than a table can count to

/// Over a record without its check. Another byte in either part makes another number.
std::uint32_t check_of(std::string_view key, std::string_view value) noexcept {
  return murmur2(key) * 0x9e3779b1u + murmur2(value);
}

std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

paged_table::paged_table(options settings) : settings_{std::move(settings)} {
  settings_.max_keys = std::max<std::size_t>(settings_.max_keys, 1);
  settings_.max_bytes = std::max(settings_.max_bytes, least_bytes);
}

// --- use ---

std::size_t paged_table::charge(std::size_t name_size, std::size_t size) noexcept {
  return bytes_per_key + name_size + paged_blob::capacity_of(size)
         + paged_blob::page_count(size) * sizeof(paged_blob::page);
}

std::string_view paged_table::name_of(std::optional<std::string_view> key) const {
  name_.assign(1, static_cast<char>(key ? 0 : null_mark));
  if (key)
    name_.append(*key);
  return name_;
}

paged_table::entries::iterator paged_table::find_entry(std::string_view name) {
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? blobs_.end() : known->second;
}

// As the most recently used.
paged_table::entries::iterator paged_table::insert(std::string_view name) {
  blobs_.push_front({.name = std::string{name}, .blob = paged_blob{*this}});
  auto& made = blobs_.front();
  by_name_.emplace(made.name, blobs_.begin());
  bytes_ += charge(name.size(), 0);
  if (gone_.empty())
    return blobs_.begin();
  if (const auto before = gone_.find(made.name); before != gone_.end()) {
    made.is_stored = true;
    made.stored_pages = before->second;
    gone_.erase(before);
  }
  return blobs_.begin();
}

void paged_table::remove(entries::iterator which) {
  if (which->is_stored)
    gone_.emplace(which->name, which->stored_pages);
  bytes_ -= charge(which->name.size(), which->blob.size());
  by_name_.erase(which->name);
  blobs_.erase(which);
}

void paged_table::evict() {
  remove(std::prev(blobs_.end()));
  ++evictions_;
}

void paged_table::set_size(entry& of, std::size_t size) {
  bytes_ -= charge(of.name.size(), of.blob.size());
  of.blob.set_size(size);
  bytes_ += charge(of.name.size(), size);
}

bool paged_table::resize(const paged_blob& blob, std::size_t size) {
  auto& of = blobs_.front();
  assert(&of.blob == &blob);
  static_cast<void>(blob);
  const auto wanted = charge(of.name.size(), size);
  if (size > settings_.max_blob_bytes || wanted > settings_.max_bytes)
    return false;
  const auto own = charge(of.name.size(), of.blob.size());
  while (blobs_.size() > 1 && bytes_ - own + wanted > settings_.max_bytes)
    evict();
  set_size(of, size);
  return true;
}

error paged_table::no_room(std::size_t size) const {
  const auto is_too_long = size > settings_.max_blob_bytes;
  return {"'" + settings_.identity.name + "' needs " + std::to_string(size) + " bytes of state for one key, and "
              + std::to_string(is_too_long ? settings_.max_blob_bytes : settings_.max_bytes)
              + (is_too_long ? " are the most" : " are what state.memory_limit leaves to it in each lane"),
          {},
          is_too_long ? "let the step remember less" : "raise state.memory_limit, or let the step remember less"};
}

paged_blob& paged_table::find_or_insert(std::optional<std::string_view> key) {
  const auto name = name_of(key);
  auto at = find_entry(name);
  if (at == blobs_.end()) {
    while (!blobs_.empty()
           && (blobs_.size() >= settings_.max_keys || bytes_ + charge(name.size(), 0) > settings_.max_bytes))
      evict();
    at = insert(name);
  } else if (at != blobs_.begin()) {
    blobs_.splice(blobs_.begin(), blobs_, at);
  }
  at->last_used = ++clock_;
  at->is_used = true;
  return at->blob;
}

paged_blob& paged_table::find_or_insert(const column& by, row_index row) {
  if (by.is_null(row))
    return find_or_insert(std::nullopt);
  if (by.type == column_type::string)
    return find_or_insert(by.text[row]);
  return find_or_insert(std::string_view{reinterpret_cast<const char*>(&by.i64[row]), sizeof by.i64[row]});
}

const paged_blob* paged_table::find(std::optional<std::string_view> key) const {
  const auto known = by_name_.find(name_of(key));
  return known == by_name_.end() ? nullptr : &known->second->blob;
}

void paged_table::erase(std::optional<std::string_view> key) {
  if (const auto at = find_entry(name_of(key)); at != blobs_.end())
    remove(at);
}

// --- changelog: writing ---

void paged_table::put_key(record_block& into, std::uint32_t number, std::string_view name) const {
  into.bytes.push_back(static_cast<char>(settings_.identity.tag));
  into.bytes.push_back(static_cast<char>(settings_.identity.table | static_cast<std::uint8_t>(name.front())));
  for (int shift = 24; shift >= 0; shift -= 8)
    into.bytes.push_back(static_cast<char>(number >> shift));
  into.bytes.append(name.substr(1));
}

void paged_table::put_tombstones(record_block& into, std::string_view name, std::uint32_t first,
                                 std::uint32_t end) const {
  for (auto number = first; number < end; ++number) {
    record_block::entry e;
    e.key_begin = static_cast<std::uint32_t>(into.bytes.size());
    put_key(into, number, name);
    e.key_size = static_cast<std::uint32_t>(into.bytes.size()) - e.key_begin;
    into.entries.push_back(e);
  }
}

// Returns the check.
std::uint32_t paged_table::put_record(record_block& into, std::uint32_t number, std::string_view name,
                                      std::string_view content) const {
  record_block::entry e;
  e.key_begin = static_cast<std::uint32_t>(into.bytes.size());
  put_key(into, number, name);
  e.value_begin = static_cast<std::uint32_t>(into.bytes.size());
  e.key_size = e.value_begin - e.key_begin;
  put(into.bytes, format_version);
  put(into.bytes, settings_.identity.fingerprint);
  into.bytes.append(content);
  const std::string_view written{into.bytes};
  const auto check = check_of(written.substr(e.key_begin, e.key_size), written.substr(e.value_begin));
  put(into.bytes, check);
  e.value_size = static_cast<std::uint32_t>(into.bytes.size()) - e.value_begin;
  into.entries.push_back(e);
  return check;
}

// The head stands in front of its pages, and knows their checks.
void paged_table::put_changes(record_block& into, entry& of) {
  auto& pages = of.blob.pages_;
  changed_pages_.bytes.clear();
  changed_pages_.entries.clear();
  std::uint32_t sum = 0;
  for (std::size_t p = 0; p < pages.size(); ++p) {
    if (std::exchange(pages[p].is_changed, false))
      pages[p].check =
          put_record(changed_pages_, static_cast<std::uint32_t>(p + 1), of.name, as_text(of.blob.page_at(p)));
    sum += pages[p].check;
  }
  std::string head;
  put(head, of.last_used);
  put(head, static_cast<std::uint64_t>(of.blob.size()));
  put(head, sum);
  put_record(into, 0, of.name, head);
  into.append_all(changed_pages_);
  const auto page_count = static_cast<std::uint32_t>(pages.size());
  put_tombstones(into, of.name, page_count + 1, of.stored_pages + 1);
  of.stored_pages = page_count;
  of.is_stored = true;
  of.is_used = false;
}

void paged_table::collect_changes(record_block& into) {
  for (const auto& [name, pages] : gone_)
    put_tombstones(into, name, 0, pages + 1);
  gone_.clear();
  // What was used stands in front.
  for (auto at = blobs_.begin(); at != blobs_.end() && at->is_used; ++at)
    put_changes(into, *at);
}

// --- changelog: reading ---

tl::unexpected<error> paged_table::damaged(const std::string& how) const {
  return fail("the state of '" + settings_.identity.name + "' is damaged: " + how, {}, "delete the pipeline's state");
}

result<paged_table::record> paged_table::parse_key(std::string_view key) const {
  const auto& id = settings_.identity;
  if (key.size() < key_prefix || static_cast<std::uint8_t>(key[0]) != id.tag
      || (static_cast<std::uint8_t>(key[1]) & ~null_mark) != id.table)
    return fail("a state record belongs to another step than '" + id.name + "'", {},
                "keep the pipeline's steps, or delete its state");
  record out;
  for (std::size_t i = 2; i < key_prefix; ++i)
    out.number = out.number << 8 | static_cast<std::uint8_t>(key[i]);
  out.name.assign(1, static_cast<char>(static_cast<std::uint8_t>(key[1]) & null_mark));
  out.name.append(key.substr(key_prefix));
  if (out.name.size() > 1 + max_key_bytes)
    return damaged("a key is longer than " + std::to_string(max_key_bytes) + " bytes");
  if (out.name.front() != 0 && out.name.size() > 1)
    return damaged("a null key has bytes");
  return out;
}

result<void> paged_table::restore(std::string_view key, const std::string_view* value) {
  const auto& id = settings_.identity;
  auto r = parse_key(key);
  if (!r)
    return tl::unexpected{r.error()};
  if (value == nullptr)
    return restore_tombstone(*r);
  if (value->empty() || static_cast<std::uint8_t>(value->front()) != format_version)
    return fail("the state of '" + id.name + "' was written by another version of weir", {},
                "run the version that wrote it, or delete the pipeline's state");
  std::uint32_t layout = 0;
  std::uint32_t check = 0;
  if (value->size() < value_prefix + check_size)
    return damaged("a record was cut");
  std::memcpy(&layout, value->data() + 1, sizeof layout);
  if (layout != id.fingerprint)
    return fail("the state of '" + id.name + "' was written with other settings", {},
                "restore these settings, or delete the pipeline's state");
  const auto checked = value->substr(0, value->size() - check_size);
  std::memcpy(&check, value->data() + checked.size(), sizeof check);
  if (check != check_of(key, checked))
    return damaged("a record is not what was written");
  const auto content = checked.substr(value_prefix);
  return r->number == 0 ? restore_head(r->name, content) : restore_page(*r, content, check);
}

result<void> paged_table::restore_tombstone(const record& r) {
  const auto at = find_entry(r.name);
  if (at == blobs_.end())
    return {};
  if (r.number == 0) {
    at->is_stored = false; // it is gone from the changelog too
    remove(at);
  } else if ((r.number - 1) * std::uint64_t{paged_blob::page_bytes} < at->restored_size) {
    return damaged("a page is missing");
  }
  return {};
}

result<void> paged_table::restore_head(std::string_view name, std::string_view content) {
  byte_reader in{content};
  std::uint64_t last_used = 0;
  std::uint64_t size = 0;
  std::uint32_t sum = 0;
  if (!in.take(last_used) || !in.take(size) || !in.take(sum) || in.left() != 0)
    return damaged("a head has another size");
  if (size > settings_.max_blob_bytes)
    return damaged("it holds " + std::to_string(size) + " bytes for one key, and "
                   + std::to_string(settings_.max_blob_bytes) + " are the most");
  if (last_used > latest_use)
    return damaged("a key was used at no time");
  auto at = find_entry(name);
  if (at == blobs_.end())
    at = insert(name);
  at->last_used = last_used;
  at->restored_size = size;
  at->restored_sum = sum;
  at->is_restored = true;
  at->is_stored = true;
  at->stored_pages = static_cast<std::uint32_t>(paged_blob::page_count(size));
  if (at->blob.size() > size)
    set_size(*at, size);
  clock_ = std::max(clock_, last_used);
  return {};
}

// The pages of a blob come in order, so its bytes grow with what was read.
result<void> paged_table::restore_page(const record& r, std::string_view content, std::uint32_t check) {
  const auto at = find_entry(r.name);
  if (at == blobs_.end())
    return damaged("a page belongs to no key");
  const auto number = std::size_t{r.number} - 1;
  const auto begin = number * paged_blob::page_bytes;
  if (begin >= at->restored_size
      || content.size() != std::min<std::size_t>(paged_blob::page_bytes, at->restored_size - begin))
    return damaged("a page has another size");
  if (begin > at->blob.size())
    return damaged("a page is missing");
  if (const auto end = begin + content.size(); end > at->blob.size())
    set_size(*at, end);
  std::memcpy(at->blob.data_.get() + begin, content.data(), content.size());
  at->blob.pages_[number].check = check;
  return {};
}

result<void> paged_table::check_whole(entry& of) const {
  std::uint32_t sum = 0;
  for (auto& page : of.blob.pages_) {
    sum += page.check;
    page.is_changed = false;
  }
  if (of.blob.size() != of.restored_size)
    return damaged("a page is missing");
  if (sum != of.restored_sum)
    return damaged("pages of different commits stand side by side");
  if (settings_.valid && !settings_.valid(of.blob.bytes()))
    return damaged("a key's state cannot be what these steps left");
  of.is_restored = false;
  return {};
}

result<void> paged_table::finish_restore() {
  for (auto& of : blobs_)
    if (of.is_restored)
      if (auto whole = check_whole(of); !whole)
        return whole;
  blobs_.sort([](const entry& a, const entry& b) { return a.last_used > b.last_used; });
  return {};
}

} // namespace weir::core
