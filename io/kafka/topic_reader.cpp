#include "io/kafka/topic_reader.hpp"

#include "io/kafka/failures.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace weir::io {

namespace {

using clock = std::chrono::steady_clock;
using core::fail;

constexpr std::chrono::seconds answer_timeout{10};
constexpr std::chrono::seconds patience{30};
constexpr int poll_ms = 200;
constexpr std::size_t block_records = 2048;
constexpr std::size_t block_bytes = 1u << 20;

/// Offsets by partition.
using partition_offsets = std::map<std::int32_t, std::int64_t>;

class topic_reader {
public:
  topic_reader(const topic_range& range, const std::function<bool()>& keep_going,
               const std::function<core::result<void>(const rd_kafka_message_t&)>& take) :
      range_{range},
      keep_going_{keep_going}, take_{take} {}

  core::result<void> run() {
    return connect().and_then([&] { return find_range(); }).and_then([&] { return read_all(); });
  }

private:
  core::result<void> connect() {
    kafka_properties properties{{"enable.partition.eof", "true"},
                                {"isolation.level", "read_committed"},
                                // What retention takes away meanwhile is passed over.
                                {"auto.offset.reset", "earliest"}};
    for (const auto& [name, value] : range_.properties)
      properties[name] = value;
    auto client = make_reader(std::move(properties), true);
    if (!client)
      return tl::unexpected{client.error()};
    client_ = std::move(*client);
    const auto partitions = partition_count(client_.get(), range_.topic, answer_timeout);
    if (!partitions)
      return tl::unexpected{partitions.error()};
    if (*partitions == 0)
      return core::cannot_reach("there is no topic '" + range_.topic + "'");
    partitions_ = *partitions;
    return {};
  }

  core::result<void> find_range() {
    auto ends = offsets_at(RD_KAFKA_OFFSET_END);
    if (!ends)
      return tl::unexpected{ends.error()};
    ends_ = std::move(*ends);
    auto starts = offsets_at(range_.from_ms.value_or(RD_KAFKA_OFFSET_BEGINNING));
    if (!starts)
      return tl::unexpected{starts.error()};
    if (range_.to_ms) {
      const auto until = offsets_at(*range_.to_ms);
      if (!until)
        return tl::unexpected{until.error()};
      for (const auto& [partition, offset] : *until)
        ends_[partition] = std::min(ends_[partition], offset);
    }
    starts_ = std::move(*starts);
    std::erase_if(ends_, [&](const auto& end) { return starts_.at(end.first) >= end.second; });
    return {};
  }

  /// Of each partition the place that `which` means, a time or one of the client's own; where a time is behind all
  /// records, the end. Asks until all have answered.
  core::result<partition_offsets> offsets_at(std::int64_t which) {
    const auto until = clock::now() + patience;
    while (true) {
      const auto list = make_partition_list(partitions_);
      for (std::int32_t p = 0; p < partitions_; ++p)
        rd_kafka_topic_partition_list_add(list.get(), range_.topic.c_str(), p)->offset = which;
      const auto err = rd_kafka_offsets_for_times(
          client_.get(), list.get(),
          static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(answer_timeout).count()));
      if (auto found = answers_of(*list, which))
        return *std::move(found);
      if (clock::now() > until)
        return tl::unexpected{unreachable(client_.get(), rd_kafka_err2str(err))};
      if (!keep_going_())
        return fail("the reading was stopped", range_.topic);
      std::this_thread::sleep_for(std::chrono::milliseconds{poll_ms});
    }
  }

