// What a key_table writes into the changelog, and reads from it.

#include "core/base/byte_codec.hpp"
#include "core/keyed/key_table.hpp"

#include <algorithm>
#include <cstring>

namespace weir::core {

namespace {

constexpr std::uint8_t format_version = 2;
constexpr std::size_t key_prefix = 2;
constexpr std::uint64_t latest_use = std::uint64_t{1} << 62; // far more than a table can count to
constexpr std::uint64_t gone = ~std::uint64_t{0};
constexpr std::uint64_t free_log_bytes = 64 * 1024; // below, a log is not worth a sweep
constexpr std::size_t least_sweep = 16;             // part of the table that a sweep does each time at least

std::string segment_key(const table_identity& id, std::uint64_t number) {
  std::string key;
  put(key, id.tag);
  put(key, id.table);
  for (int shift = 56; shift >= 0; shift -= 8)
    key.push_back(static_cast<char>(number >> shift));
  return key;
}

} // namespace

/// Fills segments one after the other.
class key_table::segment_writer {
public:
  segment_writer(record_block& into, const table_identity& id, segment_log& log, std::size_t state_size) :
      into_{into}, id_{id}, log_{log}, state_size_{static_cast<std::uint32_t>(state_size)}, begin_{into.bytes.size()} {}

  void put_state(std::string_view key, bool is_null, const std::uint64_t& last_used) {
    begin_entry(key, is_null, sizeof last_used + state_size_);
    into_.bytes.append(reinterpret_cast<const char*>(&last_used), sizeof last_used + state_size_);
  }

  void put_gone(std::string_view key, bool is_null) {
    begin_entry(key, is_null, sizeof gone);
    put(into_.bytes, gone);
  }

  void close() {
    if (!open_)
      return;
    open_->value_size = static_cast<std::uint32_t>(into_.bytes.size()) - open_->value_begin;
    log_.append(open_->value_size);
    into_.entries.push_back(*open_);
    open_.reset();
  }

  /// The oldest segment of the log is not needed any more.
  void drop_first() {
    into_.append_tombstone(segment_key(id_, log_.first()));
    log_.drop_first();
  }

  /// Since it was made.
  std::size_t bytes() const noexcept { return into_.bytes.size() - begin_; }

private:
  void begin_entry(std::string_view key, bool is_null, std::size_t more) {
    const auto size = sizeof null_size + key.size() + more;
    if (open_ && into_.bytes.size() - open_->value_begin + size > segment_bytes)
      close();
    if (!open_)
      open();
    put(into_.bytes, is_null ? null_size : static_cast<std::uint32_t>(key.size()));
    into_.bytes.append(key);
  }

  void open() {
    open_.emplace();
    const auto key = segment_key(id_, log_.next());
    open_->key_begin = static_cast<std::uint32_t>(into_.bytes.size());
    open_->key_size = static_cast<std::uint32_t>(key.size());
    into_.bytes.append(key);
    open_->value_begin = static_cast<std::uint32_t>(into_.bytes.size());
    put(into_.bytes, format_version);
    put(into_.bytes, id_.fingerprint);
    put(into_.bytes, state_size_);
  }

