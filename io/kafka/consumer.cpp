#include "io/kafka/consumer.hpp"

#include "io/kafka/failures.hpp"
#include "io/kafka/partition_source.hpp"
#include "io/news.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <memory>
#include <span>

namespace weir::io {

namespace {

constexpr auto farewell_time = std::chrono::seconds(5);

/// A partition's queue is kept at least so long, whatever the memory.
constexpr std::size_t shortest_queue = 128u << 10;

/// Of a producer's batch that is larger than this a broker sends nothing, unless it comes first in its answer: too
/// small a fetch brings little.
constexpr std::size_t shortest_fetch = 256u << 10;
constexpr std::size_t longest_fetch = 1u << 20;

void set_defaults(kafka_properties& properties, const consumer_options& options) {
  const auto queue_bytes =
      std::max(options.queue_bytes / static_cast<std::size_t>(std::max(1, options.partitions)), shortest_queue);
  const kafka_properties defaults{
      {"isolation.level", "read_committed"},
      {"partition.assignment.strategy", "range"},
      // When all partitions of a broker have passed either bound, its fetcher may pause for a second (see below). More
      // bytes than these make nothing faster: a small record takes four times its bytes in the queue, and leaves the
      // cache there. A fetch brings about as much as the queue is to hold.
      {"queued.min.messages", "1000000"},
      {"queued.max.messages.kbytes", std::to_string(queue_bytes >> 10)},
      {"fetch.max.bytes", "8388608"},
      {"max.partition.fetch.bytes", std::to_string(std::clamp(queue_bytes, shortest_fetch, longest_fetch))},
      {"fetch.wait.max.ms", "100"},
      {"session.timeout.ms", "10000"},
      {"heartbeat.interval.ms", "1000"},
  };
  for (const auto& [name, value] : defaults)
    properties.try_emplace(name, value);
  properties["enable.auto.commit"] = "false";
  properties["enable.auto.offset.store"] = "false";
  properties["auto.offset.reset"] = "error";   // lanes begin where core::origins_of() says
  properties["enable.partition.eof"] = "true"; // what was aborted, and the marks of transactions, show by it alone
}

group_event event_of(rd_kafka_t* client, rd_kafka_event_t* event) {
  group_event out;
  if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) {
    const bool assigned = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    out.what = assigned                                ? group_event::kind::assigned
               : rd_kafka_assignment_lost(client) != 0 ? group_event::kind::lost
                                                       : group_event::kind::revoked;
    const auto* list = rd_kafka_event_topic_partition_list(event);
    for (int i = 0; list != nullptr && i < list->cnt; ++i)
      out.partitions.push_back({list->elems[i].topic, core::partition_id{list->elems[i].partition}});
  } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR
             && rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__PARTITION_EOF) { // of the control partition
    out.what = group_event::kind::error;
    out.text = unreachable(client, plain_failure(rd_kafka_event_error_string(event))).text();
  }
  return out;
}

} // namespace

kafka_consumer::kafka_consumer(consumer_options options) :
    options_{std::move(options)}, self_{member_name::here(options_.member)} {
  options_.properties.try_emplace("client.id", self_.client_id());
}

core::result<std::unique_ptr<kafka_consumer>> kafka_consumer::make(const consumer_options& options) {
  std::unique_ptr<kafka_consumer> consumer{new kafka_consumer{options}};
  if (auto opened = consumer->open(); !opened)
    return tl::unexpected{opened.error()};
  return consumer;
}

core::result<void> kafka_consumer::open() {
  auto properties = options_.properties;
  set_defaults(properties, options_);
  auto conf = make_conf(properties);
  if (!conf)
    return tl::unexpected{conf.error()};
  keep_quiet(conf->get()); // its errors come as events
  // Since librdkafka 2.2 that pause can be said; an older one does not know the property.
  if (!properties.contains("fetch.queue.backoff.ms"))
    rd_kafka_conf_set(conf->get(), "fetch.queue.backoff.ms", "10", nullptr, 0);
  rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR);
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
  if (!client)
    return tl::unexpected{client.error()};
  client_ = std::move(*client);
  rd_kafka_poll_set_consumer(client_.get());
  events_.reset(rd_kafka_queue_get_consumer(client_.get()));
  if (on_event_)
    rd_kafka_queue_cb_event_enable(events_.get(), &kafka_consumer::on_queue_event, this);
  return {};
}

