#include "cli/pipeline_file.hpp"
#include "cli/run.hpp"
#include "cli/verbs.hpp"
#include "config/cluster.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

void add_options(CLI::App& verb, exit_code& code) {
  auto file = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  verb.add_option("--cluster", *file, "Cluster file")->required();
  verb.add_option("--name", *name, "Which of its nodes")->required();
  verb.callback([file, name, &code] {
    const auto cluster = config::parse_cluster(*file);
    if (!cluster) {
      code = report(cluster.error());
      return;
    }
    const auto found = std::find_if(cluster->nodes.begin(), cluster->nodes.end(),
                                    [&](const config::cluster_node& node) { return node.name == *name; });
    code = found != cluster->nodes.end()
               ? run({cluster->pipeline, found->name, found->threads, found->memory, found->stats_port,
                      found->listen_port})
               : report({"there is no node '" + *name + "'", *file, {}}, exit_code::bad_configuration);
  });
}

} // namespace

constexpr verb verbs::node{"node", "run one node of a cluster file (what `weir up` starts)",
                           "weir node --cluster cluster.yaml --name n1", add_options};

} // namespace weir::cli
