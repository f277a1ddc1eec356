#include "cli/run.hpp"

#include "actors/engine.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/run_view.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "io/http/stats_endpoint.hpp"
#include "io/preparation.hpp"
#include "io/store/run_lock.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;

/// The engine as the stats endpoint may steer it: it is there before the engine is.
class steering {
public:
  void take(actors::engine* engine) {
    const std::lock_guard lock{mutex_};
    engine_ = engine;
  }

  bool operator()(core::goal wanted) {
    const std::lock_guard lock{mutex_};
    if (engine_ != nullptr)
      engine_->request(wanted);
    else if (wanted == core::goal::stopped)
      stop_requested = true;
    return engine_ != nullptr || wanted == core::goal::stopped;
  }

  /// Loads the model before it asks the pipeline for it.
  std::optional<core::result<core::model_wish>> change(const loaded_pipeline& loaded, const core::model_choice& now,
                                                       const config::wanted_setting& wanted) {
    auto wish = config::wish_for(*loaded.plan, now, wanted, loaded.pipeline->file);
    const std::lock_guard lock{mutex_};
    if (engine_ == nullptr)
      return std::nullopt;
    if (wish)
      engine_->request(*wish);
    return wish;
  }

private:
  std::mutex mutex_;
  actors::engine* engine_ = nullptr;
};

/// Waits until the topics are there; a broker that is away is said once and then every half minute, and on /readyz.
/// @returns the partitions of the source topic
tl::expected<int, exit_code> wait_for_topics(const config::pipeline& pipeline, core::node_watch& watch) {
  auto wait = 100ms;
  const auto since = std::chrono::steady_clock::now();
  auto said = std::chrono::steady_clock::time_point{};
  watch.wait_for("the node looks for its topics");
  while (!stop_requested) {
    const auto found = io::prepare(pipeline);
    if (found.what == io::preparation::outcome::ready)
      return found.partitions;
    if (found.what == io::preparation::outcome::wrong)
      return tl::unexpected{report(found.problem)};
    watch.wait_for(found.problem.text());
    const auto now = std::chrono::steady_clock::now();
    if (now - since > 1s && now - said > 30s) {
      spdlog::warn("{}; trying again", found.problem.text());
      said = now;
    }
    std::this_thread::sleep_for(wait);
    wait = std::min<std::chrono::milliseconds>(2 * wait, 3s);
  }
  return tl::unexpected{exit_code::unavailable};
}

/// What the end may take beyond the pipeline's own time-out: leaving the group, and what cannot be hurried.
constexpr auto grace = 5s;

/// Starts the engine and stays until it has ended. False: it did not end in time when it was told to.
bool drive(actors::engine& engine, core::node_watch& watch, run_view& view,
           std::chrono::milliseconds shutdown_timeout) {
  engine.start();
  watch.begin();
  std::optional<std::chrono::steady_clock::time_point> end_by;
  while (!engine.ended()) {
    const auto now = std::chrono::steady_clock::now();
    if (stop_requested && !end_by) {
      end_by = now + shutdown_timeout + grace;
      engine.stop();
    }
    if (end_by && now > *end_by)
      return false;
    std::this_thread::sleep_for(20ms);
    view.update();
  }
  return true;
}

} // namespace

namespace {

/// The node's HTTP endpoint; null where the pipeline wants none. Says its address.
core::result<std::unique_ptr<io::stats_endpoint>> open_stats(const run_options& options, const loaded_pipeline& loaded,
                                                             std::shared_ptr<core::node_watch> watch,
                                                             std::shared_ptr<core::cluster_board> board,
                                                             std::shared_ptr<config::model_board> models,
                                                             std::shared_ptr<steering> steer) {
  if (!loaded.pipeline->stats.enabled)
    return nullptr;
  io::stats_service_parts parts;
  parts.pipeline = loaded.pipeline;
  parts.node = options.node;
  parts.version = WEIR_VERSION;
  parts.watch = std::move(watch);
  parts.control = [steer](core::goal wanted) { return (*steer)(wanted); };
  parts.change = [steer, loaded, models](const config::wanted_setting& wanted) {
    return steer->change(loaded, models->models()->choice(), wanted);
  };
  parts.board = std::move(board);
  parts.plan = loaded.plan;
  parts.models = std::move(models);
  auto opened = io::stats_endpoint::open(std::move(parts), options.stats_port);
  const auto wanted = options.stats_port < 0 ? loaded.pipeline->stats.port : options.stats_port;
  if (opened) {
    const auto is_taken = wanted != 0 && (*opened)->port() != wanted;
    say(tone::info,
        "stats: " + (*opened)->url() + (is_taken ? " (port " + std::to_string(wanted) + " is taken)" : std::string{}));
  }
  return opened;
}

/// What a node has ended with.
exit_code outcome_of(const actors::engine& engine, const core::node_watch& watch, const std::string& node) {
  if (!engine.failure().empty())
    return report({engine.failure(), {}, {}}, exit_code::bad_configuration);
  if (!engine.broken().empty())
    return report({engine.broken(), {}, "the next start goes on from the last commit"}, exit_code::failed);
  if (const auto& other = engine.usurped_by(); !other.empty())
    return report({"another process runs under the name '" + node + "' since before this one: " + other,
                   {},
                   "give each node a name of its own with --name"},
                  exit_code::unavailable);
  const auto ledger = core::totals_of(watch.lanes()).ledger;
  if (engine.exhausted() && ledger.received > 0 && ledger.dead_lettered == ledger.received)
    return report({"every record is a dead letter", {}, "is 'format' of the source what its records are written in?"},
                  exit_code::failed);
  return engine.complete() ? exit_code::done : exit_code::failed;
}

} // namespace

