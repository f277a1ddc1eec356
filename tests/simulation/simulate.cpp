// Runs the simulation of the commit (commit_simulation.hpp) over many seeds; tools/simulate says how.

#include "commit_simulation.hpp"

#include "cli/command_line.hpp"

#include <cstdio>
#include <map>

using namespace weir::core;

namespace {

const std::map<std::string, promise> promises{{"exactly_once", promise::exactly_once},
                                              {"at_least_once", promise::at_least_once}};

const std::map<std::string, planted> bugs{{"nothing", planted::nothing},
                                          {"refusal_unheard", planted::refusal_unheard},
                                          {"stale_take_up", planted::stale_take_up},
                                          {"state_is_removed", planted::state_is_removed},
                                          {"state_outside", planted::state_outside},
                                          {"commit_before_flush", planted::commit_before_flush}};

/// Prints the failing seed's trace, as short as it can be made.
void explain(const simulation_options& failing, const char* guarantee) {
  const auto report = shortest_trace(failing);
  for (const auto& line : report.trace)
    std::printf("  %s\n", line.c_str());
  std::printf("%s, seed %llu: %s\n", guarantee, static_cast<unsigned long long>(failing.seed), report.problem.c_str());
}

} // namespace

int main(int argc, char** argv) {
  std::uint64_t count = 10'000;
  std::uint64_t first = 0;
  auto bug = planted::nothing;
  const auto plant = [&bug](const std::string& name) -> result<void> {
    const auto known = bugs.find(name);
    if (known == bugs.end())
      return fail("there is no such mistake");
    bug = known->second;
    return {};
  };
  weir::cli::command_line line{"Simulates commits, seed after seed"};
  line.all().option("--seeds", &count, "How many, with each guarantee").with_default();
  line.all().option("--from", &first, "The first of them").with_default();
  line.all().option("--plant", plant, "A mistake to be found");
  if (const auto end = line.parse(argc, argv))
    return *end;
  for (const auto& [name, kept] : promises) {
    simulation_counts seen;
    for (auto seed = first; seed < first + count; ++seed) {
      const simulation_options options{.kept = kept, .seed = seed, .bug = bug};
      const auto report = simulate_commits(options);
      if (!report.problem.empty()) {
        explain(options, name.c_str());
        return 1;
      }
      seen.commits += report.counts.commits;
      seen.aborts += report.counts.aborts;
      seen.crashes += report.counts.crashes;
      seen.rebalances += report.counts.rebalances;
    }
    std::printf(
        "%s: %llu seeds, %llu commits, %llu aborts, %llu crashes, %llu rebalances: nothing lost, nothing wrong\n",
        name.c_str(), static_cast<unsigned long long>(count), static_cast<unsigned long long>(seen.commits),
        static_cast<unsigned long long>(seen.aborts), static_cast<unsigned long long>(seen.crashes),
        static_cast<unsigned long long>(seen.rebalances));
  }
  return 0;
}
