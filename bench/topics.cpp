// Makes topics anew, for benchmarks: deletes those that are there first, and waits until the new ones can be used.
// `topics --brokers B --partitions 8 NAME...`

#include "bench/bench.hpp"

#include <thread>

namespace weir::bench {
namespace {

void remove_topics(rd_kafka_t* client, const std::vector<std::string>& names) {
  std::vector<rd_kafka_DeleteTopic_t*> requests;
  for (const auto& name : names)
    requests.push_back(rd_kafka_DeleteTopic_new(name.c_str()));
  const io::kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_new(client)};
  rd_kafka_DeleteTopics(client, requests.data(), requests.size(), nullptr, queue.get());
  rd_kafka_DeleteTopic_destroy_array(requests.data(), requests.size());
  const io::kafka_ptr<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), 30'000)};
  if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    die("cannot delete topics");
  for (const auto& name : names)
    while (require(io::partition_count(client, name, std::chrono::seconds{10})) != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  using namespace weir;
  std::string brokers;
  std::vector<std::string> names, config;
  int partitions = 8;
  bool only_delete = false;
  cli::command_line line{"Makes topics anew"};
  auto& arguments = line.all();
  arguments.option("--brokers", &brokers).required();
  arguments.option("--partitions", &partitions);
  arguments.option("--config", &config, "topic property, name=value");
  arguments.flag("--delete", only_delete, "only delete them");
  arguments.option("NAME", &names).required();
  if (const auto end = line.parse(argc, argv))
    return *end;

  const auto client = bench::make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers}});
  bench::remove_topics(client.get(), names);
  if (only_delete)
    return 0;
  io::kafka_properties properties;
  bench::add_properties(config, properties);
  std::vector<io::topic_request> requests;
  for (const auto& name : names)
    requests.push_back({.name = name, .partitions = partitions, .config = properties});
  bench::require(io::create_topics(client.get(), requests, std::chrono::seconds{30}));
  // Ready is when each partition has a leader that answers.
  const auto deadline = bench::clock::now() + std::chrono::seconds{30};
  for (const auto& name : names) {
    while (bench::require(io::partition_count(client.get(), name, std::chrono::seconds{10})) != partitions) {
      if (bench::clock::now() > deadline)
        bench::die("the topic '" + name + "' does not appear");
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    bench::watermarks(client.get(), name, partitions);
  }
}
