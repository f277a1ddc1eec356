#include "config/cluster.hpp"

#include "config/yaml_reader.hpp"

#include <set>

namespace weir::config {

namespace {

constexpr std::uint64_t least_memory = 32u << 20;

cluster_node parse_node(yaml_reader& reader, const yaml_node& node) {
  cluster_node out;
  yaml_section section{reader, node, "node"};
  out.at = section.at();
  section.require("name");
  section.text("name", out.name);
  section.integer("listen", out.listen_port, 0, 65535);
  section.integer("stats", out.stats_port, 0, 65535);
  section.integer("threads", out.threads, 0, 1024);
  section.size("memory", out.memory, least_memory);
  return out;
}

cluster parse(yaml_reader& reader, const yaml_node& root) {
  cluster out;
  yaml_section top{reader, root, "cluster"};
  top.require("pipeline");
  top.text("pipeline", out.pipeline);
  std::set<std::string> names;
  if (const auto* nodes = top.require("nodes"))
    for (const auto* item : items_of(*nodes)) {
      out.nodes.push_back(parse_node(reader, *item));
      const auto& node = out.nodes.back();
      if (!node.name.empty() && !names.insert(node.name).second)
        reader.report(node.at, "there is a node '" + node.name + "' already");
    }
  return out;
}

} // namespace

tl::expected<cluster, std::vector<diagnostic>> parse_cluster(const std::filesystem::path& path,
                                                             const environment& variables) {
  const auto text = read_text(path);
  if (!text)
    return tl::unexpected{std::vector{text.error()}};
  yaml_reader reader{path.string()};
  cluster out;
  const yaml_document document{*text, path.string(), variables, reader.diagnostics()};
  if (document.root() != nullptr)
    out = parse(reader, *document.root());
  else if (reader.diagnostics().empty())
    reader.report({}, "the file is empty");
  if (!reader.diagnostics().empty()) {
    sort(reader.diagnostics());
    return tl::unexpected{std::move(reader.diagnostics())};
  }
  out.file = path.string();
  const std::filesystem::path pipeline{out.pipeline};
  if (pipeline.is_relative())
    out.pipeline = (path.parent_path() / pipeline).lexically_normal().string();
  return out;
}

} // namespace weir::config
