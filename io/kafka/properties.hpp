#pragma once

#include "config/yaml_reader.hpp"
#include "core/base/result.hpp"
#include "io/kafka/handles.hpp"

#include <string>

namespace weir::io {

/// Sets a property of librdkafka. An error names it and says what it may be, never its value: that may be a secret.
core::result<void> set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value);

/// Reports the `properties` of a source or a sink that librdkafka does not know or take, and those that the commit
/// protocol depends on.
void check_properties(config::yaml_section& from);

} // namespace weir::io
