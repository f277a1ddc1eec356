#include "cli/node_choice.hpp"

namespace weir::cli {

void add_node_options(arguments& verb, node_choice& into) {
  const auto take_url = [&into](const std::string& text) -> core::result<void> {
    if (!text.starts_with("http://"))
      return core::fail("an address begins with http://, found '" + text + "'");
    into.url = text;
    return {};
  };
  const auto url = verb.option("--url", take_url, "The stats endpoint of any node, as weir run prints it");
  verb.option("--pipeline", &into.pipeline, "This pipeline alone").excludes(url);
  verb.option("--state-dir", &into.state_dir, "Where nodes of this machine leave their addresses").with_default();
}

core::result<std::vector<io::endpoint_file>> choose_nodes(const node_choice& choice) {
  auto found = io::find_endpoints(choice.state_dir, choice.pipeline);
  if (choice.url.empty()) {
    if (found.empty())
      return core::fail("no node of " + (choice.pipeline.empty() ? "any pipeline" : "'" + choice.pipeline + "'")
                            + " has an address in '" + choice.state_dir + "'",
                        {}, "is it running? give --url, or --state-dir");
    return found;
  }
  auto url = choice.url;
  while (url.ends_with('/'))
    url.pop_back();
  for (const auto& known : found)
    if (known.url == url)
      return std::vector{known};
  return std::vector{io::endpoint_file{{}, {}, url, {}}};
}

} // namespace weir::cli