exit_code run(const run_options& options) {
  catch_stop_signals();
  if (options.verbose)
    spdlog::set_level(spdlog::level::debug);
  auto loaded = load_pipeline(options.file);
  if (!loaded)
    return exit_code::bad_configuration;
  if (options.memory > 0) {
    auto changed = std::make_shared<config::pipeline>(*loaded->pipeline);
    changed->memory_limit = options.memory;
    loaded->pipeline = std::move(changed);
  }
  const auto& [pipeline, plan] = *loaded;
  // First of all: a process that has to go must not have taken the other's address and token.
  const auto name = pipeline->source.from->is_shared() ? pipeline->name + "-" + options.node : pipeline->name;
  const auto alone = io::run_lock::take(pipeline->state_dir, name);
  if (!alone)
    return report(alone.error(), exit_code::unavailable);
  auto registry = std::make_shared<core::lane_registry>();
  auto watch = std::make_shared<core::node_watch>(registry, pipeline->stall_timeout);
  auto steer = std::make_shared<steering>();
  auto board = std::make_shared<core::cluster_board>();
  auto models = std::make_shared<config::model_board>(plan->models, plan->learning);
  auto stats = open_stats(options, *loaded, watch, board, models, steer);
  if (!stats)
    return report(stats.error(), exit_code::unavailable);
  if (!pipeline->schema_note.empty())
    spdlog::info("{}", pipeline->schema_note);
  for (const auto& [column, version] : plan->models->models())
    spdlog::info("column '{}' comes from model {}", column, version);
  const auto partitions = wait_for_topics(*pipeline, *watch);
  if (!partitions)
    return partitions.error();
  if (auto fits = core::check_state(plan->state_needs(), actors::state_of_a_lane(*pipeline, *partitions)); !fits)
    return report(fits.error(), exit_code::bad_configuration);
  actors::engine_options own;
  own.node = options.node;
  own.threads = options.threads;
  own.partitions = *partitions;
  own.watch = watch;
  own.board = board;
  own.models = models;
  own.url = *stats ? (*stats)->url() : std::string{};
  own.listen_port = static_cast<std::uint16_t>(options.listen_port);
  auto engine = actors::engine::make(pipeline, plan, registry, own);
  if (!engine)
    return report(engine.error());
  run_view view{*pipeline, *watch};
  steer->take(engine->get());
  if (!drive(**engine, *watch, view, pipeline->shutdown_timeout)) {
    view.finish();
    stats->reset();
    // The actor system would wait for its actors, and one of them waits for a broker.
    std::_Exit(static_cast<int>(exit_code::failed));
  }
  steer->take(nullptr);
  view.finish();
  return outcome_of(**engine, *watch, options.node);
}

namespace {

void declare(arguments verb) {
  const auto options = std::make_shared<run_options>();
  verb.option("pipeline", &options->file, "Pipeline file").required();
  verb.option("--name", &options->node, "Name of this node, unique among the nodes of the pipeline").with_default();
  verb.option("--threads", &options->threads, "Threads of the scheduler; 0: one a core").with_default();
  verb.option("--stats-port", &options->stats_port, "Port of the stats endpoint; 0: any free one").between(0, 65535);
  verb.option("--listen-port", &options->listen_port, "Port, on loopback, for other nodes of the pipeline; 0: any")
      .between(0, 65535);
  verb.flag("-v,--verbose", options->verbose, "Logs more: whole dead letters, what the Kafka client says");
  verb.run([options] { return run(*options); });
}

} // namespace

constexpr verb verbs::run{"run", "run a pipeline on this machine, until its source ends or Ctrl-C",
                          "weir run pipeline.yaml", declare};

} // namespace weir::cli
