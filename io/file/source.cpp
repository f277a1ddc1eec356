#include "io/file/source.hpp"

#include "config/pipeline.hpp"
#include "io/kinds.hpp"
#include "io/preparation.hpp"

namespace weir::io {

namespace {

using namespace config;

constexpr std::array file_fields{
    field<&file_source_settings::path>("path", "the file, `-`: standard input", required),
    field<&file_source_settings::partitions>("partitions", "virtual partitions, read side by side", between(1, 1024)),
    field<&file_source_settings::key>("key",
                                      "field whose value is the record's key and chooses its partition; default: "
                                      "the schema's key"),
    field<&file_source_settings::rate>("rate", "records a second; 0: full speed", at_least(0)),
    field<&file_source_settings::duration>("for", "stop after this time; 0: at the end", at_least(0)),
    field<&file_source_settings::limit>("limit", "stop after so many records; 0: at the end", at_least(0)),
};

} // namespace

void file_source::complete(const completion& with) {
  for (const auto& field : with.schema)
    if (field.key && settings_.key.empty())
      settings_.key = field.name;
}

value::mapping file_source::show() const {
  return show_fields(file_fields, &settings_);
}

preparation file_source::prepare(topic_clients&, const std::string&) const {
  return {.partitions = settings_.partitions};
}

constexpr source_kind file_source_kind = make_source_kind<file_source, file_source_settings, file_fields>(
    "file", "replays a file of CSV rows or JSON lines, at full speed or at a rate",
    "{ file: { path: transactions.csv, key: CustomerID }, format: csv }", true);

} // namespace weir::io
