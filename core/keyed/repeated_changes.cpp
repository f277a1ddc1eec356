#include "core/keyed/repeated_changes.hpp"

#include "core/base/fingerprint.hpp"
#include "core/keyed/paged_operator.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace weir::core {

namespace {

constexpr const char* step_name = "source.repeats";

/// Sources of a lane: tables of a server.
constexpr std::size_t max_sources = 4096;

/// What stands in front of the contents in a source's state.
struct handled {
  std::array<std::uint64_t, 3> position{};
  std::int64_t newest_ms = 0;
  std::uint64_t count = 0; ///< of the contents at `position`
};
static_assert(sizeof(handled) == 40);

constexpr std::size_t content_bytes = sizeof(std::uint64_t);

/// Changes that may stand at one position; those behind it are not told apart any more. (The rows of a page, which is
/// what one record of PostgreSQL's log can hold, are fewer.)
constexpr std::size_t max_contents = 1024;
constexpr std::size_t largest_state = sizeof(handled) + max_contents * content_bytes;

bool is_state(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(handled) + content_bytes || bytes.size() > largest_state
      || (bytes.size() - sizeof(handled)) % content_bytes != 0)
    return false;
  handled state;
  std::memcpy(&state, bytes.data(), sizeof state);
  return state.count > 0 && state.count <= (bytes.size() - sizeof(handled)) / content_bytes;
}

paged_table::options table_of(std::uint8_t tag, std::uint64_t bytes) {
  paged_table::options table;
  table.max_keys = max_sources;
  table.max_bytes = bytes;
  table.max_blob_bytes = largest_state;
  table.identity = {tag, 0, fingerprint("repeats: position, time, contents"), step_name};
  table.valid = is_state;
  return table;
}

/// The state of one source, while its events are at hand.
class source_state {
public:
  void open(paged_blob& blob) {
    blob_ = &blob;
    state_ = {};
    if (!blob.empty())
      std::memcpy(&state_, blob.bytes().data(), sizeof state_);
  }
  void write() {
    if (blob_ != nullptr && !blob_->empty())
      blob_->write(0, std::as_bytes(std::span{&state_, 1}));
    blob_ = nullptr;
  }

  bool is_repeat(const change_positions::change& c) const {
    if (state_.count == 0 || c.time_ms > state_.newest_ms || c.position > state_.position)
      return false;
    return c.position < state_.position || has_content(c.content);
  }

  /// Bytes that it needs for one more change.
  std::size_t size_with(const change_positions::change& c) const {
    const auto count = c.position == state_.position ? std::min(state_.count + 1, std::uint64_t{max_contents}) : 1;
    return std::max(blob_->size(), sizeof(handled) + count * content_bytes);
  }
  paged_blob& blob() { return *blob_; }

  /// @pre it has so many bytes
  void handle(const change_positions::change& c) {
    const bool is_anew = state_.count == 0 || c.position != state_.position;
    state_.newest_ms = state_.count == 0 ? c.time_ms : std::max(state_.newest_ms, c.time_ms);
    state_.position = c.position;
    if (is_anew)
      state_.count = 0;
    if (state_.count < max_contents)
      blob_->write(sizeof(handled) + state_.count++ * content_bytes, std::as_bytes(std::span{&c.content, 1}));
  }

private:
  bool has_content(std::uint64_t content) const {
    const auto* at = blob_->bytes().data() + sizeof(handled);
    for (std::uint64_t i = 0; i < state_.count; ++i)
      if (std::memcmp(at + i * content_bytes, &content, content_bytes) == 0)
        return true;
    return false;
  }

  paged_blob* blob_ = nullptr;
  handled state_;
};

class repeated_changes final : public paged_operator {
public:
  repeated_changes(std::uint8_t tag, std::uint64_t bytes) : paged_operator{{table_of(tag, bytes)}} {}

  void process(batch& b) override {
    if (!b.positions)
      return;
    const auto& positions = *b.positions;
    auto open = change_positions::unknown;
    source_state source;
    auto kept = b.rows.begin();
    for (const auto row : b.rows) {
      const auto& change = positions.changes[row];
      if (change.source == change_positions::unknown) {
        *kept++ = row;
        continue;
      }
      if (change.source != open) {
        source.write();
        source.open(table().find_or_insert(positions.sources[change.source]));
        open = change.source;
      }
      if (source.is_repeat(change))
        continue;
      if (const auto size = source.size_with(change); size != source.blob().size() && !grow(0, source.blob(), size))
        return;
      source.handle(change);
      *kept++ = row;
    }
    source.write();
    const auto repeats = static_cast<std::uint32_t>(b.rows.end() - kept);
    b.rows.erase(kept, b.rows.end());
    b.filtered += repeats;
    repeats_ += repeats;
  }

  operator_counts counts() const noexcept override {
    auto all = paged_operator::counts();
    all.repeats = repeats_;
    return all;
  }

  std::string describe(std::string_view) const override { return "what source.repeats remembers"; }

private:
  std::uint64_t repeats_ = 0;
};

} // namespace

std::shared_ptr<ordered_operator> make_repeated_changes(std::uint8_t tag, std::uint64_t bytes) {
  return std::make_shared<repeated_changes>(tag, bytes);
}

state_need repeated_changes_need() {
  const auto of_one = paged_table::most_bytes_of(largest_state);
  return {step_name, of_one, max_sources * of_one};
}

} // namespace weir::core
