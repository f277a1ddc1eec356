// Latency at a steady rate: produces records of the reference job to IN, reads OUT, and prints the percentiles of what
// lies between an input's Kafka timestamp and its output's, in milliseconds, as one JSON object:
//   {"records":..., "rate":..., "p50_ms":..., "p99_ms":..., "max_ms":...}
// Both topics have to have LogAppendTime: the timestamps are the moments at which the broker took the input and the
// output. Records find their output by their Date, which no two share. The probe's own producer lingers, or else its
// requests (one a partition and flush) are the load that is measured.

#include "bench/bench.hpp"
#include "cli/transaction_generator.hpp"

#include <atomic>
#include <cinttypes>
#include <thread>

namespace weir::bench {
namespace {

struct options : route {
  double rate = 5000;
  double seconds = 30;
  double warm_up = 5;
  int linger = 10;
};

constexpr std::int64_t first_date = 1'767'225'600'000;

/// The number of a record, from its Date; -1 when it is not one of ours.
std::int64_t number_of(std::string_view value) {
  const auto at = value.find(R"("Date":")");
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
  if (at == std::string_view::npos || value.size() < at + 32)
    return -1;
  const std::string date{value.substr(at + 8, 24)};
  if (std::sscanf(date.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &year, &month, &day, &hour, &minute, &second, &ms) != 7)
    return -1;
  using namespace std::chrono;
  const sys_days days{std::chrono::year{year} / month / day};
  return duration_cast<milliseconds>(days.time_since_epoch()).count() + ((hour * 60 + minute) * 60 + second) * 1000LL
         + ms - first_date;
}

class probe {
public:
  explicit probe(const options& given) :
      given_{given}, total_{static_cast<std::size_t>(given.rate * (given.warm_up + given.seconds))},
      warm_up_{static_cast<std::size_t>(given.rate * given.warm_up)}, taken_in_(total_), taken_out_(total_) {}

  int run() {
    const auto consumer = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", given_.brokers},
                                                          {"group.id", "latency-probe"},
                                                          {"enable.auto.commit", "false"},
                                                          {"fetch.wait.max.ms", "50"}});
    rd_kafka_poll_set_consumer(consumer.get());
    const auto partitions = require(io::partition_count(consumer.get(), given_.out, std::chrono::seconds{10}));
    const auto assignment = io::make_partition_list(partitions);
    const auto bounds = watermarks(consumer.get(), given_.out, partitions);
    for (int p = 0; p < partitions; ++p)
      rd_kafka_topic_partition_list_add(assignment.get(), given_.out.c_str(), p)->offset =
          bounds[static_cast<std::size_t>(p)].second;
    rd_kafka_assign(consumer.get(), assignment.get());

    std::thread producing{[this] { produce(); }};
    std::size_t received = 0;
    auto last = clock::now();
    // The warm-up covers the engine's own start; behind that, five quiet seconds mean that no more will come.
    while (received < total_ && (seconds_since(last) < 5 || !produced_)) {
      const io::kafka_ptr<rd_kafka_message_t> message{rd_kafka_consumer_poll(consumer.get(), 100)};
      if (!message || message->err)
        continue;
      last = clock::now();
      const auto number = number_of({static_cast<const char*>(message->payload), message->len});
      if (number < 0 || static_cast<std::size_t>(number) >= total_)
        continue;
      ++received;
      taken_out_[static_cast<std::size_t>(number)] = append_time(*message);
    }
    producing.join();
    if (received < total_)
      die("only " + std::to_string(received) + " of " + std::to_string(total_) + " records came out");
    std::vector<std::int64_t> latencies;
    for (auto i = warm_up_; i < total_; ++i)
      latencies.push_back(taken_out_[i] - taken_in_[i]);
    std::printf(R"({"records":%zu,"rate":%.0f,"p50_ms":%.0f,"p99_ms":%.0f,"max_ms":%.0f})"
                "\n",
                latencies.size(), given_.rate, percentile(latencies, 0.5), percentile(latencies, 0.99),
                percentile(latencies, 1));
    return 0;
  }

private:
  static std::int64_t append_time(const rd_kafka_message_t& message) {
    rd_kafka_timestamp_type_t type{};
    const auto at = rd_kafka_message_timestamp(&message, &type);
    if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME)
      die("both topics need message.timestamp.type=LogAppendTime");
    return at;
  }

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    if (message->err)
      die(std::string{"not delivered: "} + rd_kafka_err2str(message->err));
    *static_cast<std::int64_t*>(message->_private) = append_time(*message);
  }

  void produce() {
    auto conf = require(io::make_conf(
        {{"bootstrap.servers", given_.brokers}, {"linger.ms", std::to_string(given_.linger)}, {"acks", "1"}}));
    rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
    const auto producer = require(io::make_client(RD_KAFKA_PRODUCER, std::move(conf)));
    const auto topic = open_topic(producer.get(), given_.in);
    cli::transaction_generator generator{
        {.missing_amount = 0, .missing_other = 0, .duplicates = 0, .start = first_date, .interval = 1}};
    std::string value;
    const auto started = clock::now();
    for (std::size_t i = 0; i < total_; ++i) {
      auto t = generator.next();
      t.cents = std::max<std::int64_t>(*t.cents, 5001); // all pass the filter: each has its output
      const auto due = started
                       + std::chrono::duration_cast<clock::duration>(
                           std::chrono::duration<double>(static_cast<double>(i) / given_.rate));
      if (due > clock::now())
        std::this_thread::sleep_until(due);
      value.clear();
      generator.append_json(t, value);
      const auto key = generator.key_of(t);
      if (rd_kafka_produce(topic.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.data(), value.size(),
                           key.data(), key.size(), &taken_in_[i])
          != 0)
        die(std::string{"cannot produce: "} + rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(producer.get(), 0);
    }
    rd_kafka_flush(producer.get(), 10'000);
    produced_ = true;
  }

  options given_;
  std::size_t total_;
  std::size_t warm_up_;
  std::vector<std::int64_t>
      taken_in_; ///< when the broker took the input, by the record's number; of the producing thread
  std::vector<std::int64_t> taken_out_;
  std::atomic<bool> produced_{false};
};

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  weir::bench::options given;
  weir::cli::command_line line{"Latency at a steady rate"};
  auto& arguments = line.all();
  weir::bench::add_route(arguments, given);
  arguments.option("--rate", &given.rate, "records a second");
  arguments.option("--seconds", &given.seconds, "that count");
  arguments.option("--warm-up", &given.warm_up, "seconds before, that do not");
  arguments.option("--linger", &given.linger, "of the probe's producer, milliseconds");
  if (const auto end = line.parse(argc, argv))
    return *end;
  return weir::bench::probe{given}.run();
}
