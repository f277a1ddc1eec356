#include "core/keyed/key_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <random>

namespace weir::core {

namespace {

/// Of this process: whoever sends records cannot know which keys would fall on one place. Nothing that is kept or
/// written depends on it.
const std::uint64_t hash_seed = [] {
  std::random_device device;
  return (std::uint64_t{device()} << 32 | device()) | 1;
}();

static_assert(std::endian::native == std::endian::little, "short keys are packed by their first bytes");

constexpr std::size_t short_key = 12;
constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t cache_line = 64;
constexpr std::size_t lookup_bytes = 40;  // a key's part of the buckets and of the lists of keys
constexpr std::size_t pipeline_rows = 32; // rows in flight between hashing, prefetching and using

std::uint64_t load64(const char* p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

std::uint64_t load32(const char* p) noexcept {
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// The multiply-and-fold step of wyhash.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const auto product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint32_t hash_words(std::uint64_t head, std::uint64_t tail, std::uint64_t seed) noexcept {
  return static_cast<std::uint32_t>(mix(head ^ seed, tail ^ 0xa0761d6478bd642full) >> 16);
}

std::uint32_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  auto state = seed ^ text.size();
  const auto* p = text.data();
  auto left = text.size();
  for (; left > 16; left -= 16, p += 16)
    state = mix(load64(p) ^ 0xe7037ed1a0b428dbull, load64(p + 8) ^ state);
  // The last 16 bytes, which may overlap what has been read; long keys have 13 at least.
  const auto* end = text.data() + text.size();
  const auto first = text.size() >= 16 ? load64(end - 16) : load64(text.data());
  return hash_words(state ^ first, load64(end - 8), seed);
}

} // namespace

void key_table::aligned_delete::operator()(std::byte* p) const noexcept {
  ::operator delete[](p, std::align_val_t{cache_line});
}

key_table::key_table(options settings) : settings_{std::move(settings)} {
  settings_.max_keys = std::clamp<std::size_t>(settings_.max_keys, 1, std::size_t{1} << 31);
  settings_.state_size = (settings_.state_size + 7) / 8 * 8;
  stride_ = sizeof(slot_header) + settings_.state_size;
  bytes_per_key_ = bytes_per_key(settings_.state_size);
  const auto slots_per_chunk = std::bit_floor(std::clamp<std::size_t>(chunk_bytes / stride_, 1, 4096));
  chunk_shift_ = static_cast<std::uint32_t>(std::countr_zero(slots_per_chunk));
  buckets_.resize(64);
  mask_ = buckets_.size() - 1;
}

key_table::~key_table() {
  for (std::uint32_t slot = 0; slot < slots_; ++slot)
    if (const auto& h = header(slot); h.live != 0 && is_long(h.key))
      delete[] reinterpret_cast<char*>(h.key.head);
}

std::size_t key_table::bytes_per_key(std::size_t state_size) noexcept {
  return lookup_bytes + sizeof(slot_header) + (state_size + 7) / 8 * 8;
}

// --- keys ---

bool key_table::is_long(const key_cell& cell) noexcept {
  const auto size = cell.tail >> 32;
  return size > short_key && size != null_size;
}

std::size_t key_table::cost_of(const key_cell& cell) const noexcept {
  return bytes_per_key_ + (is_long(cell) ? cell.tail >> 32 : 0);
}

std::string_view key_table::text_of(const key_cell& cell) noexcept {
  const auto size = cell.tail >> 32;
  if (size == null_size)
    return {};
  if (size > short_key)
    return {reinterpret_cast<const char*>(cell.head), size};
  return {reinterpret_cast<const char*>(&cell), size};
}

bool key_table::same(const key_cell& a, const key_cell& b) noexcept {
  if (a.tail != b.tail)
    return false;
  if (a.head == b.head)
    return true;
  return is_long(a) && text_of(a) == text_of(b);
}

key_table::hashed_key key_table::hashed(std::string_view text) const noexcept {
  const auto size = text.size();
  const auto* p = text.data();
  const auto high = static_cast<std::uint64_t>(size) << 32;
  if (size > short_key) {
    const key_cell cell{reinterpret_cast<std::uint64_t>(p), load32(p) | high};
    return {cell, hash_text(text, hash_seed)};
  }
  key_cell cell{0, high};
  if (size >= 8) {
    cell.head = load64(p);
    cell.tail |= load32(p + size - 4) >> (8 * (12 - size));
  } else if (size >= 4) {
    cell.head = load32(p) | (load32(p + size - 4) >> (8 * (8 - size))) << 32;
  } else {
    for (std::size_t i = 0; i < size; ++i)
      cell.head |= static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])) << (8 * i);
  }
  return {cell, hash_words(cell.head, cell.tail, hash_seed)};
}

