#include "io/http/stats_endpoint.hpp"

#include "io/http/access_token.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weir::io {

namespace fs = std::filesystem;

std::vector<endpoint_file> find_endpoints(const std::string& state_dir, const std::string& pipeline) {
  std::vector<endpoint_file> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{state_dir, failed}) {
    if (entry.path().extension() != ".endpoint")
      continue;
    endpoint_file found;
    found.path = entry.path().string();
    std::ifstream file{entry.path()};
    if (std::getline(file, found.url) && std::getline(file, found.token_file) && std::getline(file, found.pipeline)
        && (pipeline.empty() || found.pipeline == pipeline))
      out.push_back(std::move(found));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return out;
}

core::result<std::unique_ptr<stats_endpoint>> stats_endpoint::open(stats_service_parts parts, int port) {
  const auto settings = parts.pipeline->stats;
  const auto name = parts.pipeline->name;
  const auto base = (fs::path{parts.pipeline->state_dir} / (name + "-" + parts.node)).string();
  const bool is_given = !settings.token_file.empty();
  const auto token_file = is_given ? settings.token_file : base + ".token";
  const auto token = is_given ? read_token(token_file) : new_token();
  if (!token)
    return tl::unexpected{token.error()};
  parts.token = *token;

  http_server_options options;
  options.address = settings.listen;
  options.port = port < 0 ? settings.port : port;
  auto server = http_server::start(options, [service = stats_service{std::move(parts)}](const http_request& request) {
    return service.answer(request, std::chrono::steady_clock::now());
  });
  if (!server)
    return core::fail(server.error().what, {}, "choose another port with --stats-port; 0 takes any free one");
  // Only now: a process that has the port keeps its token.
  if (!is_given)
    if (auto written = write_token(token_file, *token); !written)
      return tl::unexpected{written.error()};
  const auto file = base + ".endpoint";
  std::error_code ignored;
  fs::create_directories(fs::path{file}.parent_path(), ignored);
  std::ofstream{file} << (*server)->url() << "\n" << fs::absolute(token_file).string() << "\n" << name << "\n";
  return std::unique_ptr<stats_endpoint>{new stats_endpoint{std::move(*server), file}};
}

stats_endpoint::~stats_endpoint() {
  std::error_code ignored;
  fs::remove(file_, ignored);
}

} // namespace weir::io
