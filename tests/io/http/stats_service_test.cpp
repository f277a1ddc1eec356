#include "core/cluster/control_verb.hpp"
#include "io/http/access_token.hpp"
#include "io/http/http_client.hpp"
#include "io/http/stats_endpoint.hpp"
#include "io/http/stats_service.hpp"

#include "config/read_endpoint.hpp"
#include "io/kinds.hpp"
#include "steps/kinds.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A step of `preprocess`, where SECRET is swordfish.
config::step_ptr step_of(const std::string& yaml) {
  const config::environment variables{[](const std::string&) { return std::optional<std::string>{"swordfish"}; },
                                      [](const std::string&) { return std::nullopt; }};
  config::yaml_reader reader{"p.yaml"};
  const config::yaml_document document{yaml, "p.yaml", variables, reader.diagnostics()};
  return config::read_step(reader, *document.root(), steps::transforms());
}

std::shared_ptr<config::source> source_of(const std::string& yaml) {
  config::yaml_reader reader{"p.yaml"};
  const config::yaml_document document{yaml, "p.yaml", {}, reader.diagnostics()};
  config::yaml_section section{reader, *document.root(), "source"};
  return config::read_endpoint(section, catalogue().sources);
}

class stats_service_test : public ::testing::Test {
protected:
  stats_service_test() {
    const auto lane = registry->start(core::partition_id{7});
    lane.ledger->receive(10);
    lane.ledger->settle({.received = 10, .emitted = 6, .filtered = 3, .dead_lettered = 1});
    core::lane_stats::set(lane.stats->committed, 10);
    lane.stats->latency.observe(3, 9);
    lane.stats->on_barrier({12, 3, 0, 0, 3456});
    registry->know_lanes(true);
    pipeline->name = "sea \"north\"";
    pipeline->stall_timeout = 1000ms;
    pipeline->source.from = source_of("{ kafka: { brokers: b, topic: in, properties: { sasl.password: swordfish } } }");
    pipeline->steps.push_back(step_of("{ filter: \"Key == '${SECRET}'\" }"));
  }

  http_response ask(const std::string& method, const std::string& path, const std::string& authorization = {}) {
    return service.answer({method, path, {}, authorization, {}, {}}, now);
  }

  /// As a node whose one setting takes one value.
  std::optional<core::result<core::model_wish>> change(const config::wanted_setting& wanted) {
    if (!is_there)
      return std::nullopt;
    if (wanted.name != "infer.risk.model" || wanted.value != "b.onnx")
      return core::fail("it does not fit");
    core::model_wish wish;
    wish.id = 0xab;
    return wish;
  }

  std::shared_ptr<config::pipeline> pipeline = std::make_shared<config::pipeline>();
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  std::shared_ptr<core::node_watch> watch = std::make_shared<core::node_watch>(registry, 1000ms);
  std::shared_ptr<core::cluster_board> board = std::make_shared<core::cluster_board>();
  core::node_watch::time now{};
  std::optional<core::goal> told;
  bool is_there = true;
  stats_service service{{pipeline, "n1", "1.2.3", watch, "0123456789abcdef",
                         [this](core::goal wanted) {
                           told = wanted;
                           return is_there;
                         },
                         [this](const config::wanted_setting& wanted) { return change(wanted); }, board}};
};

TEST_F(stats_service_test, lives_before_it_is_ready) {
  EXPECT_EQ(ask("GET", "/healthz").status, 200);
  const auto state = ask("GET", "/readyz");
  EXPECT_EQ(state.status, 503);
  EXPECT_EQ(state.body, "{\"ready\":false,\"phase\":\"starting\",\"reason\":\"the node is starting\"}\n");
  watch->begin();
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
}

TEST_F(stats_service_test, tells_nothing_to_a_page_whose_site_was_resolved_to_loopback) {
  const auto asked_of = [&](const std::string& host) {
    return service.answer({"GET", "/api/v1/stats", {}, {}, {}, host}, now).status;
  };
  for (const auto* host : {"", "localhost", "LocalHost:9187", "127.0.0.1", "127.0.0.1:80", "[::1]:80", "10.0.0.7"})
    EXPECT_EQ(asked_of(host), 200) << host;
  for (const auto* host : {"attacker.example", "attacker.example:80", "localhost.attacker.example", "127.0.0.1.nip.io"})
    EXPECT_EQ(asked_of(host), 421) << host;
  pipeline->stats.listen = "0.0.0.0"; // whoever opens it to others knows their names for it
  EXPECT_EQ(asked_of("weir.example"), 200);
}

