#include "cli/schema_reader.hpp"

#include "cli/file_or_topic.hpp"
#include "cli/format_option.hpp"
#include "cli/stop_signal.hpp"
#include "config/yaml_text.hpp"
#include "core/format/format.hpp"
#include "io/file/record_file.hpp"
#include "io/kafka/topic_reader.hpp"

#include <array>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;

bool keep_going() {
  return !stop_requested;
}

core::result<guessed_source> look_at_file(const schema_options& options) {
  const auto* format =
      options.format != nullptr ? options.format : core::format_of_file(options.from, &core::json_format);
  auto file = io::record_file::open(options.from, *format, {});
  if (!file)
    return tl::unexpected{file.error()};
  guessed_source made{schema_guess{(*file)->header()}, false, format};
  for (std::uint64_t i = 0; i < options.records; ++i) {
    const auto record = (*file)->next(keep_going);
    if (!record)
      break;
    made.schema.take(record->text);
  }
  if ((*file)->failure())
    return tl::unexpected{*(*file)->failure()};
  return made;
}

core::result<guessed_source> look_at_topic(const schema_options& options) {
  if (options.format == &core::csv_format)
    return fail("rows of CSV in a topic do not say how their fields are called", options.from,
                "write the names as `header` of the source, and look at a file of the same rows that begins with them");
  auto properties = properties_of(options.kafka, {});
  if (!properties)
    return tl::unexpected{properties.error()};
  guessed_source made{schema_guess{{}}, true, &core::json_format};
  std::uint64_t seen = 0;
  const auto take = [&](const core::raw_block_ptr& block) -> core::result<void> {
    for (core::row_index row = 0; row < block->size() && seen < options.records; ++row, ++seen)
      if (block->has_value(row))
        made.schema.take(block->value(row), block->has_key(row) ? std::optional{block->key(row)} : std::nullopt);
    return seen < options.records ? core::result<void>{} : fail("enough was seen");
  };
  const auto read = io::read_topic({std::move(*properties), options.from, {}, {}}, keep_going, take);
  if (!read && seen < options.records)
    return tl::unexpected{read.error()};
  return made;
}

} // namespace

void add_schema_options(arguments& verb, schema_options& options) {
  static constexpr std::array formats{&core::json_format, &core::csv_format};
  verb.option("--records", &options.records, "Look at the first so many").positive().with_default();
  add_format_option(verb, options.format, formats, "Default: as the file's name says, else json");
  add_kafka_options(verb, options.kafka);
}

core::result<guessed_source> guess_schema(const schema_options& options) {
  auto made = names_a_file(options.from) ? look_at_file(options) : look_at_topic(options);
  if (made && made->schema.records() == 0)
    return made->schema.unreadable() > 0 ? fail("none of " + std::to_string(made->schema.unreadable())
                                                    + " records can be read as " + std::string{made->format->name},
                                                options.from, "say what they are by --format")
                                         : fail("there are no records to look at", options.from);
  return made;
}

std::string schema_text(const schema_guess& of) {
  std::string text = "schema:\n";
  for (const auto& field : of.fields()) {
    const auto type = std::string{to_string(field.type)};
    text += "  " + config::yaml_line({field.name}) + ": ";
    if (field.is_key || field.is_required)
      text += "{ type: " + type + (field.is_key ? ", key: true" : "") + (field.is_required ? ", required: true" : "")
              + " }";
    else
      text += type;
    text += (field.doubt.empty() ? "" : "  # guessed: " + field.doubt) + "\n";
  }
  for (const auto& name : of.nested())
    text += "  # " + config::yaml_line({name}) + " holds objects or lists: it goes through as it came\n";
  return text;
}

} // namespace weir::cli
