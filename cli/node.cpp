#include "cli/pipeline_file.hpp"
#include "cli/run.hpp"
#include "cli/verbs.hpp"
#include "config/cluster.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

exit_code run_node(const std::string& file, const std::string& name) {
  const auto cluster = config::parse_cluster(file);
  if (!cluster)
    return report(cluster.error());
  const auto found = std::find_if(cluster->nodes.begin(), cluster->nodes.end(),
                                  [&](const config::cluster_node& node) { return node.name == name; });
  if (found == cluster->nodes.end())
    return report({"there is no node '" + name + "'", file, {}}, exit_code::bad_configuration);
  return run({cluster->pipeline, found->name, found->threads, found->memory, found->stats_port, found->listen_port});
}

void declare(arguments verb) {
  const auto file = std::make_shared<std::string>();
  const auto name = std::make_shared<std::string>();
  verb.option("--cluster", file.get(), "Cluster file").required();
  verb.option("--name", name.get(), "Which of its nodes").required();
  verb.run([file, name] { return run_node(*file, *name); });
}

} // namespace

constexpr verb verbs::node{"node", "run one node of a cluster file (what `weir up` starts)",
                           "weir node --cluster cluster.yaml --name n1", declare};

} // namespace weir::cli
