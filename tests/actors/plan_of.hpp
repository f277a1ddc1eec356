#pragma once

#include "config/compile.hpp"
#include "config/parse.hpp"
#include "io/kinds.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace weir::actors::test {

/// The plan of a pipeline with a column `x`, and what `more` says beyond that. Knows no environment.
inline std::shared_ptr<const config::lane_plan> plan_of(const std::string& more) {
  const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                    [](const std::string&) { return std::nullopt; }};
  const auto parsed = config::parse_pipeline("name: p\n"
                                             "source: { file: in }\n"
                                             "sink: console\n"
                                             "schema: { x: double }\n"
                                                 + more,
                                             "p.yaml", io::catalogue(), nothing);
  if (!parsed)
    throw std::runtime_error{parsed.error().front().text()};
  auto plan = config::compile(*parsed);
  if (!plan)
    throw std::runtime_error{plan.error().front().text()};
  return std::make_shared<const config::lane_plan>(*std::move(plan));
}

} // namespace weir::actors::test
