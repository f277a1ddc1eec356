#include "actors/engine.hpp"

#include "actors/node.hpp"
#include "io/file/feed.hpp"
#include "io/kafka/backend.hpp"
#include "io/kafka/state.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace weir::actors {

namespace {

/// What nodes must agree on to talk at all; another program or another pipeline is refused by the handshake.
std::string cluster_name(const std::string& pipeline) {
  return "weir/" + std::to_string(core::cluster_protocol) + "/" + pipeline;
}

/// A node that does not answer for both together is taken for lost. CAF's handshakes need heartbeats no shorter.
constexpr caf::timespan heartbeat = std::chrono::milliseconds{500};
constexpr caf::timespan silence = std::chrono::milliseconds{2500};

struct system_config : caf::actor_system_config {
  /// @param cluster empty: the node talks to no other
  system_config(int threads, const std::string& cluster) {
    add_message_types<caf::id_block::weir>();
    // Idle workers wait on a condition variable instead of polling: nothing spins, and a wake-up costs no sleep.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", static_cast<std::size_t>(threads));
    set("logger.verbosity", caf::atom("quiet"));
    if (cluster.empty())
      return;
    load<caf::io::middleman>();
    set("middleman.app-identifiers", std::vector<std::string>{cluster});
    set("middleman.heartbeat-interval", heartbeat);
    set("middleman.connection-timeout", silence);
  }
};

int thread_count(int wanted) {
  return wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// Shares of memory.limit. A record in flight takes about five times its raw bytes: itself, its columns, its output,
/// and librdkafka's notes on it. What waits in the consumer's queues takes as much, and longer queues are not faster:
/// their records have left the cache when they are read.
constexpr std::uint64_t consumer_share = 16;
constexpr std::uint64_t file_share = 8;
constexpr std::uint64_t lanes_share = 4;
constexpr std::uint64_t bytes_per_raw_byte = 5;

} // namespace

struct engine::parts {
  parts(node_parts node_of, int threads) :
      system_options{threads, node_of.group() != nullptr ? cluster_name(node_of.pipeline->name) : std::string{}},
      system{system_options}, node{std::move(node_of)} {}

  system_config system_options;
  caf::actor_system system;
  node_parts node;
  std::shared_ptr<node_outcome> outcome = std::make_shared<node_outcome>();
  node_actor root;
};

namespace {

/// A Kafka source, and the backend that commits with it.
core::result<void> join_group(node_parts& node, const config::kafka_source& source, int partitions,
                              io::backend_options backend) {
  const auto pipeline = node.pipeline;
  const auto properties = io::properties_of(source.brokers, source.properties);
  io::consumer_options options;
  options.properties = properties;
  options.properties["group.id"] = source.group.empty() ? "weir-" + pipeline->name : source.group;
  options.topic = source.topic;
  options.control_topic = pipeline->name + "-control";
  options.queue_bytes = pipeline->memory_limit / consumer_share;
  options.partitions = partitions;
  auto made = io::kafka_consumer::make(options);
  if (!made)
    return tl::unexpected{made.error()};
  auto control = io::open_control_topic(io::properties_of(source.brokers, io::connection_properties(source.properties)),
                                        options.control_topic);
  if (!control)
    return tl::unexpected{control.error()};
  const auto fence = [pipeline, &source, self = node.self.name](const std::string& name) {
    // Our own older transaction is over since our producer was made; the present one must live.
    if (name != self)
      io::fence(*pipeline, source, name);
  };
  const std::shared_ptr<io::kafka_consumer> consumer = std::move(*made);
  group_source parts;
  parts.group = consumer;
  parts.states = std::make_shared<io::kafka_state>(properties, pipeline->name + "-state", fence);
  parts.control = std::move(*control);
  node.source = std::move(parts);
  backend.csv_header = node.plan->csv_header();
  node.backend = io::make_kafka_backend(std::move(backend), consumer);
  return {};
}

/// A source that is a file, and the backend that commits with it.
core::result<void> open_file(node_parts& node, const config::file_source& source, io::backend_options backend) {
  const auto& pipeline = *node.pipeline;
  const auto lanes = static_cast<std::uint64_t>(std::max(1, source.partitions));
  std::error_code ignored;
  std::filesystem::create_directories(pipeline.state_dir, ignored);
  auto store = io::local_store::open(pipeline.state_dir + "/" + pipeline.name + ".state");
  if (!store)
    return tl::unexpected{store.error()};
  io::file_feed_options options;
  options.path = source.path;
  options.format = pipeline.source.format;
  options.partitions = source.partitions;
  options.key = source.key;
  options.rate = source.rate;
  options.duration = source.duration;
  options.limit = source.limit;
  options.block = {pipeline.batch.records, pipeline.batch.bytes};
  options.queue_bytes = std::max<std::size_t>(1u << 20, pipeline.memory_limit / file_share / lanes);
  auto first = io::file_feed::open(options);
  if (!first)
    return tl::unexpected{first.error()};
  node.source = feed_source{[options] { return io::file_feed::open(options); }, *store};
  backend.csv_header = node.plan->csv_header((*first)->header());
  node.backend = io::make_local_backend(std::move(backend), *store);
  return {};
}

} // namespace

core::result<std::unique_ptr<engine>> engine::make(std::shared_ptr<const config::pipeline> pipeline,
                                                   std::shared_ptr<const config::lane_plan> plan,
                                                   std::shared_ptr<core::lane_registry> registry,
                                                   const engine_options& options) {
  const int threads = thread_count(options.threads);
  node_parts node;
  node.self = {options.node, options.url, options.listen_port};
  node.display.registry = registry;
  node.display.watch =
      options.watch ? options.watch : std::make_shared<core::node_watch>(registry, pipeline->stall_timeout);
  node.display.board = options.board ? options.board : std::make_shared<core::cluster_board>();
  node.pipeline = pipeline;
  node.plan = std::move(plan);
  node.parallelism = static_cast<std::size_t>(pipeline->parallelism > 0 ? pipeline->parallelism : threads);
  node.credit_bytes = pipeline->memory_limit / lanes_share / bytes_per_raw_byte;
  io::backend_options backend;
  backend.pipeline = pipeline;
  backend.node = options.node;
  const auto* kafka = std::get_if<config::kafka_source>(&pipeline->source.from);
  const auto opened = kafka != nullptr
                          ? join_group(node, *kafka, options.partitions, std::move(backend))
                          : open_file(node, std::get<config::file_source>(pipeline->source.from), std::move(backend));
  if (!opened)
    return tl::unexpected{opened.error()};
  return std::unique_ptr<engine>{new engine{std::make_unique<parts>(std::move(node), threads)}};
}

engine::engine(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

engine::~engine() {
  if (parts_->root && !ended())
    caf::anon_send_exit(parts_->root, caf::exit_reason::kill);
  parts_->root = nullptr;
}

void engine::start() {
  parts_->root = parts_->system.spawn(node, parts_->node, parts_->outcome);
  caf::anon_send(parts_->root, start_atom_v);
}

void engine::stop() {
  caf::anon_send(parts_->root, down_atom_v);
}

void engine::request(core::goal wanted) {
  caf::anon_send(parts_->root, request_atom_v, wanted);
}

bool engine::ended() const {
  return parts_->outcome->ended;
}
bool engine::complete() const {
  return parts_->outcome->complete;
}
bool engine::exhausted() const {
  return parts_->outcome->exhausted;
}
bool engine::usurped() const {
  return parts_->outcome->usurped;
}

} // namespace weir::actors