TEST_F(stats_service_test, is_not_ready_when_a_lane_stalls) {
  watch->begin();
  registry->lanes().front().ledger->receive(1);
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
  now += 1000ms;
  const auto state = ask("GET", "/readyz");
  EXPECT_EQ(state.status, 503);
  EXPECT_NE(state.body.find("no progress in partition 7"), std::string::npos) << state.body;
  EXPECT_NE(ask("GET", "/metrics").body.find("weir_stalled_lanes{pipeline=\"sea \\\"north\\\"\",node=\"n1\"} 1\n"),
            std::string::npos);
}

TEST_F(stats_service_test, exports_what_prometheus_reads) {
  const auto page = ask("GET", "/metrics");
  EXPECT_EQ(page.type, "text/plain; version=0.0.4; charset=utf-8");
  const std::string labels = R"({pipeline="sea \"north\"",node="n1",partition="7"})";
  for (const auto& line : {"# TYPE weir_records_received_total counter\n", "# TYPE weir_latency_seconds histogram\n",
                           "# TYPE process_resident_memory_bytes gauge\n"})
    EXPECT_NE(page.body.find(line), std::string::npos) << line;
  for (const auto& line :
       {"weir_records_received_total" + labels + " 10\n", "weir_records_emitted_total" + labels + " 6\n",
        "weir_records_filtered_total" + labels + " 3\n", "weir_records_dead_lettered_total" + labels + " 1\n",
        "weir_committed_offset" + labels + " 10\n", "weir_ledger_imbalance_records" + labels + " 0\n",
        "weir_state_bytes" + labels + " 3456\n", "weir_latency_seconds_count" + labels + " 9\n",
        "weir_latency_seconds_sum" + labels + " 0.027\n"})
    EXPECT_NE(page.body.find(line), std::string::npos) << line;
  EXPECT_NE(page.body.find("partition=\"7\",le=\"0.002\"} 0\n"), std::string::npos);
  EXPECT_NE(page.body.find("partition=\"7\",le=\"0.005\"} 9\n"), std::string::npos);
  EXPECT_NE(page.body.find("partition=\"7\",le=\"+Inf\"} 9\n"), std::string::npos);
  // What is not known yet is left out.
  EXPECT_EQ(page.body.find("weir_last_offset{"), std::string::npos);
}

