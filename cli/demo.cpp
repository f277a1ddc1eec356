#include "actors/engine.hpp"
#include "cli/child_process.hpp"
#include "cli/demo_report.hpp"
#include "cli/output.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/run_view.hpp"
#include "cli/stop_signal.hpp"
#include "cli/transaction_generator.hpp"
#include "cli/verbs.hpp"
#include "core/stats/node_watch.hpp"
#include "io/http/stats_endpoint.hpp"
#include "io/preparation.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;
using core::fail;
using core::result;
using steady = std::chrono::steady_clock;

struct demo_options {
  std::uint64_t rows = 250'000;
  std::string folder = "weir-demo";
  std::string brokers; ///< empty: from file to files
};

constexpr std::uint64_t share_to_learn_from = 5; ///< the first fifth
constexpr auto standstill = 60s;                 ///< no record for so long: something is wrong

double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

result<void> write_text(const std::string& path, const std::string& text) {
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{file.error()};
  file->write(text);
  return file->finish();
}

/// One demo, from nothing to the report.
class demonstration {
public:
  explicit demonstration(const demo_options& options) :
      options_{options}, files_{std::filesystem::absolute(options.folder).lexically_normal().string()} {
    if (!options_.brokers.empty())
      topics_.emplace("weir-demo-" + unique_number());
  }

  result<void> run() {
    std::printf("Weir demo: bank transactions of 1,000 customers, some of them odd\n\n");
    return clear_folder()
        .and_then([this] { return generate(); })
        .and_then([this] { return make_features(); })
        .and_then([this] { return learn(); })
        .and_then([this] { return stream_live(); })
        .and_then([this] { return conclude(); });
  }

private:
  static std::string unique_number() {
    std::ostringstream text;
    text << std::hex << std::chrono::system_clock::now().time_since_epoch().count();
    return text.str();
  }

  static void say(const char* step, const std::string& what) {
    std::printf("  %-9s %s\n", step, what.c_str());
    std::fflush(stdout);
  }

  static std::string in_seconds(double seconds) {
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
    return text.data();
  }

  /// What an earlier demo left there would be appended to.
  result<void> clear_folder() {
    std::error_code error;
    std::filesystem::create_directories(files_.folder, error);
    if (error)
      return fail("cannot make the folder '" + files_.folder + "': " + error.message(), {},
                  "choose another with --dir");
    for (const auto& path : {files_.features, files_.scored, files_.alerts, files_.dead_letters, files_.state})
      std::filesystem::remove_all(path, error);
    return {};
  }

  result<void> generate() {
    const auto start = steady::now();
    cli::transaction_generator transactions{{.customers = 1000, .malformed = 0.0002, .label = true}};
    auto history = output::open(files_.history);
    auto live = output::open(files_.live);
    if (!history || !live)
      return tl::unexpected{history ? live.error() : history.error()};
    outcome_.learned_from = options_.rows / share_to_learn_from;
    outcome_.streamed = options_.rows - outcome_.learned_from;
    std::string text{transactions.csv_header()};
    history->write(text + "\n");
    for (std::uint64_t i = 0; i < options_.rows; ++i) {
      const auto& t = transactions.next();
      text.clear();
      if (i < outcome_.learned_from)
        transactions.append_csv(t, text);
      else
        transactions.append_json(t, text);
      text += '\n';
      (i < outcome_.learned_from ? history : live)->write(text);
    }
    for (auto* file : {&history, &live})
      if (const auto written = (*file)->finish(); !written)
        return tl::unexpected{written.error()};
    outcome_.generate_seconds = seconds_since(start);
    say("generate", grouped(options_.rows) + " transactions, labelled: " + grouped(outcome_.learned_from)
                        + " as history, " + grouped(outcome_.streamed) + " to stream ("
                        + in_seconds(outcome_.generate_seconds) + ")");
    return {};
  }

  result<void> make_features() {
    return write_text(files_.features_pipeline, features_pipeline_text(files_))
        .and_then([this] { return run_pipeline(files_.features_pipeline, outcome_.learned_from); })
        .map([this] {
          outcome_.features_seconds = outcome_.stream_seconds;
          say("prepare", "the history through features.yaml: cleaned, encoded, rolling averages ("
                             + in_seconds(outcome_.features_seconds) + ")");
        });
  }

