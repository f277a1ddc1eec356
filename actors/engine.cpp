#include "actors/engine.hpp"

#include "actors/node.hpp"
#include "io/process_usage.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <algorithm>
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

/// The lanes' share of memory.limit. A record in flight takes about five times its raw bytes: itself, its columns, its
/// output, and librdkafka's notes on it.
constexpr std::uint64_t lanes_share = 4;
constexpr std::uint64_t bytes_per_raw_byte = 5;

/// What a node may remember where nobody says how much.
constexpr std::uint64_t state_share = 2;
constexpr std::uint64_t state_of_an_unknown_machine = 1u << 30;

} // namespace

std::uint64_t state_of_a_lane(const config::pipeline& pipeline, int partitions) {
  std::uint64_t limit = pipeline.state_memory_limit.value_or(io::machine_memory() / state_share);
  if (limit == 0)
    limit = state_of_an_unknown_machine;
  return core::state_of_a_lane(limit, partitions);
}

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
  node.display.models =
      options.models ? options.models : std::make_shared<config::model_board>(plan->models, plan->learning);
  node.pipeline = pipeline;
  node.plan = std::move(plan);
  node.parallelism = static_cast<std::size_t>(pipeline->parallelism > 0 ? pipeline->parallelism : threads);
  node.credit_bytes = pipeline->memory_limit / lanes_share / bytes_per_raw_byte;
  io::input_options input;
  input.pipeline = pipeline;
  input.plan = node.plan;
  input.node = options.node;
  input.partitions = options.partitions;
  auto opened = pipeline->source.from->open(input);
  if (!opened)
    return tl::unexpected{opened.error()};
  node.input = std::move(*opened);
  node.state_bytes = state_of_a_lane(*pipeline, options.partitions);
  registry->know_source(options.partitions);
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

void engine::request(core::model_wish wish) {
  caf::anon_send(parts_->root, request_atom_v, std::move(wish));
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
const std::string& engine::broken() const {
  return parts_->outcome->broken;
}
const std::string& engine::usurped_by() const {
  return parts_->outcome->usurped_by;
}
const std::string& engine::failure() const {
  return parts_->outcome->failure;
}

} // namespace weir::actors