void kafka_consumer::on_event(std::function<void()> wake_up) {
  on_event_ = std::move(wake_up);
  rd_kafka_queue_cb_event_enable(events_.get(), &kafka_consumer::on_queue_event, this);
}

kafka_consumer::~kafka_consumer() {
  if (events_)
    rd_kafka_queue_cb_event_enable(events_.get(), nullptr, nullptr);
}

core::result<void> kafka_consumer::subscribe() {
  if (!client_)
    if (auto opened = open(); !opened)
      return opened;
  auto list = make_partition_list(2);
  rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (!options_.control_topic.empty())
    rd_kafka_topic_partition_list_add(list.get(), options_.control_topic.c_str(), RD_KAFKA_PARTITION_UA);
  if (const auto err = rd_kafka_subscribe(client_.get(), list.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail("cannot subscribe to '" + options_.topic + "': " + rd_kafka_err2str(err));
  return {};
}

// A client that unsubscribes in the middle of a rebalance stays a member without a subscription (librdkafka 2.0.2), and
// the group waits for it. One that is closed has left.
void kafka_consumer::unsubscribe() {
  close(farewell_time);
  events_.reset();
  client_.reset();
}

group_event kafka_consumer::poll() {
  // What comes of the control partition is read elsewhere; here it must not stand in front of the group's news.
  while (client_) {
    const kafka_ptr<rd_kafka_event_t> event{rd_kafka_queue_poll(events_.get(), 0)};
    if (!event)
      break;
    if (auto out = event_of(client_.get(), event.get()); out.what != group_event::kind::none)
      return out;
  }
  return {};
}

record_source_ptr kafka_consumer::partition(core::partition_id partition) {
  auto queue = kafka_ptr<rd_kafka_queue_t>{
      rd_kafka_queue_get_partition(client_.get(), options_.topic.c_str(), value_of(partition))};
  rd_kafka_queue_forward(queue.get(), nullptr);
  return std::make_unique<partition_source>(client_, options_.topic, partition, std::move(queue), options_.headers);
}

core::result<void> kafka_consumer::assign(const std::vector<core::partition_offset>& from, bool with_control) {
  auto list = make_partition_list(static_cast<int>(from.size()) + 1);
  for (const auto& entry : from)
    rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), value_of(entry.partition))->offset =
        value_of(entry.next);
  if (with_control)
    rd_kafka_topic_partition_list_add(list.get(), options_.control_topic.c_str(), 0)->offset = RD_KAFKA_OFFSET_END;
  if (const auto err = rd_kafka_assign(client_.get(), list.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail("cannot take up partitions of '" + options_.topic + "': " + rd_kafka_err2str(err));
  return {};
}

void kafka_consumer::unassign() {
  if (client_)
    rd_kafka_assign(client_.get(), nullptr);
}

core::result<std::vector<core::group_place>> kafka_consumer::places(const std::vector<core::partition_id>& partitions,
                                                                    std::chrono::milliseconds timeout) {
  auto list = make_partition_list(static_cast<int>(partitions.size()));
  for (auto partition : partitions)
    rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), value_of(partition));
  const auto err = rd_kafka_committed(client_.get(), list.get(), static_cast<int>(timeout.count()));
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail(std::string{"cannot read the group's committed offsets: "} + rd_kafka_err2str(err));
  const auto starts = log_offsets(client_.get(), options_.topic, partitions, RD_KAFKA_OFFSET_BEGINNING, timeout);
  const auto ends = log_offsets(client_.get(), options_.topic, partitions, RD_KAFKA_OFFSET_END, timeout);
  if (starts.size() < partitions.size() || ends.size() < partitions.size())
    return core::fail("no broker says where the partitions of '" + options_.topic + "' begin and end");
  std::vector<core::group_place> out;
  for (const auto& entry : entries_of(*list)) {
    if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return core::fail(std::string{"cannot read the group's committed offsets: "} + rd_kafka_err2str(entry.err));
    const core::partition_id id{entry.partition};
    const auto committed = entry.offset < 0 ? std::nullopt : std::optional{core::offset{entry.offset}};
    out.push_back({id, committed, starts.at(id), ends.at(id)});
  }
  return move_starts(out, timeout).map([&] { return std::move(out); });
}

