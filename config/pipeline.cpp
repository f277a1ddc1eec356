#include "config/pipeline.hpp"

namespace weir::config {

const std::string& source_name(const pipeline& of) {
  if (const auto* kafka = std::get_if<kafka_source>(&of.source.from))
    return kafka->topic;
  return std::get<file_source>(of.source.from).path;
}

} // namespace weir::config
