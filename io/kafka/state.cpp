#include "io/kafka/state.hpp"

#include "core/commit/changelog_replay.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <map>
#include <set>
#include <span>

namespace weir::io {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto patience_with_open_transactions = std::chrono::seconds(1);
constexpr auto longest_look = milliseconds{5000}; ///< for one record

using partition_offsets = std::map<core::partition_id, std::int64_t>;

std::string_view key_of(const rd_kafka_message_t& message) {
  return {static_cast<const char*>(message.key), message.key_len};
}

std::optional<std::string_view> value_of(const rd_kafka_message_t& message) {
  if (message.payload == nullptr)
    return std::nullopt;
  return std::string_view{static_cast<const char*>(message.payload), message.len};
}

/// A reader of the state topic that belongs to no group.
class state_reader {
public:
  static core::result<state_reader> make(kafka_properties properties, std::string topic, const char* isolation) {
    properties["isolation.level"] = isolation;
    properties["enable.partition.eof"] = "true";
    properties["auto.offset.reset"] = "earliest";
    properties["fetch.wait.max.ms"] = "10";
    auto client = make_reader(std::move(properties));
    if (!client)
      return tl::unexpected{client.error()};
    return state_reader{std::move(*client), std::move(topic)};
  }

  /// The first offsets of these partitions, or their ends. Open transactions lie below the end whatever the isolation
  /// level is, with this version of librdkafka: the stable end shows only in reading.
  core::result<partition_offsets> ask(const std::vector<core::partition_id>& partitions, std::int64_t which,
                                      milliseconds timeout) {
    auto list = make_partition_list(static_cast<int>(partitions.size()));
    for (auto partition : partitions)
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), core::value_of(partition))->offset = which;
    const auto err = rd_kafka_offsets_for_times(client_.get(), list.get(), static_cast<int>(timeout.count()));
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return cannot_read(err);
    partition_offsets out;
    for (const auto& entry : entries_of(*list)) {
      if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cannot_read(entry.err);
      out[core::partition_id{entry.partition}] = entry.offset;
    }
    return out;
  }

  /// Offsets are plain numbers: the client takes half a second to find out what "the beginning" is.
  void assign(const partition_offsets& from) {
    auto list = make_partition_list(static_cast<int>(from.size()));
    for (const auto& [partition, offset] : from)
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), core::value_of(partition))->offset = offset;
    rd_kafka_assign(client_.get(), list.get());
    queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  }

  /// Some messages, ends of partitions among them; waits a little for the first one.
  std::span<const kafka_ptr<rd_kafka_message_t>> read() {
    std::array<rd_kafka_message_t*, 512> found;
    auto got = rd_kafka_consume_batch_queue(queue_.get(), 0, found.data(), found.size());
    if (got == 0) { // it would wait for a full batch
      found[0] = rd_kafka_consume_queue(queue_.get(), 50);
      got = found[0] != nullptr ? 1 : 0;
    }
    messages_.clear();
    for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i)
      messages_.emplace_back(found[i]);
    return messages_;
  }

private:
  state_reader(client_ptr client, std::string topic) : client_{std::move(client)}, topic_{std::move(topic)} {}

  tl::unexpected<core::error> cannot_read(rd_kafka_resp_err_t err) const {
    return core::fail("cannot read the state topic '" + topic_ + "': " + rd_kafka_err2str(err));
  }

  client_ptr client_;
  std::string topic_;
  kafka_ptr<rd_kafka_queue_t> queue_;
  std::vector<kafka_ptr<rd_kafka_message_t>> messages_;
};

/// The node whose open transaction begins with the record at this offset; empty: it does not say.
std::string writer_at(state_reader& reader, core::partition_id partition, std::int64_t offset) {
  reader.assign({{partition, offset}});
  const auto until = steady_clock::now() + longest_look;
  while (steady_clock::now() < until)
    for (const auto& message : reader.read()) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        continue;
      const auto value = value_of(*message);
      if (message->offset != offset || !value)
        return {};
      if (key_of(*message) == core::marker::opening_key)
        return std::string{*value};
      if (key_of(*message) != core::marker::key)
        return {};
      const auto marker = core::marker::decode(*value);
      return marker ? marker->node : std::string{};
    }
  return {};
}

core::result<restored_state> finish(core::partition_id partition, const core::changelog_replay& replay) {
  if (auto whole = replay.finish(); !whole)
    return tl::unexpected{whole.error()};
  restored_state out;
  out.partition = partition;
  out.found = replay.last().has_value();
  if (out.found)
    out.next = replay.last()->next;
  out.changes = replay.changes();
  return out;
}

/// Where a partition stands still below its end: an open transaction hides the rest.
struct standstill {
  std::int64_t at = 0;
  steady_clock::time_point since{};
};