key_table::hashed_key key_table::hashed(std::int64_t number) const noexcept {
  const key_cell cell{static_cast<std::uint64_t>(number), std::uint64_t{8} << 32};
  return {cell, hash_words(cell.head, cell.tail, hash_seed)};
}

key_table::hashed_key key_table::hashed_null() const noexcept {
  const key_cell cell{0, std::uint64_t{null_size} << 32};
  return {cell, hash_words(cell.head, cell.tail, hash_seed)};
}

key_table::hashed_key key_table::hashed(std::optional<std::string_view> key) const noexcept {
  return key ? hashed(*key) : hashed_null();
}

// --- slots ---

key_table::slot_header& key_table::header(std::uint32_t slot) const noexcept {
  const auto within = slot & ((1u << chunk_shift_) - 1);
  return *reinterpret_cast<slot_header*>(chunks_[slot >> chunk_shift_].get() + within * stride_);
}

std::byte* key_table::state(std::uint32_t slot) const noexcept {
  return reinterpret_cast<std::byte*>(&header(slot)) + sizeof(slot_header);
}

std::uint32_t key_table::find_slot(const hashed_key& key) const noexcept {
  for (auto i = key.hash & mask_;; i = (i + 1) & mask_) {
    const auto& b = buckets_[i];
    if (b.slot == no_slot)
      return no_slot;
    if (b.hash == key.hash && same(header(b.slot).key, key.cell))
      return b.slot;
  }
}

void key_table::place(std::uint32_t hash, std::uint32_t slot) noexcept {
  auto i = hash & mask_;
  while (buckets_[i].slot != no_slot)
    i = (i + 1) & mask_;
  buckets_[i] = {hash, slot};
}

void key_table::grow_buckets() {
  auto old = std::move(buckets_);
  buckets_.assign(old.size() * 2, bucket{});
  mask_ = buckets_.size() - 1;
  for (const auto& b : old)
    if (b.slot != no_slot)
      place(b.hash, b.slot);
}

std::uint32_t key_table::insert(const hashed_key& key) {
  if ((size_ + 1) * 2 > buckets_.size())
    grow_buckets();
  std::uint32_t slot;
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
  } else {
    slot = slots_++;
    if (slot >> chunk_shift_ == chunks_.size()) {
      const auto bytes = stride_ << chunk_shift_;
      auto* chunk = static_cast<std::byte*>(::operator new[](bytes, std::align_val_t{cache_line}));
      std::memset(chunk, 0, bytes);
      chunks_.emplace_back(chunk);
    }
  }
  auto& h = header(slot);
  h.key = key.cell;
  if (is_long(key.cell)) {
    const auto text = text_of(key.cell);
    auto* copy = new char[text.size()];
    std::memcpy(copy, text.data(), text.size());
    h.key.head = reinterpret_cast<std::uint64_t>(copy);
  }
  h.hash = key.hash;
  h.live = 1;
  h.stored = 0;
  h.round = 0;
  h.last_used = 0;
  std::memset(state(slot), 0, settings_.state_size);
  place(key.hash, slot);
  ++size_;
  bytes_ += cost_of(key.cell);
  return slot;
}

void key_table::erase(std::uint32_t slot) {
  auto& h = header(slot);
  auto hole = h.hash & mask_;
  while (buckets_[hole].slot != slot)
    hole = (hole + 1) & mask_;
  // Backward shift: no tombstones in the buckets, so probes stay short for ever.
  for (auto next = (hole + 1) & mask_; buckets_[next].slot != no_slot; next = (next + 1) & mask_) {
    const auto home = buckets_[next].hash & mask_;
    if (((next - home) & mask_) >= ((next - hole) & mask_)) {
      buckets_[hole] = buckets_[next];
      hole = next;
    }
  }
  buckets_[hole].slot = no_slot;
  bytes_ -= cost_of(h.key);
  if (is_long(h.key))
    delete[] reinterpret_cast<char*>(h.key.head);
  h.live = 0;
  free_.push_back(slot);
  --size_;
}

void key_table::touch(std::uint32_t slot) {
  header(slot).last_used = ++clock_;
  mark_dirty(slot);
}

void key_table::mark_dirty(std::uint32_t slot) {
  auto& h = header(slot);
  if (h.dirty == 0) {
    h.dirty = 1;
    dirty_.push_back(slot);
  }
}