TEST_F(stats_service_test, shows_totals_and_lanes) {
  const auto stats = ask("GET", "/api/v1/stats").body;
  EXPECT_NE(stats.find(R"("received":10,"emitted":6,"filtered":3,"dead_lettered":1,"in_flight":0)"), std::string::npos);
  EXPECT_NE(stats.find(R"("pipeline":"sea \"north\"")"), std::string::npos);
  const auto lanes = ask("GET", "/api/v1/lanes").body;
  EXPECT_NE(lanes.find(R"("partition":7,"active":true)"), std::string::npos);
  EXPECT_NE(lanes.find(R"("last_offset":null,"committed":10)"), std::string::npos);
  EXPECT_NE(lanes.find(R"("keys":12,"evictions":3,"lost":0,"late":0,"ahead":0,"state_bytes":3456)"), std::string::npos)
      << lanes;
}

TEST_F(stats_service_test, names_the_models_that_are_in_use_and_where_each_lane_changed_to_them) {
  auto plan = std::make_shared<config::lane_plan>();
  auto& slot = plan->slots.emplace_back();
  slot.file = WEIR_SOURCE_DIR "/tests/data/models/regressor.onnx";
  slot.makes.as = {"risk"};
  for (const auto* name : {"a", "b", "c", "d"})
    slot.inputs.push_back(slot.columns.add({.name = name}));
  const auto scorer = slot.fit(*models::model::load(slot.file));
  ASSERT_TRUE(scorer) << scorer.error().text();
  const core::model_choice choice{4, {{"risk", core::model_role::champion, "/models/b.onnx", {}, {}, true, 0}}};
  auto models = std::make_shared<config::model_board>(std::make_shared<const config::model_set>(
      plan->slots, std::vector{models::contest::options{.champion = *scorer}}, choice));
  core::cluster_view view;
  view.models = {choice, std::nullopt, 0xab, "node 'n2': no such file"};
  view.nodes.resize(1);
  view.nodes[0].report.node = "n2";
  core::lane_values figures;
  figures["model_choice"] = 4;
  figures["model_choice_from"] = 1234;
  auto& contests = view.nodes[0].report.contests;
  contests.resize(2);
  contests[0].step = "price";
  contests[0].figures.champion = {9, 0, 0, 4, 0, 6, 16};
  contests[1].step = "kind";
  contests[1].figures.champion = {9, 0, 0, 4, 3, 0, 0};
  view.nodes[0].report.lanes.push_back({core::partition_id{1}, true, false, figures});
  board->show(std::make_shared<const core::cluster_view>(view));
  const stats_service with_model{{pipeline, "n1", "1", watch, {}, {}, {}, board, plan, models}};
  const auto page = [&](const std::string& path) { return with_model.answer({"GET", path, {}, {}, {}, {}}, now).body; };
  EXPECT_NE(page("/api/v1/stats").find(R"("models":[{"column":"risk","version":"regressor@ced50237"}])"),
            std::string::npos);
  EXPECT_EQ(page("/api/v1/models"),
            "{\"pipeline\":\"sea \\\"north\\\"\",\"choice\":4,\"models\":[{\"setting\":\"infer.risk.model\","
            "\"version\":\"regressor@ced50237\",\"file\":\"/models/b.onnx\",\"chosen_by\":\"operator\"}],"
            "\"learning\":[{\"step\":\"kind\",\"rows\":9,\"truths\":4,\"accuracy\":0.75},"
            "{\"step\":\"price\",\"rows\":9,\"truths\":4,\"rmse\":2.0,\"mae\":1.5}],"
            "\"wish\":\"00000000000000ab\",\"is_decided\":true,\"problem\":\"node 'n2': no such file\",\"lanes\":["
            "{\"partition\":1,\"node\":\"n2\",\"choice\":4,\"from\":1234},"
            "{\"partition\":7,\"node\":\"n1\",\"choice\":0,\"from\":null}]}\n");
  EXPECT_NE(ask("GET", "/api/v1/stats").body.find(R"("models":[])"), std::string::npos);
}

TEST_F(stats_service_test, changes_a_setting_for_a_bearer_of_the_token_and_says_why_it_does_not) {
  const auto post = [&](const std::string& body) {
    return service.answer({"POST", "/api/v1/control/set", {}, "Bearer 0123456789abcdef", body, {}}, now);
  };
  const auto done = post(R"({"name":"infer.risk.model","value":"b.onnx"})");
  EXPECT_EQ(done.status, 202);
  EXPECT_EQ(done.body, "{\"accepted\":\"infer.risk.model\",\"wish\":\"00000000000000ab\"}\n");
  const auto refused = post(R"({"name":"infer.risk.model","value":"c.onnx"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body, "{\"error\":\"it does not fit\"}\n");
  for (const auto* body : {"", "{", "[]", "{\"name\":1,\"value\":\"b\"}", "{\"name\":\"infer.risk.model\"}"})
    EXPECT_EQ(post(body).status, 400) << body;
  is_there = false;
  EXPECT_EQ(post(R"({"name":"infer.risk.model","value":"b.onnx"})").status, 503);
  EXPECT_EQ(service.answer({"POST", "/api/v1/control/set", {}, {}, {}, {}}, now).status, 401);
}

TEST_F(stats_service_test, shows_the_last_verdict_on_the_drift_of_the_stream) {
  EXPECT_NE(ask("GET", "/api/v1/stats").body.find(R"("drift":null)"), std::string::npos);
  core::cluster_view view;
  view.term = 3;
  view.supervisor = "n1";
  view.drift.window = 4;
  view.drift.records = 1234;
  view.drift.baseline_records = 5000;
  view.drift.at_ms = 17;
  view.drift.drift_share = 0.5;
  view.drift.columns.resize(2);
  auto& column = view.drift.columns[0];
  column.name = "Amount";
  column.as = "amount_drifts";
  column.is_drift = true;
  column.adjusted_p_value = 0.0005;
  column.verdict.p_value = 0.00025;
  column.verdict.drift_percent = 12.5;
  column.verdict.chance_percent = 2.5;
  column.verdict.add(core::drift_method::welch, INFINITY, 0.00025, 0.5, 0.005);
  view.drift.columns[1].name = view.drift.columns[1].as = "b";
  board->show(std::make_shared<const core::cluster_view>(view));
  const std::string expected =
      R"("drift":{"window":4,"records":1234,"baseline_records":5000,"at_ms":17,"drifting":1,"drift_percent":50.0,)"
      R"("columns":[{"column":"Amount","as":"amount_drifts","drifts":true,"drift_percent":12.5,"chance_percent":2.5,)"
      R"("p_value":0.00025,"adjusted_p_value":0.0005,"methods":[{"method":"welch","statistic":null,"p_value":0.00025,)"
      R"("effect":0.5,"drifts":true}]},{"column":"b")";
  for (const auto* page : {"/api/v1/stats", "/api/v1/cluster"})
    EXPECT_NE(ask("GET", page).body.find(expected), std::string::npos) << ask("GET", page).body;
  const auto metrics = ask("GET", "/metrics").body;
  for (const auto* sample :
       {R"(weir_drift{pipeline="sea \"north\"",node="n1",drift="amount_drifts",column="Amount"} 1)",
        R"(weir_drift_percent{pipeline="sea \"north\"",node="n1",drift="amount_drifts",column="Amount"} 12.5)",
        R"(weir_drift_p_value{pipeline="sea \"north\"",node="n1",drift="amount_drifts",column="Amount"} 0.00025)",
        R"(weir_drift_columns{pipeline="sea \"north\"",node="n1"} 1)",
        R"(weir_drift_window_records{pipeline="sea \"north\"",node="n1"} 1234)",
        R"(weir_drift_timestamp_seconds{pipeline="sea \"north\"",node="n1"} 0.017)"})
    EXPECT_NE(metrics.find(sample), std::string::npos) << sample << '\n' << metrics;
}

