#pragma once

#include "io/file/output_files.hpp"
#include "io/kafka/producers.hpp"

namespace weir::io {

/// What the sinks of a node are opened with, and share.
class output_opener {
public:
  kafka_producers& producers() noexcept { return producers_; }
  output_files& files() noexcept { return files_; }

private:
  kafka_producers producers_;
  output_files files_;
};

} // namespace weir::io
