#include "cli/setting_change.hpp"

#include "cli/json_member.hpp"
#include "io/http/http_client.hpp"
#include "io/json_document.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;

struct lane_models {
  std::int64_t partition = 0;
  std::uint64_t choice = 0;
  std::int64_t from = -1; ///< -1: since the lane began
};

/// What a node says of the models of its pipeline.
struct models_answer {
  std::string wish;
  bool is_decided = false;
  std::string problem;
  std::uint64_t choice = 0;
  std::string version; ///< of the setting that was asked for
  std::vector<lane_models> lanes;
};

std::optional<models_answer> read_answer(const std::string& body, const std::string& setting) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array models, lanes;
  models_answer made;
  if (parser.parse(body).get(root) != simdjson::SUCCESS || root["choice"].get(made.choice) != simdjson::SUCCESS
      || root["is_decided"].get(made.is_decided) != simdjson::SUCCESS || root["models"].get(models) != simdjson::SUCCESS
      || root["lanes"].get(lanes) != simdjson::SUCCESS)
    return std::nullopt;
  made.wish = text_of(root, "wish");
  made.problem = text_of(root, "problem");
  for (const auto model : models)
    if (text_of(model, "setting") == setting)
      made.version = text_of(model, "version");
  for (const auto one : lanes) {
    auto& lane = made.lanes.emplace_back();
    if (one["partition"].get(lane.partition) != simdjson::SUCCESS
        || one["choice"].get(lane.choice) != simdjson::SUCCESS)
      return std::nullopt;
    if (one["from"].get(lane.from) != simdjson::SUCCESS)
      lane.from = -1;
  }
  std::ranges::sort(made.lanes, {}, &lane_models::partition);
  return made;
}

std::string error_of(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS)
    return body;
  return text_of(root, "error");
}

/// The number of the wish.
core::result<std::string> ask(const io::endpoint_file& node, const std::string& token, const setting_change& wanted) {
  std::error_code ignored;
  const auto is_here = std::filesystem::is_regular_file(wanted.value, ignored);
  io::json_document body;
  body.begin_object().member("name", wanted.name);
  body.member("value",
              is_here ? std::filesystem::absolute(wanted.value, ignored).lexically_normal().string() : wanted.value);
  body.end_object();
  const auto answer =
      io::http_call("POST", node.url + "/api/v1/control/set", "Bearer " + token, wanted.patience, body.text());
  if (!answer)
    return tl::unexpected{answer.error()};
  if (answer->status != 202)
    return core::fail(error_of(answer->body) + "; nothing has changed");
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(answer->body).get(root) != simdjson::SUCCESS)
    return core::fail(node.url + " does not answer as a node of Weir does");
  return text_of(root, "wish");
}

void print(const models_answer& now, const setting_change& wanted) {
  std::printf("%s: %s\n", wanted.name.c_str(), now.version.c_str());
  for (const auto& lane : now.lanes)
    if (lane.from >= 0)
      std::printf("  partition %lld: from offset %lld on\n", static_cast<long long>(lane.partition),
                  static_cast<long long>(lane.from));
}

} // namespace

core::result<void> change_setting(const io::endpoint_file& node, const std::string& token,
                                  const setting_change& wanted) {
  const auto wish = ask(node, token, wanted);
  if (!wish)
    return tl::unexpected{wish.error()};
  const auto until = std::chrono::steady_clock::now() + wanted.patience;
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(50ms);
    const auto answer = io::http_call("GET", node.url + "/api/v1/models", {}, wanted.patience);
    if (!answer)
      return tl::unexpected{answer.error()};
    const auto now = read_answer(answer->body, wanted.name);
    if (!now)
      return core::fail(node.url + " does not answer as a node of Weir does");
    if (now->wish != *wish || !now->is_decided)
      continue;
    if (!now->problem.empty())
      return core::fail(now->problem + "; nothing has changed");
    if (std::ranges::all_of(now->lanes, [&](const auto& lane) { return lane.choice == now->choice; })) {
      print(*now, wanted);
      return {};
    }
  }
  return core::fail("not all lanes have changed in time", {},
                    "'weir status' shows the nodes; /api/v1/models the lanes");
}

} // namespace weir::cli