  result<void> learn() {
    train_options options;
    options.path = files_.features;
    options.columns = {.target = "is_anomaly", .features = demo_features(), .encode = {}};
    options.settings = {{"n_estimators", "50"}, {"max_depth", "8"}, {"min_samples_leaf", "3"}};
    options.out = files_.model;
    return train(options).map([this](train_report report) {
      std::array<char, 16> r2;
      std::snprintf(r2.data(), r2.size(), "%.3f", report.regression ? report.regression->r2 : 0);
      std::string parts;
      for (const auto& part : report.parts)
        parts += ", " + grouped(part.count) + " " + std::string{part.of};
      say("train", "a forest on " + grouped(report.train_rows) + " of them" + parts + "; R2 " + r2.data() + " on the "
                       + grouped(report.test_rows) + " held back (" + in_seconds(report.seconds) + ")");
      outcome_.training = std::move(report);
    });
  }

  result<void> stream_live() {
    const auto text = topics_ ? demo_pipeline_text(files_, *topics_, options_.brokers) : demo_pipeline_text(files_);
    if (const auto written = write_text(files_.pipeline, text); !written)
      return written;
    if (topics_) {
      say("produce", grouped(outcome_.streamed) + " transactions into the topic " + topics_->in);
      if (auto done = call_weir({"produce", files_.live, "--topic", topics_->in, "--key", "CustomerID", "--create", "4",
                                 "--brokers", options_.brokers},
                                files_.folder + "/produce.log");
          !done)
        return done;
    }
    return run_pipeline(files_.pipeline, outcome_.streamed).map([this] {
      say("stream", std::string{"them through pipeline.yaml, "}
                        + (topics_ ? "from topic to topics" : "from file to files") + " ("
                        + in_seconds(outcome_.stream_seconds) + ")");
    });
  }

  /// Runs until so many records are committed; a file ends by itself.
  result<void> run_pipeline(const std::string& file, std::uint64_t records) {
    const auto loaded = load_pipeline(file);
    if (!loaded)
      return fail("the pipeline cannot be used", file);
    const auto& pipeline = *loaded->pipeline;
    const auto partitions = wait_for_topics(pipeline);
    if (!partitions)
      return tl::unexpected{partitions.error()};
    const auto registry = std::make_shared<core::lane_registry>();
    const auto watch = std::make_shared<core::node_watch>(registry, pipeline.stall_timeout);
    actors::engine_options options;
    options.watch = watch;
    options.partitions = *partitions;
    auto engine = actors::engine::make(loaded->pipeline, loaded->plan, registry, options);
    if (!engine)
      return tl::unexpected{engine.error()};
    std::unique_ptr<io::stats_endpoint> stats;
    if (pipeline.stats.enabled) {
      auto opened = io::stats_endpoint::open({loaded->pipeline, "n1", WEIR_VERSION, watch, {}, steer}, -1);
      if (!opened)
        return tl::unexpected{opened.error()};
      stats = std::move(*opened);
      say("stats", stats->url() + "/api/v1/stats and /metrics, while it streams");
    }
    drive(**engine, *watch, records);
    if (stop_requested)
      return fail("stopped before the end");
    const auto& ledger = outcome_.totals.ledger;
    if (settled(ledger) != records || !ledger.balanced() || !(*engine)->complete())
      return fail("only " + grouped(settled(ledger)) + " of " + grouped(records) + " records are accounted for", file);
    return {};
  }

  static bool steer(core::goal wanted) {
    stop_requested = stop_requested || wanted == core::goal::stopped;
    return wanted == core::goal::stopped;
  }

  void drive(actors::engine& engine, core::node_watch& watch, std::uint64_t records) {
    engine.start();
    watch.begin();
    auto begun = steady::now();
    auto moved = begun;
    std::uint64_t before = 0;
    bool stopping = false;
    while (!engine.ended()) {
      std::this_thread::sleep_for(5ms);
      const auto now = steady::now();
      const auto ledger = core::totals_of(watch.lanes()).ledger;
      if (ledger.received == 0)
        begun = now; // joining a consumer group is not streaming
      if (std::exchange(before, settled(ledger)) != settled(ledger))
        moved = now;
      if (!stopping)
        outcome_.stream_seconds = std::chrono::duration<double>(now - begun).count();
      if (!stopping && (settled(ledger) >= records || stop_requested || now - moved > standstill)) {
        stopping = true;
        engine.stop();
      }
    }
    outcome_.totals = core::totals_of(watch.lanes());
  }

