#include "config/parse_sections.hpp"

namespace weir::config {

namespace {

constexpr std::array<std::pair<std::string_view, guarantee>, 2> guarantee_words{
    {{"exactly_once", guarantee::exactly_once}, {"at_least_once", guarantee::at_least_once}}};

constexpr std::uint64_t least_memory = 16u << 20;
constexpr std::uint64_t least_state = 1u << 20;

/// Calls `read` with the section `name`, if it is there.
template <class F>
void in_section(yaml_section& top, std::string_view name, F read) {
  if (const auto* node = top.find(name)) {
    yaml_section section{top.reader(), *node, std::string{name}};
    read(section);
  }
}

} // namespace

void parse_settings(yaml_section& top, pipeline& into) {
  in_section(top, "processing", [&](yaml_section& section) {
    auto chosen = guarantee::at_least_once;
    if (section.choice("guarantee", chosen, guarantee_words))
      into.processing = {chosen, section.find("guarantee")->at};
  });
  in_section(top, "commit", [&](yaml_section& section) {
    section.duration("interval", into.commit.interval, milliseconds{1});
    section.duration("timeout", into.commit.timeout, milliseconds{100});
  });
  in_section(top, "batch", [&](yaml_section& section) {
    section.integer("records", into.batch.records, 1, 1'000'000);
    section.size("bytes", into.batch.bytes, 1024);
  });
  in_section(top, "stats", [&](yaml_section& section) {
    section.text("listen", into.stats.listen);
    section.integer("port", into.stats.port, 0, 65535);
    section.flag("enabled", into.stats.enabled);
    section.text("token_file", into.stats.token_file);
  });
  in_section(top, "memory", [&](yaml_section& section) { section.size("limit", into.memory_limit, least_memory); });
  in_section(top, "shutdown",
             [&](yaml_section& section) { section.duration("timeout", into.shutdown_timeout, milliseconds{100}); });
  in_section(top, "rebalance",
             [&](yaml_section& section) { section.duration("timeout", into.rebalance_timeout, milliseconds{100}); });
  in_section(top, "ready",
             [&](yaml_section& section) { section.duration("stall_timeout", into.stall_timeout, milliseconds{100}); });
  in_section(top, "state", [&](yaml_section& section) {
    section.text("dir", into.state_dir);
    section.size("memory_limit", into.state_memory_limit, least_state);
  });
  top.integer("parallelism", into.parallelism, 0, 1024);
}

} // namespace weir::config