  record_block& into_;
  const table_identity& id_;
  segment_log& log_;
  std::uint32_t state_size_;
  std::size_t begin_;
  std::optional<record_block::entry> open_;
};

// --- writing ---

void key_table::collect_changes(record_block& into) {
  if (dirty_.empty() && gone_.empty())
    return;
  const auto entry_bytes = sizeof null_size + sizeof gone + settings_.state_size + 16;
  into.bytes.reserve(into.bytes.size() + dirty_.size() * entry_bytes + segment_bytes / 64);
  segment_writer out{into, settings_.identity, log_, settings_.state_size};
  put_changes(out);
  if (log_.bytes() > 2 * bytes_ + free_log_bytes)
    sweep(out, std::max({out.bytes(), bytes_ / least_sweep, segment_bytes}));
  out.close();
}

void key_table::put_changes(segment_writer& into) {
  for (const auto& key : gone_) {
    const auto again = key.null ? std::nullopt : std::optional<std::string_view>{key.text};
    if (find_slot(hashed(again)) == no_slot) // else it came back: its value is written below
      into.put_gone(key.text, key.null);
  }
  gone_.clear();
  for (const auto slot : dirty_) {
    auto& h = header(slot);
    h.dirty = 0;
    if (h.live == 0)
      continue;
    h.stored = 1;
    h.round = round_;
    into.put_state(text_of(h.key), h.key.tail >> 32 == null_size, h.last_used);
  }
  dirty_.clear();
}

// Writes what the segments of this round do not have, so many bytes of it; behind the last slot they have everything,
// and the next round begins.
void key_table::sweep(segment_writer& into, std::size_t budget) {
  for (const auto until = into.bytes() + budget; swept_ < slots_ && into.bytes() < until; ++swept_) {
    auto& h = header(swept_);
    if (h.live == 0 || h.round == round_)
      continue;
    h.round = round_;
    into.put_state(text_of(h.key), h.key.tail >> 32 == null_size, h.last_used);
  }
  if (swept_ < slots_)
    return;
  into.close();
  while (log_.first() < round_begin_)
    into.drop_first();
  round_begin_ = log_.next();
  ++round_;
  swept_ = 0;
}

// --- reading ---

result<void> key_table::restore(std::string_view key, const std::string_view* value) {
  const auto& id = settings_.identity;
  if (key.size() < key_prefix || static_cast<std::uint8_t>(key[0]) != id.tag
      || static_cast<std::uint8_t>(key[1]) != id.table)
    return fail("a state record belongs to another step than '" + id.name + "'", {},
                "keep the pipeline's steps, or delete its state");
  byte_reader in{value == nullptr ? std::string_view{} : *value};
  std::uint8_t format = 0;
  if (value != nullptr && (!in.take(format) || format != format_version))
    return fail("the state of '" + id.name + "' was written by another version of weir", {},
                "run the version that wrote it, or delete the pipeline's state");
  if (key.size() != key_prefix + sizeof(std::uint64_t))
    return damaged("a segment has no number");
  std::uint64_t number = 0;
  for (const auto c : key.substr(key_prefix))
    number = number << 8 | static_cast<std::uint8_t>(c);
  if (value == nullptr) {
    if (number == log_.first() && log_.bytes() != 0)
      log_.drop_first();
    return {};
  }
  std::uint32_t layout = 0;
  std::uint32_t state_size = 0;
  if (!in.take(layout) || !in.take(state_size) || layout != id.fingerprint || state_size != settings_.state_size)
    return fail("the state of '" + id.name + "' was written with other settings", {},
                "restore these settings, or delete the pipeline's state");
  if (!log_.restore(number, value->size()))
    return damaged("a segment is missing");
  round_begin_ = log_.next();
  return restore_segment(in.rest());
}

result<void> key_table::restore_segment(std::string_view entries) {
  candidates_.clear();
  for (byte_reader in{entries}; in.left() != 0;) {
    std::uint32_t size = 0;
    std::uint64_t last_used = 0;
    std::string_view text;
    if (!in.take(size) || (size != null_size && (size > max_key_bytes || !in.take_bytes(size, text)))
        || !in.take(last_used))
      return damaged("a segment was cut");
    const auto name = size == null_size ? hashed_null() : hashed(text);
    auto slot = find_slot(name);
    if (last_used == gone) {
      if (slot != no_slot)
        erase(slot);
      continue;
    }
    std::string_view bytes;
    if (!in.take_bytes(settings_.state_size, bytes))
      return damaged("a segment was cut");
    restored_.resize(settings_.state_size / sizeof(std::uint64_t));
    std::memcpy(restored_.data(), bytes.data(), bytes.size());
    if (last_used > latest_use
        || (settings_.valid && !settings_.valid(reinterpret_cast<const std::byte*>(restored_.data()))))
      return damaged("a key's state cannot be what these steps left");
    if (slot == no_slot)
      slot = insert(name);
    auto& h = header(slot);
    h.stored = 1;
    h.last_used = last_used;
    std::memcpy(state(slot), bytes.data(), bytes.size());
    clock_ = std::max(clock_, last_used);
  }
  return {};
}

tl::unexpected<error> key_table::damaged(const std::string& how) const {
  return fail("the state of '" + settings_.identity.name + "' is damaged: " + how, {}, "delete the pipeline's state");
}

} // namespace weir::core
