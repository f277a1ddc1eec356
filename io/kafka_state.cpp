#include "io/kafka_state.hpp"

#include "core/marker.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace weir::io {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto patience_with_open_transactions = std::chrono::seconds(1);

/// One partition's changelog while it is being read: the newest value of each key.
struct replay {
  std::map<std::string, std::string, std::less<>> values;
  core::marker last;
  bool has_marker = false;
  std::int64_t end = 0; ///< of the log, open transactions included
  bool at_stable_end = false;
  std::int64_t position = 0;
};

core::result<void> apply(replay& state, const rd_kafka_message_t& message) {
  state.position = message.offset + 1;
  const std::string_view key{static_cast<const char*>(message.key), message.key_len};
  const std::string_view value{static_cast<const char*>(message.payload), message.len};
  if (key == core::marker::key) {
    auto marker = core::marker::decode(value);
    if (!marker)
      return tl::unexpected{marker.error()};
    state.last = std::move(*marker);
    state.has_marker = true;
  } else if (message.payload == nullptr) {
    auto found = state.values.find(key);
    if (found != state.values.end())
      state.values.erase(found);
  } else {
    state.values.insert_or_assign(std::string{key}, std::string{value});
  }
  return {};
}

restored_state finish(core::partition_id partition, replay& state) {
  restored_state out;
  out.partition = partition;
  out.found = state.has_marker;
  out.next = state.last.next;
  out.writer = state.last.node;
  std::size_t bytes = 0;
  for (const auto& [key, value] : state.values)
    bytes += key.size() + value.size();
  out.changes.bytes.reserve(bytes);
  for (const auto& [key, value] : state.values)
    out.changes.append(key, value);
  return out;
}

} // namespace

core::result<std::vector<restored_state>>
kafka_state::restore(const std::vector<core::partition_id>& partitions, milliseconds timeout,
                     const std::function<void(const std::string& node)>& fence) {
  auto properties = properties_;
  properties["group.id"] = "weir-restore"; // required by the client; nothing is committed and no group is joined
  properties["isolation.level"] = "read_committed";
  properties["enable.partition.eof"] = "true";
  properties["enable.auto.commit"] = "false";
  properties["auto.offset.reset"] = "earliest";
  properties["fetch.wait.max.ms"] = "10";
  auto conf = make_conf(properties);
  if (!conf)
    return tl::unexpected{conf.error()};
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
  if (!client)
    return tl::unexpected{client.error()};
  auto* consumer = client->get();
  rd_kafka_poll_set_consumer(consumer);

  const auto until = steady_clock::now() + timeout;
  std::map<core::partition_id, replay> replays;
  auto list = make_partition_list(static_cast<int>(partitions.size()));
  for (auto partition : partitions) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto err = rd_kafka_query_watermark_offsets(consumer, topic_.c_str(), value_of(partition), &low, &high,
                                                      static_cast<int>(timeout.count()));
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return core::fail("cannot read the state topic '" + topic_ + "': " + rd_kafka_err2str(err));
    replays[partition].end = high;
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), value_of(partition))->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(consumer, list.get());

  kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_get_consumer(consumer)};
  std::size_t open = partitions.size();
  std::set<std::string> fenced;
  std::map<core::partition_id, steady_clock::time_point> waiting_since;
  std::array<rd_kafka_message_t*, 512> messages;
  while (open > 0) {
    if (steady_clock::now() > until)
      return core::fail("the state topic '" + topic_ + "' could not be read to its end in time", {},
                        "is a transaction of another node still open?");
    const auto got = rd_kafka_consume_batch_queue(queue.get(), 50, messages.data(), messages.size());
    core::result<void> problem;
    for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
      const kafka_ptr<rd_kafka_message_t> message{messages[i]};
      auto found = replays.find(core::partition_id{message->partition});
      if (found == replays.end() || found->second.at_stable_end)
        continue;
      auto& state = found->second;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (problem)
          problem = apply(state, *message);
      } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        state.position = std::max(state.position, message->offset);
        if (state.position >= state.end) {
          state.at_stable_end = true;
          --open;
        } else {
          waiting_since.try_emplace(found->first, steady_clock::now());
        }
      }
    }
    if (!problem)
      return tl::unexpected{problem.error()};
    // An end that stays out of sight belongs to a transaction that nobody will finish: its writer is gone.
    for (auto& [partition, since] : waiting_since) {
      auto& state = replays[partition];
      if (state.at_stable_end || steady_clock::now() - since < patience_with_open_transactions)
        continue;
      if (state.has_marker && !state.last.node.empty() && fenced.insert(state.last.node).second)
        fence(state.last.node);
      since = steady_clock::now();
    }
  }
  std::vector<restored_state> out;
  for (auto partition : partitions)
    out.push_back(finish(partition, replays[partition]));
  return out;
}

} // namespace weir::io
