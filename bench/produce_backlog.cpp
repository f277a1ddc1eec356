// Fills a topic with the records of the reference job, keyed by CustomerID as Kafka's own clients do (murmur2), and
// prints one JSON object: {"records":..., "outputs":..., "dead_letters":..., "seconds":...}; `outputs` is how many pass
// the filter of job A, `dead_letters` how many are not JSON. With --file it cycles the lines of a file instead of
// generating.

#include "bench/bench.hpp"
#include "cli/transaction_generator.hpp"

#include <fstream>

namespace weir::bench {
namespace {

struct options {
  std::string brokers;
  std::string topic;
  std::string file;
  std::string dump;
  std::uint64_t records = 3'000'000;
  std::uint64_t seed = 1;
  std::uint32_t customers = 10'000;
};

/// The value of a string field of a line that we have written ourselves.
std::string_view text_field(std::string_view line, std::string_view name) {
  const auto at = line.find(name);
  if (at == std::string_view::npos)
    return {};
  line.remove_prefix(at + name.size());
  return line.substr(0, line.find('"'));
}

/// What job A makes of a line of a file; only as exact as the reference file needs.
struct outcome {
  bool output = false;
  bool dead = false;
};
outcome outcome_of(std::string_view line) {
  if (!line.ends_with('}'))
    return {.dead = true};
  constexpr std::string_view field = "\"Amount\":";
  const auto at = line.find(field);
  const auto amount = at == std::string_view::npos ? 0 : std::strtod(line.data() + at + field.size(), nullptr);
  return {.output = amount > 50};
}

int run(const options& given) {
  const auto producer = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", given.brokers},
                                                        {"acks", "1"},
                                                        {"linger.ms", "50"},
                                                        {"batch.size", "1000000"},
                                                        {"queue.buffering.max.messages", "1000000"},
                                                        {"queue.buffering.max.kbytes", "262144"}});
  const auto topic = open_topic(producer.get(), given.topic);

  std::vector<std::string> lines;
  if (!given.file.empty()) {
    std::ifstream in{given.file};
    for (std::string line; std::getline(in, line);)
      lines.push_back(line);
    if (lines.empty())
      die("cannot read '" + given.file + "'");
  }
  cli::transaction_generator generator{
      {.seed = given.seed, .customers = given.customers, .missing_other = 0, .duplicates = 0, .malformed = 0.0002}};
  std::ofstream dump;
  if (!given.dump.empty())
    dump.open(given.dump, std::ios::binary);

  std::uint64_t outputs = 0, dead = 0;
  const auto started = clock::now();
  std::string generated;
  for (std::uint64_t i = 0; i < given.records; ++i) {
    std::string_view value;
    outcome expected;
    if (lines.empty()) {
      const auto& t = generator.next();
      generated.clear();
      generator.append_json(t, generated);
      value = generated;
      expected = {.output = !t.malformed && t.cents.value_or(0) > 5000, .dead = t.malformed};
    } else {
      value = lines[i % lines.size()];
      expected = outcome_of(value);
    }
    const auto key = text_field(value, R"("CustomerID":")");
    outputs += expected.output;
    dead += expected.dead;
    if (dump.is_open())
      dump << value << '\n';
    while (rd_kafka_produce(topic.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()),
                            value.size(), key.data(), key.size(), nullptr)
           != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        die(std::string{"cannot produce: "} + rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(producer.get(), 10);
    }
    if (i % 1024 == 0)
      rd_kafka_poll(producer.get(), 0);
  }
  if (rd_kafka_flush(producer.get(), 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
    die("the broker did not take everything within two minutes");
  std::printf(R"({"records":%llu,"outputs":%llu,"dead_letters":%llu,"seconds":%.1f})"
              "\n",
              static_cast<unsigned long long>(given.records), static_cast<unsigned long long>(outputs),
              static_cast<unsigned long long>(dead), seconds_since(started));
  return 0;
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  weir::bench::options given;
  weir::cli::command_line line{"Fills a topic with the records of the reference job"};
  auto& arguments = line.all();
  arguments.option("--brokers", &given.brokers).required();
  arguments.option("--topic", &given.topic).required();
  arguments.option("--records", &given.records);
  arguments.option("--seed", &given.seed);
  arguments.option("--customers", &given.customers);
  arguments.option("--file", &given.file, "cycle these lines instead of generating");
  arguments.option("--dump", &given.dump, "write what is produced to this file too");
  if (const auto end = line.parse(argc, argv))
    return *end;
  return weir::bench::run(given);
}
