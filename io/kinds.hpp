#pragma once

#include "config/catalogue.hpp"

// All kinds of source and sink, and with them all kinds that a pipeline file may hold. A kind is one file, one line
// here and one in the table of kinds.cpp.

namespace weir::io {

extern const config::source_kind kafka_source_kind;
extern const config::source_kind file_source_kind;

extern const config::sink_kind kafka_sink_kind;
extern const config::sink_kind file_sink_kind;
extern const config::sink_kind console_sink_kind;
extern const config::sink_kind null_sink_kind;

/// What a pipeline file is read with.
const config::catalogue& catalogue();

} // namespace weir::io