TEST_F(stats_service_test, shows_all_nodes_and_the_cluster_wide_aggregates) {
  EXPECT_NE(ask("GET", "/api/v1/cluster").body.find(R"("supervisor":null)"), std::string::npos) << "none is known";

  core::cluster_view view;
  view.term = 3;
  view.supervisor = "n2";
  view.values = {{"mean_5m", 2.5}};
  view.nodes.resize(2);
  view.nodes[0].report.node = "n1";
  view.nodes[0].age_ms = 200;
  view.nodes[1].report.node = "n2";
  core::lane_values figures;
  figures["received"] = figures["emitted"] = 5;
  figures["lag"] = 7;
  view.nodes[1].report.lanes.push_back({core::partition_id{1}, true, false, figures});
  board->show(std::make_shared<const core::cluster_view>(view));
  const auto cluster = ask("GET", "/api/v1/cluster").body;
  EXPECT_NE(cluster.find(R"("node":"n1","supervisor":"n2","term":3)"), std::string::npos) << cluster;
  EXPECT_NE(cluster.find(R"("aggregates":{"mean_5m":2.5})"), std::string::npos);
  EXPECT_NE(cluster.find(R"("partition":1,"active":true,"stalled":false,"received":5)"), std::string::npos);
  // Of itself a node knows more than it has heard.
  EXPECT_NE(cluster.find(R"("partition":7,"active":true,"stalled":false,"received":10)"), std::string::npos);
  EXPECT_NE(cluster.find(R"("age_ms":0)"), std::string::npos);
  EXPECT_NE(ask("GET", "/api/v1/stats").body.find(R"("aggregates":{"mean_5m":2.5})"), std::string::npos);

  EXPECT_NE(ask("GET", "/metrics").body.find("weir_supervisor{pipeline=\"sea \\\"north\\\"\",node=\"n1\"} 0\n"),
            std::string::npos);
  EXPECT_EQ(ask("GET", "/metrics").body.find("weir_aggregate"), std::string::npos)
      << "the supervisor's node exports them";
  view.supervisor = "n1";
  board->show(std::make_shared<const core::cluster_view>(view));
  EXPECT_NE(ask("GET", "/metrics").body.find("aggregate=\"mean_5m\"} 2.5\n"), std::string::npos);
}

