#pragma once

#include "cli/kafka_options.hpp"
#include "cli/schema_guess.hpp"
#include "core/base/result.hpp"
#include "core/format/formats.hpp"

#include <cstdint>
#include <string>

namespace weir::cli {

/// Where records are looked at, to guess their schema.
struct schema_options {
  std::string from; ///< a file, `-`: standard input, or a topic
  kafka_options kafka;
  const core::format_kind* format = nullptr; ///< null: as the file's name says, else JSON
  std::uint64_t records = 10'000;            ///< the first so many; of a topic, of all partitions together
};

void add_schema_options(arguments& verb, schema_options& options);

/// A guess, and what the `source` section of a pipeline would say.
struct guessed_source {
  schema_guess schema;
  bool is_topic = false;
  const core::format_kind* format = nullptr;
};

/// Looks at the first records. What is no file is a topic; a name that can be none is an error.
core::result<guessed_source> guess_schema(const schema_options& options);

/// The `schema:` section of a pipeline file, with a comment behind what is doubtful.
std::string schema_text(const schema_guess& of);

} // namespace weir::cli
