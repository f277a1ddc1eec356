#pragma once

#include "cli/command_line.hpp"
#include "core/base/result.hpp"
#include "io/kafka/client.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>

// What the benchmark programs share. They are programs to be run by hand or by tools/bench: an error ends them.

namespace weir::bench {

[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(69);
}

template <class T>
T require(core::result<T> value) {
  if (!value)
    die(value.error().text());
  if constexpr (!std::is_void_v<T>)
    return std::move(*value);
}

inline io::client_ptr make_client(rd_kafka_type_t type, const io::kafka_properties& properties) {
  return require(io::make_client(type, require(io::make_conf(properties))));
}

/// The brokers, the topic that is read and the one that is written.
struct route {
  std::string brokers;
  std::string in;
  std::string out;
};

inline void add_route(cli::arguments& to, route& into) {
  to.option("--brokers", &into.brokers).required();
  to.option("--in", &into.in).required();
  to.option("--out", &into.out).required();
}

/// A handle for a topic; the first produce does not wait for its metadata.
inline io::kafka_ptr<rd_kafka_topic_t> open_topic(rd_kafka_t* client, const std::string& name,
                                                  const char* partitioner = "murmur2_random") {
  auto* conf = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set(conf, "partitioner", partitioner, nullptr, 0);
  io::kafka_ptr<rd_kafka_topic_t> topic{rd_kafka_topic_new(client, name.c_str(), conf)};
  if (require(io::partition_count(client, name, std::chrono::seconds{10})) == 0)
    die("there is no topic '" + name + "'");
  return topic;
}

/// Properties given on the command line as `name=value`.
inline void add_properties(const std::vector<std::string>& given, io::kafka_properties& to) {
  for (const auto& property : given) {
    const auto equals = property.find('=');
    if (equals == std::string::npos)
      die("a property is name=value, not '" + property + "'");
    to[property.substr(0, equals)] = property.substr(equals + 1);
  }
}

/// First and last offset + 1 of a partition.
inline std::pair<std::int64_t, std::int64_t> watermarks_of(rd_kafka_t* client, const std::string& topic,
                                                           int partition) {
  std::pair<std::int64_t, std::int64_t> found;
  auto err = RD_KAFKA_RESP_ERR_NO_ERROR;
  // A topic that was made a moment ago may not have its leaders yet.
  for (int attempt = 0; attempt < 50; ++attempt) {
    err = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &found.first, &found.second, 10'000);
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
      return found;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  die("cannot ask for the offsets of '" + topic + "': " + rd_kafka_err2str(err));
}

/// Those of all partitions.
inline std::vector<std::pair<std::int64_t, std::int64_t>> watermarks(rd_kafka_t* client, const std::string& topic,
                                                                     int partitions) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (int p = 0; p < partitions; ++p)
    found.push_back(watermarks_of(client, topic, p));
  return found;
}

using clock = std::chrono::steady_clock;

inline double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

/// User and system time of this process, in seconds.
inline double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Peak resident memory of this process, in MB.
inline double peak_memory() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) * 1024 / 1e6;
}

/// The value below which the share `p` of `values` lies; sorts them.
inline double percentile(std::vector<std::int64_t>& values, double p) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1) + 0.5);
  return static_cast<double>(values[index]);
}

} // namespace weir::bench
