#include "cli/node_choice.hpp"
#include "cli/setting_change.hpp"
#include "cli/verbs.hpp"
#include "core/cluster/control_verb.hpp"
#include "io/http/access_token.hpp"
#include "io/http/http_client.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

struct ctl_options {
  node_choice nodes;
  bool all = false;       ///< each pipeline that has an address there
  std::string token_file; ///< empty: the one that the node made
  setting_change change;  ///< where the verb changes a setting
};

/// An error where the nodes are of several pipelines and nobody said that all of them are meant.
core::result<void> check_choice(const ctl_options& options, const std::vector<io::endpoint_file>& nodes,
                                const std::string& verb) {
  std::set<std::string> pipelines;
  for (const auto& node : nodes)
    pipelines.insert(node.pipeline);
  if (options.all || pipelines.size() < 2)
    return {};
  std::string names;
  for (const auto& name : pipelines)
    names += (names.empty() ? "" : ", ") + name;
  return core::fail("'" + options.nodes.state_dir + "' has addresses of several pipelines: " + names, {},
                    "give --pipeline NAME, or --all to " + verb + " each of them");
}

core::result<std::string> token_of(const io::endpoint_file& node, const std::string& token_file) {
  const auto& path = token_file.empty() ? node.token_file : token_file;
  if (path.empty())
    return core::fail("no token for " + node.url, {}, "give --token-file");
  return io::read_token(path);
}

/// Prints what was done.
core::result<void> tell(const io::endpoint_file& node, const core::control_verb& verb, const ctl_options& options) {
  const auto token = token_of(node, options.token_file);
  if (!token)
    return tl::unexpected{token.error()};
  if (!verb.wants)
    return change_setting(node, *token, options.change);
  const std::string name{verb.name};
  const auto answer = io::http_call("POST", node.url + "/api/v1/control/" + name, "Bearer " + *token);
  if (!answer)
    return tl::unexpected{answer.error()};
  if (answer->status != 202)
    return core::fail(node.url + " refused to " + name + ": " + std::to_string(answer->status) + " " + answer->body);
  std::printf("%s: %s\n", node.pipeline.empty() ? node.url.c_str() : node.pipeline.c_str(), name.c_str());
  return {};
}

/// One node of each pipeline is told, and steers the others; where one does not answer, the next is tried.
exit_code ctl(const ctl_options& options, const core::control_verb& verb) {
  const auto nodes = choose_nodes(options.nodes);
  if (!nodes)
    return report(nodes.error(), exit_code::unavailable);
  if (const auto good = check_choice(options, *nodes, std::string{verb.name}); !good)
    return report(good.error(), exit_code::usage);
  std::map<std::string, std::optional<core::error>> problems; // by pipeline; none: it has been told
  for (const auto& node : *nodes) {
    auto& problem = problems.try_emplace(node.pipeline, core::error{}).first->second;
    if (!problem)
      continue;
    if (auto told = tell(node, verb, options); !told)
      problem = told.error();
    else
      problem.reset();
  }
  auto code = exit_code::done;
  for (const auto& [pipeline, problem] : problems)
    if (problem)
      code = report(*problem, exit_code::unavailable);
  return code;
}

void declare(arguments verb) {
  for (const auto* kind : core::control_verbs()) {
    const auto options = std::make_shared<ctl_options>();
    auto control = verb.verb(kind->name, kind->help);
    add_node_options(control, options->nodes);
    control.flag("--all", options->all, "Each pipeline that has an address in --state-dir");
    control.option("--token-file", &options->token_file, "What the nodes want to see; default: the one they made");
    if (!kind->wants) {
      control.option("setting", &options->change.name, "Which: infer.STEP.model, STEP being the column it makes")
          .required();
      control.option("value", &options->change.value, "An ONNX file, or 'default': what the pipeline file says")
          .required();
    }
    control.run([options, kind] { return ctl(*options, *kind); });
  }
}

} // namespace

constexpr verb verbs::ctl{"ctl", "steer a running pipeline, on all its nodes", "weir ctl pause", declare};

} // namespace weir::cli