  /// Nothing where one is missing: an entry that nobody has answered keeps what it was asked with.
  std::optional<partition_offsets> answers_of(const rd_kafka_topic_partition_list_t& list, std::int64_t which) const {
    partition_offsets found;
    for (const auto& entry : entries_of(list)) {
      const bool is_behind_all = which >= 0 && entry.offset == RD_KAFKA_OFFSET_END;
      if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR || entry.offset == which || (entry.offset < 0 && !is_behind_all))
        return std::nullopt;
      found[entry.partition] = is_behind_all ? ends_.at(entry.partition) : entry.offset;
    }
    return found;
  }

  core::result<void> read_all() {
    const auto assignment = make_partition_list(partitions_);
    for (const auto& [partition, end] : ends_)
      rd_kafka_topic_partition_list_add(assignment.get(), range_.topic.c_str(), partition)->offset =
          starts_.at(partition);
    rd_kafka_assign(client_.get(), assignment.get());
    const kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_get_consumer(client_.get())};
    std::array<rd_kafka_message_t*, 1000> messages;
    heard_ = clock::now();
    while (!ends_.empty()) {
      if (!keep_going_())
        return fail("the reading was stopped", range_.topic);
      // consume_batch_queue waits for a full batch: wait for one message and take what lies behind it.
      auto got = rd_kafka_consume_batch_queue(queue.get(), 0, messages.data(), messages.size());
      if (got == 0) {
        messages[0] = rd_kafka_consume_queue(queue.get(), poll_ms);
        got = messages[0] != nullptr;
      }
      core::result<void> good;
      for (auto* message : std::span{messages.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))}) {
        const kafka_ptr<rd_kafka_message_t> owner{message};
        if (good)
          good = take(*message);
      }
      if (!good)
        return good;
      if (clock::now() - heard_ > patience)
        return tl::unexpected{unreachable(client_.get(), rd_kafka_err2str(trouble_))};
    }
    return {};
  }

  core::result<void> take(const rd_kafka_message_t& message) {
    const auto end = ends_.find(message.partition);
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      heard_ = clock::now();
      ends_.erase(message.partition); // what is in front of the end then is no record that a reader sees
      return {};
    }
    if (message.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
        || message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
      return fail(rd_kafka_message_errstr(&message), range_.topic);
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      trouble_ = message.err; // the client tries again
      return {};
    }
    heard_ = clock::now();
    if (end == ends_.end())
      return {};
    const bool is_behind = message.offset >= end->second;
    if (message.offset + 1 >= end->second)
      ends_.erase(end);
    return is_behind ? core::result<void>{} : take_(message);
  }

  const topic_range& range_;
  const std::function<bool()>& keep_going_;
  const std::function<core::result<void>(const rd_kafka_message_t&)>& take_;
  client_ptr client_;
  int partitions_ = 0;
  partition_offsets starts_;
  partition_offsets ends_; ///< of the partitions that are not read to their end
  clock::time_point heard_;
  rd_kafka_resp_err_t trouble_ = RD_KAFKA_RESP_ERR__TIMED_OUT;
};

} // namespace

core::result<void> read_messages(const topic_range& range, const std::function<bool()>& keep_going,
                                 const std::function<core::result<void>(const rd_kafka_message_t&)>& take) {
  return topic_reader{range, keep_going, take}.run();
}

core::result<void> read_topic(const topic_range& range, const std::function<bool()>& keep_going,
                              const std::function<core::result<void>(core::raw_block_ptr)>& take) {
  std::map<std::int32_t, std::shared_ptr<core::raw_block>> blocks; // that fill; null: none
  const auto hand_over = [&](std::shared_ptr<core::raw_block>& block) {
    block->seal();
    return take(std::exchange(block, nullptr));
  };
  const auto append = [&](const rd_kafka_message_t& message) -> core::result<void> {
    auto& block = blocks[message.partition];
    if (!block) {
      block = std::make_shared<core::raw_block>();
      block->partition = core::partition_id{message.partition};
    }
    block->append(message.offset, rd_kafka_message_timestamp(&message, nullptr), static_cast<const char*>(message.key),
                  message.key_len, static_cast<const char*>(message.payload), message.len);
    return block->size() >= block_records || block->text.size() >= block_bytes ? hand_over(block)
                                                                               : core::result<void>{};
  };
  auto good = read_messages(range, keep_going, append);
  for (auto& [partition, block] : blocks)
    if (good && block)
      good = hand_over(block);
  return good;
}

} // namespace weir::io
