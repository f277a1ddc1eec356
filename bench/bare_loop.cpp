// The ceiling: consume a batch, produce it again to the same partition, nothing else. Every figure of Weir's is quoted
// as a ratio to this loop's, on the same broker in the same run.
//
// Backlog (default): copies what IN holds at the start and prints one JSON object:
//   {"records":..., "seconds":..., "records_per_second":..., "cpu_us_per_record":..., "peak_mb":...}
// from the first record to the last acknowledgement; start-up does not count. With --forever it copies until SIGTERM,
// for the latency probe (give `--producer linger.ms=0`).

#include "bench/bench.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace weir::bench {
namespace {

constexpr std::size_t batch_size = 1000;

std::atomic<bool> stopped{false};
std::atomic<std::uint64_t> failed{0};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err)
    ++failed;
}

/// Produces a batch; waits where the producer's queue is full.
void copy(const std::array<rd_kafka_message_t*, batch_size>& in, std::size_t count, rd_kafka_t* producer,
          rd_kafka_topic_t* out) {
  std::array<rd_kafka_message_t, batch_size> copies;
  for (std::size_t i = 0; i < count; ++i) {
    copies[i] = {};
    copies[i].partition = in[i]->partition;
    copies[i].payload = in[i]->payload;
    copies[i].len = in[i]->len;
    copies[i].key = in[i]->key;
    copies[i].key_len = in[i]->key_len;
  }
  auto left = static_cast<int>(count);
  auto* next = copies.data();
  while (true) {
    // It does not stop at a message that is refused: those that were taken are moved out of the way.
    if (rd_kafka_produce_batch(out, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_PARTITION, next, left)
        == left)
      return;
    const auto* refused_end = std::remove_if(next, next + left, [](const auto& m) { return m.err == 0; });
    left = static_cast<int>(refused_end - next);
    if (next->err != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      die(std::string{"cannot produce: "} + rd_kafka_err2str(next->err));
    rd_kafka_poll(producer, 10);
  }
}

struct options : route {
  bool forever = false;
  std::vector<std::string> consumer_properties;
  std::vector<std::string> producer_properties;
};

int run(const options& given) {
  io::kafka_properties reading{{"bootstrap.servers", given.brokers},
                               {"group.id", "bare-loop"},
                               {"enable.auto.commit", "false"},
                               {"queued.min.messages", "1000000"},
                               {"queued.max.messages.kbytes", "262144"}};
  io::kafka_properties writing{{"bootstrap.servers", given.brokers},
                               {"queue.buffering.max.messages", "1000000"},
                               {"queue.buffering.max.kbytes", "262144"}};
  add_properties(given.consumer_properties, reading);
  add_properties(given.producer_properties, writing);

  const auto consumer = make_client(RD_KAFKA_CONSUMER, reading);
  rd_kafka_poll_set_consumer(consumer.get());
  auto producer_conf = require(io::make_conf(writing));
  rd_kafka_conf_set_dr_msg_cb(producer_conf.get(), on_delivery);
  const auto producer = require(io::make_client(RD_KAFKA_PRODUCER, std::move(producer_conf)));
  const auto out = open_topic(producer.get(), given.out);

  const auto partitions = require(io::partition_count(consumer.get(), given.in, std::chrono::seconds{10}));
  const auto assignment = io::make_partition_list(partitions);
  std::int64_t expected = 0;
  const auto bounds = watermarks(consumer.get(), given.in, partitions);
  for (int p = 0; p < partitions; ++p) {
    const auto [low, high] = bounds[static_cast<std::size_t>(p)];
    expected += high - low;
    rd_kafka_topic_partition_list_add(assignment.get(), given.in.c_str(), p)->offset = given.forever ? high : low;
  }
  rd_kafka_assign(consumer.get(), assignment.get());
  const io::kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_get_consumer(consumer.get())};

  std::array<rd_kafka_message_t*, batch_size> messages{};
  std::int64_t records = 0;
  auto started = clock::now();
  double cpu_before = 0;
  while (!stopped && (given.forever || records < expected)) {
    // consume_batch_queue waits for a full batch: at a low rate, wait for one message and take what lies behind it.
    ssize_t got = rd_kafka_consume_batch_queue(queue.get(), 0, messages.data(), messages.size());
    if (got == 0 && (messages[0] = rd_kafka_consume_queue(queue.get(), 100)) != nullptr)
      got = 1;
    if (records == 0 && got > 0) {
      started = clock::now();
      cpu_before = cpu_seconds();
    }
    const auto count = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    for (std::size_t i = 0; i < count; ++i)
      if (messages[i]->err)
        die(std::string{"cannot consume: "} + rd_kafka_message_errstr(messages[i]));
    copy(messages, count, producer.get(), out.get());
    for (std::size_t i = 0; i < count; ++i)
      rd_kafka_message_destroy(messages[i]);
    rd_kafka_poll(producer.get(), 0);
    records += static_cast<std::int64_t>(count);
  }
  rd_kafka_flush(producer.get(), 60'000);
  const auto seconds = seconds_since(started);
  const auto cpu = cpu_seconds() - cpu_before;
  if (failed != 0)
    die(std::to_string(failed.load()) + " records were not delivered");
  const auto n = static_cast<double>(std::max<std::int64_t>(records, 1));
  std::printf(R"({"records":%lld,"seconds":%.3f,"records_per_second":%.0f,"cpu_us_per_record":%.3f,"peak_mb":%.0f})"
              "\n",
              static_cast<long long>(records), seconds, n / seconds, cpu / n * 1e6, peak_memory());
  return 0;
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  weir::bench::options given;
  weir::cli::command_line line{"The bare librdkafka copy loop"};
  auto& arguments = line.all();
  weir::bench::add_route(arguments, given);
  arguments.flag("--forever", given.forever, "from the end of IN, until SIGTERM");
  arguments.option("--consumer", &given.consumer_properties, "librdkafka property of the consumer, name=value");
  arguments.option("--producer", &given.producer_properties, "librdkafka property of the producer, name=value");
  if (const auto end = line.parse(argc, argv))
    return *end;
  std::signal(SIGTERM, [](int) { weir::bench::stopped = true; });
  std::signal(SIGINT, [](int) { weir::bench::stopped = true; });
  return weir::bench::run(given);
}