void key_table::note_gone(const slot_header& of) {
  if (of.stored != 0)
    gone_.push_back({std::string{text_of(of.key)}, of.key.tail >> 32 == null_size});
}

// --- eviction ---

void key_table::rebuild_candidates() {
  candidates_.clear();
  candidates_.reserve(size_);
  for (std::uint32_t slot = 0; slot < slots_; ++slot)
    if (const auto& h = header(slot); h.live != 0)
      candidates_.push_back({h.last_used, slot});
  const auto older = [](const candidate& a, const candidate& b) { return a.last_used < b.last_used; };
  if (const auto keep = std::max<std::size_t>(size_ / 8, 64); keep < size_) {
    std::nth_element(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(keep), candidates_.end(),
                     older);
    candidates_.resize(keep);
  }
  std::sort(candidates_.begin(), candidates_.end(), [&](const auto& a, const auto& b) { return older(b, a); });
}

bool key_table::has_room(const key_cell& cell) const noexcept {
  return size_ == 0
         || (size_ < settings_.max_keys
             && cost_of(cell) <= settings_.max_bytes - std::min(bytes_, settings_.max_bytes));
}

// Makes room by the least recently used key, unless that was used after `used_before`.
bool key_table::evict(std::uint64_t used_before) {
  for (;;) {
    if (candidates_.empty())
      rebuild_candidates();
    const auto oldest = candidates_.back();
    auto& h = header(oldest.slot);
    if (h.live == 0 || h.last_used != oldest.last_used) {
      candidates_.pop_back(); // used since, or gone
      continue;
    }
    if (oldest.last_used > used_before)
      return false;
    candidates_.pop_back();
    note_gone(h);
    erase(oldest.slot);
    ++evictions_;
    return true;
  }
}

// --- use ---

template <class KeyOf>
std::size_t key_table::resolve(std::size_t count, KeyOf key_of, std::byte** states) {
  const auto used_before = clock_;
  hashed_key keys[pipeline_rows];
  for (std::size_t begin = 0; begin < count; begin += pipeline_rows) {
    const auto rows = std::min(pipeline_rows, count - begin);
    for (std::size_t i = 0; i < rows; ++i) {
      keys[i] = key_of(begin + i);
      __builtin_prefetch(&buckets_[keys[i].hash & mask_]);
    }
    for (std::size_t i = 0; i < rows; ++i)
      if (const auto& b = buckets_[keys[i].hash & mask_]; b.slot != no_slot) {
        const auto* slot = &header(b.slot);
        __builtin_prefetch(slot, 1);
        __builtin_prefetch(reinterpret_cast<const char*>(slot) + cache_line, 1);
      }
    for (std::size_t i = 0; i < rows; ++i) {
      auto slot = find_slot(keys[i]);
      if (slot == no_slot) {
        while (!has_room(keys[i].cell))
          if (!evict(used_before))
            return begin + i;
        slot = insert(keys[i]);
      }
      touch(slot);
      states[begin + i] = state(slot);
    }
  }
  return count;
}

std::size_t key_table::find_or_insert(const column& by, std::span<const row_index> rows, std::byte** states) {
  const auto with_nulls = [&](auto key_of) {
    if (by.null.empty())
      return resolve(
          rows.size(), [&](std::size_t i) { return key_of(rows[i]); }, states);
    return resolve(
        rows.size(), [&](std::size_t i) { return by.null[rows[i]] != 0 ? hashed_null() : key_of(rows[i]); }, states);
  };
  if (by.type == column_type::string)
    return with_nulls([&](row_index row) { return hashed(by.text[row]); });
  return with_nulls([&](row_index row) { return hashed(by.i64[row]); });
}

std::byte* key_table::find_or_insert(std::optional<std::string_view> key) {
  std::byte* found = nullptr;
  resolve(
      1, [&](std::size_t) { return hashed(key); }, &found);
  return found;
}

void key_table::mark_changed(const std::byte* state) {
  const auto& h = header_of(state);
  mark_dirty(find_slot({h.key, h.hash}));
}

void key_table::erase(std::optional<std::string_view> key) {
  const auto slot = find_slot(hashed(key));
  if (slot == no_slot)
    return;
  note_gone(header(slot));
  erase(slot);
}

const std::byte* key_table::find(std::optional<std::string_view> key) const noexcept {
  const auto slot = find_slot(hashed(key));
  return slot == no_slot ? nullptr : state(slot);
}

} // namespace weir::core