  static std::uint64_t settled(const core::ledger_snapshot& ledger) { return ledger.received - ledger.in_flight; }

  /// @returns the partitions of the source topic
  static result<int> wait_for_topics(const config::pipeline& pipeline) {
    for (const auto start = steady::now(); !stop_requested; std::this_thread::sleep_for(200ms)) {
      auto found = io::prepare(pipeline);
      if (found.what == io::preparation::outcome::ready)
        return found.partitions;
      if (found.what == io::preparation::outcome::wrong || steady::now() - start > 20s)
        return tl::unexpected{std::move(found.problem)};
    }
    return fail("stopped before the end");
  }

  /// Runs a verb of this binary; `log` gets what it prints.
  static result<void> call_weir(std::vector<std::string> arguments, const std::string& log) {
    std::error_code ignored;
    std::filesystem::remove(log, ignored);
    const auto verb = arguments.front();
    arguments.insert(arguments.begin(), "/proc/self/exe");
    auto child = child_process::start(arguments, log);
    if (!child)
      return fail("cannot start weir " + verb);
    for (;; std::this_thread::sleep_for(10ms)) {
      if (const auto end = child->poll()) {
        if (end->exit_code == 0)
          return {};
        std::stringstream said;
        said << std::ifstream{log}.rdbuf();
        return fail("weir " + verb + " failed: " + said.str());
      }
      if (stop_requested)
        child->send(SIGTERM);
    }
  }

  /// What came out. A commit is answered before its markers stand in every partition (KIP-98), so a reader that comes
  /// at once may not see the last records yet.
  result<demo_findings> read_outputs() {
    for (const auto start = steady::now();; std::this_thread::sleep_for(200ms)) {
      if (topics_)
        for (const auto& [topic, file] : {std::pair{topics_->scored, files_.scored}, {topics_->alerts, files_.alerts}})
          if (auto done = call_weir({"consume", topic, "--exit-at-end", "--brokers", options_.brokers}, file); !done)
            return tl::unexpected{done.error()};
      auto found = read_findings(files_.scored, files_.alerts, files_.dead_letters);
      const bool is_late = found && found->records < outcome_.totals.ledger.emitted;
      if (!topics_ || !is_late || stop_requested || steady::now() - start > 10s)
        return found;
    }
  }

  result<void> conclude() {
    auto found = read_outputs();
    if (!found)
      return tl::unexpected{found.error()};
    outcome_.findings = *std::move(found);
    print_findings(outcome_);
    print_files(files_, topics_ ? &*topics_ : nullptr, options_.brokers);
    if (outcome_.findings.records != outcome_.totals.ledger.emitted)
      return fail("the ledger says " + grouped(outcome_.totals.ledger.emitted) + " emitted, the output has "
                  + grouped(outcome_.findings.records));
    return {};
  }

  const demo_options& options_;
  demo_files files_;
  std::optional<demo_topics> topics_;
  demo_outcome outcome_;
};

void declare(arguments verb) {
  const auto options = std::make_shared<demo_options>();
  verb.option("--rows", &options->rows, "Transactions to generate; a fifth is learned from")
      .between(1000, 100'000'000)
      .with_default();
  verb.option("--dir", &options->folder, "Folder for all files; an earlier demo's are replaced")
      .last_holds()
      .with_default();
  verb.option("--kafka", &options->brokers, "Go through topics of its own on these brokers, host:port");
  verb.run([options] {
    catch_stop_signals();
    const auto done = demonstration{*options}.run();
    return done ? exit_code::done : report(done.error(), exit_code::failed);
  });
}

} // namespace

constexpr verb verbs::demo{"demo", "show the whole main job on generated transactions", "weir demo --rows 100000",
                           declare};

} // namespace weir::cli