/// Reads changelogs to their ends, and ends the transactions that hide these.
class restoring {
public:
  /// @param fence ends the transaction of a node; empty: none is ended
  static core::result<restoring> make(const kafka_properties& properties, const std::string& topic,
                                      std::function<void(const std::string& node)> fence) {
    auto stable = state_reader::make(properties, topic, "read_committed");
    if (!stable)
      return tl::unexpected{stable.error()};
    auto everything = state_reader::make(properties, topic, "read_uncommitted");
    if (!everything)
      return tl::unexpected{everything.error()};
    return restoring{topic, std::move(*stable), std::move(*everything), std::move(fence)};
  }

  core::result<void> run(const std::vector<core::partition_id>& partitions, milliseconds timeout) {
    auto ends = everything_.ask(partitions, RD_KAFKA_OFFSET_END, timeout);
    if (!ends)
      return tl::unexpected{ends.error()};
    open_ = std::move(*ends);
    const auto begins = stable_.ask(partitions, RD_KAFKA_OFFSET_BEGINNING, timeout);
    if (!begins)
      return tl::unexpected{begins.error()};
    stable_.assign(*begins);
    auto until = steady_clock::now() + timeout;
    while (!open_.empty()) {
      const auto messages = stable_.read();
      for (const auto& message : messages)
        if (auto taken = take(*message); !taken)
          return tl::unexpected{taken.error()};
      if (end_what_stands_still() || !messages.empty())
        until = steady_clock::now() + timeout;
      if (!open_.empty() && steady_clock::now() > until)
        return core::fail("the state topic '" + topic_ + "' could not be read to its end in time", {},
                          waiting_.empty() ? ""
                                           : "a transaction is still open; it ends after its transaction.timeout.ms");
    }
    return {};
  }

  core::result<std::vector<restored_state>> states(const std::vector<core::partition_id>& partitions) {
    std::vector<restored_state> out;
    for (auto partition : partitions) {
      auto state = finish(partition, replays_[partition]);
      if (!state)
        return tl::unexpected{state.error()};
      out.push_back(std::move(*state));
    }
    return out;
  }

  std::set<std::string> parts() const {
    std::set<std::string> out;
    for (const auto& [partition, replay] : replays_)
      out.insert(replay.parts().begin(), replay.parts().end());
    return out;
  }

private:
  restoring(std::string topic, state_reader stable, state_reader everything,
            std::function<void(const std::string& node)> fence) :
      topic_{std::move(topic)},
      stable_{std::move(stable)}, everything_{std::move(everything)}, fence_{std::move(fence)} {}

  core::result<void> take(const rd_kafka_message_t& message) {
    const core::partition_id partition{message.partition};
    const auto end = open_.find(partition);
    const bool at_end = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && !at_end) {
      spdlog::warn("{}/{}: {}", topic_, message.partition, rd_kafka_message_errstr(&message));
      return {};
    }
    if (!at_end)
      if (auto taken = replays_[partition].apply(key_of(message), value_of(message)); !taken)
        return taken;
    waiting_.erase(partition);
    if (end == open_.end())
      return {};
    if (message.offset + (at_end ? 0 : 1) >= end->second)
      open_.erase(end);
    else if (at_end)
      waiting_[partition] = {message.offset, steady_clock::now()};
    return {};
  }

  // The transaction of a node that works ends by itself, within the second. True: another node was fenced.
  bool end_what_stands_still() {
    if (!fence_)
      return false;
    for (auto& [partition, wait] : waiting_) {
      if (steady_clock::now() - wait.since < patience_with_open_transactions)
        continue;
      const auto node = writer_at(everything_, partition, wait.at);
      if (!node.empty())
        fence_(node);
      for (auto& [other, entry] : waiting_) // it may have hidden these too
        entry.since = steady_clock::now();
      return !node.empty() && fenced_.insert(node).second;
    }
    return false;
  }

  std::string topic_;
  state_reader stable_;
  state_reader everything_;
  std::function<void(const std::string& node)> fence_;
  partition_offsets open_; ///< of the partitions that are not yet read to their end
  std::map<core::partition_id, standstill> waiting_;
  std::set<std::string> fenced_;
  std::map<core::partition_id, core::changelog_replay> replays_;
};

} // namespace

core::result<std::vector<restored_state>> kafka_state::restore(const std::vector<core::partition_id>& partitions,
                                                               milliseconds timeout) {
  auto reading = restoring::make(properties_, topic_, fence_);
  if (!reading)
    return tl::unexpected{reading.error()};
  if (auto read = reading->run(partitions, timeout); !read)
    return tl::unexpected{read.error()};
  show_parts_(reading->parts());
  return reading->states(partitions);
}

core::result<std::set<std::string>> committed_parts(const kafka_properties& properties, const std::string& topic,
                                                    const std::vector<core::partition_id>& partitions,
                                                    milliseconds timeout) {
  auto reading = restoring::make(properties, topic, {});
  if (!reading)
    return tl::unexpected{reading.error()};
  if (auto read = reading->run(partitions, timeout); !read)
    return tl::unexpected{read.error()};
  return reading->parts();
}

} // namespace weir::io
