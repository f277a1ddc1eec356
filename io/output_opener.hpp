#pragma once

#include "io/file/output_files.hpp"
#include "io/file/output_parts.hpp"
#include "io/kafka/producers.hpp"

namespace weir::io {

/// What the sinks of a node are opened with, and share.
class output_opener {
public:
  kafka_producers& producers() noexcept { return producers_; }
  output_files& files() noexcept { return files_; }
  output_parts& parts() noexcept { return parts_; }

private:
  kafka_producers producers_;
  output_files files_;
  output_parts parts_;
};

} // namespace weir::io
