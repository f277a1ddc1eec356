#include "io/kafka/producer.hpp"

#include "io/news.hpp"

#include "core/base/wall_clock.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <limits>
#include <thread>

namespace weir::io {

using core::broker_answer;

namespace {

int timeout_of(std::chrono::milliseconds timeout) {
  return static_cast<int>(timeout.count());
}

/// Memory is bounded by credit before records come here, so the client's own bounds only have to be out of the way.
/// Records come in blocks of a batch, so there is nothing to linger for.
void set_defaults(kafka_properties& properties) {
  const kafka_properties defaults{
      {"queue.buffering.max.messages", "10000000"},
      {"queue.buffering.max.kbytes", "2097151"},
      {"enable.idempotence", "true"},
      {"linger.ms", "0"},
      {"batch.num.messages", "10000"},
      {"message.timeout.ms", "300000"},
  };
  for (const auto& [name, value] : defaults)
    properties.try_emplace(name, value);
}

/// What a batch and a record in it take beside key and value, at most.
constexpr std::size_t framing = 128;
constexpr std::size_t header_framing = 10;
constexpr std::size_t longest_cut_header = 40;

/// The client's batches must fit the topic with the smallest limit; a record the one with the largest.
void set_sizes(kafka_properties& properties, const topic_limits& limits) {
  if (limits.empty())
    return;
  auto smaller = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [smallest, largest] = std::minmax_element(limits.begin(), limits.end(), smaller);
  properties.try_emplace("message.max.bytes",
                         std::to_string(std::clamp<std::size_t>(largest->second, 1000, 1'000'000'000)));
  properties.try_emplace("batch.size", std::to_string(std::clamp<std::size_t>(smallest->second, 1, 1'000'000)));
}

} // namespace

core::result<std::unique_ptr<kafka_producer>> kafka_producer::make(const producer_options& options) {
  auto properties = options.properties;
  if (!options.transactional_id.empty()) {
    const auto timeout = std::to_string(options.transaction_timeout.count());
    properties["transactional.id"] = options.transactional_id;
    properties["transaction.timeout.ms"] = timeout;
    properties["message.timeout.ms"] = timeout;
  }
  set_defaults(properties);
  set_sizes(properties, options.limits);
  auto conf = make_conf(properties);
  if (!conf)
    return tl::unexpected{conf.error()};
  std::unique_ptr<kafka_producer> producer{new kafka_producer};
  producer->limits_ = options.limits;
  rd_kafka_conf_set_opaque(conf->get(), producer.get());
  rd_kafka_conf_set_dr_msg_cb(conf->get(), &kafka_producer::on_delivery);
  auto client = make_client(RD_KAFKA_PRODUCER, std::move(*conf));
  if (!client)
    return tl::unexpected{client.error()};
  producer->client_ = std::move(*client);
  producer->largest_record_ = producer->number_of("message.max.bytes");
  producer->request_ = {producer->number_of("batch.num.messages"), producer->number_of("batch.size")};
  producer->reports_ = std::jthread{[client = producer->client_.get()](const std::stop_token& stop) {
    const kafka_ptr<rd_kafka_queue_t> reports{rd_kafka_queue_get_main(client)};
    const std::stop_callback wake_up{stop, [&] { rd_kafka_queue_yield(reports.get()); }};
    while (!stop.stop_requested())
      rd_kafka_poll(client, 1000);
  }};
  return producer;
}

// A setting as it holds in the client.
std::size_t kafka_producer::number_of(const char* property) const {
  std::array<char, 32> text{};
  auto size = text.size();
  rd_kafka_conf_get(rd_kafka_conf(client_.get()), property, text.data(), &size);
  return std::strtoull(text.data(), nullptr, 10);
}

kafka_producer::~kafka_producer() {
  if (!client_)
    return;
  drop_all();
  // What is still out is told as lost, so that no writer waits for ever and no block leaks.
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_.get(), 1000);
  reports_.request_stop();
  reports_.join();
  topics_.clear();
}

void kafka_producer::ask_for_partitions(target& to) {
  if (const auto known = partition_count(client_.get(), to.name, std::chrono::seconds{5}); known && *known > 0)
    to.partitions = *known;
}

kafka_producer::target& kafka_producer::topic(const std::string& name) {
  const std::lock_guard lock{topics_mutex_};
  auto& entry = topics_[name];
  if (!entry.handle) {
    entry.name = name;
    const auto limit = limits_.find(name);
    entry.limit = limit != limits_.end() ? limit->second : std::numeric_limits<std::size_t>::max();
    auto* conf = rd_kafka_topic_conf_new();
    rd_kafka_topic_conf_set(conf, "partitioner", "murmur2_random", nullptr, 0);
    entry.handle.reset(rd_kafka_topic_new(client_.get(), name.c_str(), conf));
    // A topic that has just been made is not known to every broker at once, and produce() refuses partitions that the
    // client does not know.
    for (int attempt = 0; attempt < 50 && entry.partitions == 0; ++attempt) {
      if (attempt > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
      ask_for_partitions(entry);
    }
  }
  return entry;
}

std::vector<refusal> kafka_producer::produce(target& to, std::int32_t partition, core::record_block_ptr block,
                                             delivered then, bool whole) {
  std::vector<refusal> refused;
  auto* out = new delivery{.block = std::move(block), .then = std::move(then)};
  const auto& entries = out->block->entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto bytes = entries[i].bytes();
    if (bytes + framing > to.limit)
      refused.push_back({i, "the record is too large: " + std::to_string(bytes + framing) + " bytes, the topic '"
                                + to.name + "' takes " + std::to_string(to.limit) + " (max.message.bytes)"});
    else if (bytes > largest_record_)
      refused.push_back({i, "the record is larger than the producer's message.max.bytes"});
  }
  for (const auto& refusal : refused)
    out->refused.push_back(refusal.index);
  if (whole && !refused.empty())
    fail(*out);
  const auto sent = entries.size() - refused.size();
  out->remaining.store(sent + 1, std::memory_order_release);
  if (sent != 0 && partition >= 0) {
    feed(to, partition).push(*out);
  } else {
    send(to, partition, *out, 0, entries.size());
    out->settle(1);
  }
  return refused;
}

partition_feed& kafka_producer::feed(target& to, std::int32_t partition) {
  const std::lock_guard lock{topics_mutex_};
  if (const auto known = to.feeds.find(partition); known != to.feeds.end())
    return known->second;
  if (partition >= to.partitions) // the topic may have been given more
    ask_for_partitions(to);
  return to.feeds
      .try_emplace(partition, request_,
                   [this, &to, partition](delivery& from, std::size_t first, std::size_t end) {
                     return send(to, partition, from, first, end);
                   })
      .first->second;
}

std::vector<partition_feed*> kafka_producer::feeds() {
  const std::lock_guard lock{topics_mutex_};
  std::vector<partition_feed*> all;
  for (auto& [name, to] : topics_)
    for (auto& [partition, feed] : to.feeds)
      all.push_back(&feed);
  return all;
}

// Until librdkafka has all records. False: not in time.
bool kafka_producer::hand_over_all(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (auto* feed : feeds())
    while (feed->is_waiting()) {
      if (std::chrono::steady_clock::now() > until)
        return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  return true;
}

// What librdkafka does not have yet is lost.
void kafka_producer::drop_all() {
  for (auto* feed : feeds())
    feed->drop();
}

void kafka_producer::fail(delivery& out) {
  out.ok.store(false, std::memory_order_release);
  tainted_.store(true, std::memory_order_release);
}

std::size_t kafka_producer::send(const target& to, std::int32_t partition, delivery& from, std::size_t first,
                                 std::size_t end) {
  constexpr std::size_t chunk = 1024;
  static thread_local std::array<rd_kafka_message_t, chunk> messages;
  char* bytes = const_cast<char*>(from.block->bytes.data()); // librdkafka's interface is not const; it only reads
  auto refused = std::lower_bound(from.refused.begin(), from.refused.end(), first);
  std::size_t taken = 0;
  while (first < end) {
    std::size_t size = 0;
    for (; first < end && size < chunk; ++first) {
      if (refused != from.refused.end() && *refused == first) {
        ++refused;
        continue;
      }
      const auto& entry = from.block->entries[first];
      const bool has_key = entry.key_size != core::record_block::none;
      const bool has_value = entry.value_size != core::record_block::none;
      auto& message = messages[size++];
      message = {};
      message.key = has_key ? bytes + entry.key_begin : nullptr;
      message.key_len = has_key ? entry.key_size : 0;
      message.payload = has_value ? bytes + entry.value_begin : nullptr;
      message.len = has_value ? entry.value_size : 0;
      message._private = &from;
    }
    const auto got = static_cast<std::size_t>(
        rd_kafka_produce_batch(to.handle.get(), partition, 0, messages.data(), static_cast<int>(size)));
    taken += got;
    for (std::size_t i = 0; got < size && i < size; ++i) {
      const auto err = messages[i].err;
      if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
        continue;
      tell_error("records for " + to.name + " are not taken: " + rd_kafka_err2str(err));
      fail(from);
      from.settle(1);
    }
  }
  return taken;
}

void kafka_producer::produce(const target& to, const std::vector<dead_letter>& letters, delivered then) {
  if (letters.empty()) {
    then(true);
    return;
  }
  auto* out = new delivery;
  out->then = std::move(then);
  out->remaining.store(letters.size() + 1, std::memory_order_release);
  std::size_t settled = 1;
  const auto refused_at = std::to_string(core::now_ms());
  for (const auto& letter : letters) {
    auto* headers = rd_kafka_headers_new(8);
    auto room = to.limit - std::min(to.limit, framing + longest_cut_header);
    auto add = [&](std::string_view name, std::string_view value) {
      rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                          static_cast<ssize_t>(value.size()));
      room -= std::min(room, name.size() + value.size() + header_framing);
    };
    add("weir.topic", letter.topic);
    add("weir.partition", std::to_string(value_of(letter.partition)));
    add("weir.offset", std::to_string(value_of(letter.at)));
    add("weir.timestamp", std::to_string(letter.timestamp));
    add("weir.stage", letter.stage);
    add("weir.reason", letter.reason);
    add("weir.time", refused_at);
    const auto key = letter.key.substr(0, room);
    const auto value = letter.value.substr(0, room - key.size());
    if (key.size() + value.size() < letter.key.size() + letter.value.size())
      add("weir.cut", std::to_string(letter.value.size()));
    const auto err =
        rd_kafka_producev(client_.get(), RD_KAFKA_V_RKT(to.handle.get()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_KEY(letter.has_key ? key.data() : nullptr, key.size()),
                          RD_KAFKA_V_VALUE(letter.has_value ? const_cast<char*>(value.data()) : nullptr, value.size()),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(out), RD_KAFKA_V_END);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_headers_destroy(headers);
      spdlog::error("dead letter of {}/{}@{} is not taken: {}", letter.topic, value_of(letter.partition),
                    value_of(letter.at), rd_kafka_err2str(err));
      fail(*out);
      ++settled;
    }
  }
  out->settle(settled);
}

void kafka_producer::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    static_cast<kafka_producer*>(self)->size_refused_.store(true, std::memory_order_relaxed);
  auto* out = static_cast<delivery*>(message->_private);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && out->ok.exchange(false) == true
      && message->err != RD_KAFKA_RESP_ERR__PURGE_QUEUE && message->err != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
    tell_error(std::string{"records for "} + rd_kafka_topic_name(message->rkt)
               + " could not be delivered: " + rd_kafka_err2str(message->err));
  }
  auto* const feed = out->feed;
  out->settle(1);
  if (feed != nullptr)
    feed->landed();
}

broker_answer kafka_producer::answer(rd_kafka_error_t* error) {
  if (error == nullptr)
    return broker_answer::ok;
  const kafka_ptr<rd_kafka_error_t> owner{error};
  last_error_ = rd_kafka_error_string(error);
  if (rd_kafka_error_is_fatal(error))
    return broker_answer::fatal;
  if (rd_kafka_error_txn_requires_abort(error))
    return broker_answer::abortable;
  if (rd_kafka_error_is_retriable(error))
    return broker_answer::retriable;
  // Neither: the call does not fit the producer's state, and no call of ours will make it fit.
  return broker_answer::fatal;
}

broker_answer kafka_producer::init_transactions(std::chrono::milliseconds timeout) {
  return answer(rd_kafka_init_transactions(client_.get(), timeout_of(timeout)));
}

broker_answer kafka_producer::begin() {
  tainted_.store(false, std::memory_order_release); // all that writes into the last one has ended
  return answer(rd_kafka_begin_transaction(client_.get()));
}

broker_answer kafka_producer::refuse_tainted() {
  last_error_ = "a record of the transaction was not taken";
  return broker_answer::abortable;
}

broker_answer kafka_producer::send_offsets(const std::string& topic, const std::vector<core::partition_offset>& offsets,
                                           const rd_kafka_consumer_group_metadata_t* group,
                                           std::chrono::milliseconds timeout) {
  if (tainted_.load(std::memory_order_acquire))
    return refuse_tainted();
  auto list = make_partition_list(static_cast<int>(offsets.size()));
  for (const auto& entry : offsets)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), value_of(entry.partition))->offset =
        value_of(entry.next);
  return answer(rd_kafka_send_offsets_to_transaction(client_.get(), list.get(), group, timeout_of(timeout)));
}

broker_answer kafka_producer::commit(std::chrono::milliseconds timeout) {
  if (tainted_.load(std::memory_order_acquire))
    return refuse_tainted();
  if (!hand_over_all(timeout)) {
    last_error_ = "the broker did not take all records in time";
    return broker_answer::retriable;
  }
  if (tainted_.load(std::memory_order_acquire))
    return refuse_tainted();
  return answer(rd_kafka_commit_transaction(client_.get(), timeout_of(timeout)));
}

broker_answer kafka_producer::abort(std::chrono::milliseconds timeout) {
  drop_all();
  return answer(rd_kafka_abort_transaction(client_.get(), timeout_of(timeout)));
}

} // namespace weir::io