TEST_F(stats_service_test, never_shows_a_secret) {
  const auto page = ask("GET", "/api/v1/config").body;
  EXPECT_NE(page.find(R"("sasl.password":"***")"), std::string::npos) << page;
  EXPECT_NE(page.find(R"("filter":"***")"), std::string::npos);
  EXPECT_EQ(page.find("swordfish"), std::string::npos);
}

TEST_F(stats_service_test, answers_what_it_does_not_know) {
  EXPECT_EQ(ask("GET", "/nowhere").status, 404);
  EXPECT_EQ(ask("POST", "/metrics").status, 405);
  EXPECT_EQ(ask("POST", "/metrics").allow, "GET");
  EXPECT_EQ(ask("HEAD", "/metrics").status, 200);
}

TEST_F(stats_service_test, does_what_a_bearer_of_the_token_says) {
  const std::string path = "/api/v1/control/pause";
  EXPECT_EQ(ask("GET", path).status, 405);
  EXPECT_EQ(ask("POST", path).status, 401);
  EXPECT_EQ(ask("POST", path).challenge, "Bearer");
  EXPECT_EQ(ask("POST", path, "Basic 0123456789abcdef").status, 401);
  EXPECT_EQ(ask("POST", path, "Bearer 0123456789abcdeF").status, 403);
  EXPECT_EQ(ask("POST", path, "Bearer 0123456789abcde").status, 403);
  EXPECT_EQ(ask("POST", "/api/v1/control/explode", "Bearer 0123456789abcdef").status, 404);
  EXPECT_FALSE(told);
  EXPECT_EQ(ask("POST", path, "bearer 0123456789abcdef").status, 202);
  EXPECT_EQ(told, core::goal::paused);
  is_there = false;
  EXPECT_EQ(ask("POST", "/api/v1/control/stop", "Bearer 0123456789abcdef").status, 503);
}

TEST_F(stats_service_test, lists_the_control_verbs_and_names_them_to_who_asks_for_another) {
  const auto list = ask("GET", "/api/v1/control").body;
  const auto refusal = ask("POST", "/api/v1/control/explode").body;
  for (const auto* verb : core::control_verbs()) {
    EXPECT_NE(list.find("{\"name\":\"" + std::string{verb->name} + "\",\"help\":\"" + std::string{verb->help} + "\"}"),
              std::string::npos);
    EXPECT_NE(refusal.find(verb->name), std::string::npos);
    ask("POST", "/api/v1/control/" + std::string{verb->name}, "Bearer 0123456789abcdef");
    if (verb->wants) {
      EXPECT_EQ(told, verb->wants);
    }
  }
}

TEST_F(stats_service_test, leaves_its_address_and_its_token_for_the_owner_alone) {
  const auto folder = fs::temp_directory_path() / ("weir-endpoint-" + std::to_string(::getpid()));
  pipeline->state_dir = (folder / "state").string();
  pipeline->name = "tide";
  pipeline->stats.port = 0;
  {
    auto opened = stats_endpoint::open({pipeline, "n1", "1", watch, {}, [](core::goal) { return true; }}, -1);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto found = find_endpoints(pipeline->state_dir, "tide");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].url, (*opened)->url());
    struct stat file {};
    ASSERT_EQ(::stat(found[0].token_file.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600u);
    const auto token = read_token(found[0].token_file);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->size(), 64u);
    const auto answer = http_call("POST", found[0].url + "/api/v1/control/pause", "Bearer " + *token);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 202);
    EXPECT_TRUE(find_endpoints(pipeline->state_dir, "other").empty());
  }
  EXPECT_TRUE(find_endpoints(pipeline->state_dir, {}).empty());
  fs::remove_all(folder);
}

TEST_F(stats_service_test, refuses_a_token_file_that_says_nothing) {
  const auto path = (fs::temp_directory_path() / ("weir-token-" + std::to_string(::getpid()))).string();
  EXPECT_FALSE(read_token(path));
  std::ofstream{path} << "short\n";
  EXPECT_FALSE(read_token(path));
  std::ofstream{path} << "  0123456789abcdef \n";
  EXPECT_EQ(read_token(path).value_or(""), "0123456789abcdef");
  fs::remove(path);
}

} // namespace
} // namespace weir::io