/// What stands in front of a start was never to be read: it is as if the log began there.
core::result<void> kafka_consumer::move_starts(std::vector<core::group_place>& places,
                                               std::chrono::milliseconds timeout) const {
  const auto& wanted = options_.start;
  auto list = make_partition_list(static_cast<int>(places.size()));
  for (const auto& place : places)
    if (wanted.time_ms && !place.committed && !wanted.offsets.contains(place.partition))
      rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), value_of(place.partition))->offset =
          *wanted.time_ms;
  auto err = list->cnt == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR
                            : rd_kafka_offsets_for_times(client_.get(), list.get(), static_cast<int>(timeout.count()));
  std::map<core::partition_id, std::int64_t> found; // negative: no record is that late
  for (const auto& entry : entries_of(*list)) {
    found[core::partition_id{entry.partition}] = entry.offset;
    err = entry.err == RD_KAFKA_RESP_ERR_NO_ERROR ? err : entry.err;
  }
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail("no broker says where the time begins in '" + options_.topic + "': " + rd_kafka_err2str(err));
  for (auto& place : places) {
    if (place.committed)
      continue;
    if (const auto at = wanted.offsets.find(place.partition); at != wanted.offsets.end()) {
      if (at->second < place.log_start)
        place.committed = at->second; // what retention has taken is lost
      else
        place.log_start = at->second;
    } else if (const auto time = found.find(place.partition); time != found.end())
      place.log_start = time->second < 0 ? place.log_end : std::max(place.log_start, core::offset{time->second});
  }
  return {};
}

bool kafka_consumer::is_answered(std::chrono::milliseconds timeout) {
  return client_ && partition_count(client_.get(), options_.topic, timeout).has_value();
}

std::optional<std::string> kafka_consumer::earlier_double() {
  constexpr int timeout_ms = 2000;
  if (!client_)
    return std::nullopt;
  // Not rd_kafka_DescribeConsumerGroups: a coordinator that restarts meanwhile ends the process by an assertion
  // (librdkafka issues 3663 and 4605).
  const rd_kafka_group_list* found = nullptr;
  if (rd_kafka_list_groups(client_.get(), options_.properties.at("group.id").c_str(), &found, timeout_ms)
      != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  const std::unique_ptr<const rd_kafka_group_list, decltype(&rd_kafka_group_list_destroy)> owner{
      found, &rd_kafka_group_list_destroy};
  for (const auto& group : std::span{found->groups, static_cast<std::size_t>(found->group_cnt)})
    for (const auto& member : std::span{group.members, static_cast<std::size_t>(group.member_cnt)}) {
      const auto name = member_name::parse(member.client_id);
      if (name && is_earlier_double(*name, self_))
        return name->text();
    }
  return std::nullopt;
}

void kafka_consumer::close(std::chrono::milliseconds timeout) {
  if (!client_)
    return;
  rd_kafka_queue_cb_event_enable(events_.get(), nullptr, nullptr);
  // A rebalance that waits for its answer would make the client wait for ever.
  rd_kafka_assign(client_.get(), nullptr);
  kafka_ptr<rd_kafka_queue_t> farewell{rd_kafka_queue_new(client_.get())};
  const kafka_ptr<rd_kafka_error_t> error{rd_kafka_consumer_close_queue(client_.get(), farewell.get())};
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (!error && rd_kafka_consumer_closed(client_.get()) == 0 && std::chrono::steady_clock::now() < until) {
    kafka_ptr<rd_kafka_event_t> event{rd_kafka_queue_poll(farewell.get(), 100)};
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE)
      rd_kafka_assign(client_.get(), nullptr);
  }
}

void kafka_consumer::on_queue_event(rd_kafka_t*, void* opaque) {
  static_cast<kafka_consumer*>(opaque)->on_event_();
}

} // namespace weir::io
