#include "config/parse_sections.hpp"
#include "core/format/format.hpp"

#include <cctype>

namespace weir::config {

namespace {

/// What a field begins or ends with in numbers, dates and words is no good sign between two fields.
bool can_part_fields(const std::string& text) {
  const auto c = text.size() == 1 ? static_cast<unsigned char>(text.front()) : '\0';
  return c == '\t' || (std::isprint(c) != 0 && std::isalnum(c) == 0 && c != '.' && c != '-' && c != '+');
}

void read_delimiter(yaml_section& section, const std::string& text, core::csv_dialect& into) {
  const auto& meant = text == "tab" ? "\t" : text;
  if (can_part_fields(meant))
    into.delimiter = meant.front();
  else
    section.report(section.find("delimiter")->at,
                   "'delimiter' in source must be one character such as ';' or '|', or tab, found '" + text + "'");
}

void read_quote(yaml_section& section, const std::string& text, core::csv_dialect& into) {
  if (text == "none")
    into.quote = core::csv_dialect::no_quote;
  else if (can_part_fields(text))
    into.quote = text.front();
  else
    section.report(section.find("quote")->at,
                   "'quote' in source must be one character such as '\"', or none, found '" + text + "'");
}

} // namespace

void parse_dialect(yaml_section& section, bool has_schema, source_section& into) {
  const bool is_csv = into.format == &core::csv_format;
  for (const auto* name : {"delimiter", "quote", "has_header"})
    if (const auto* field = section.find(name); field != nullptr && !is_csv)
      section.report(field->at, "'" + std::string{name} + "' belongs to format csv");
  if (!is_csv)
    return;
  if (into.delimiter)
    read_delimiter(section, *into.delimiter, into.dialect);
  if (into.quote)
    read_quote(section, *into.quote, into.dialect);
  if (into.dialect.delimiter == into.dialect.quote)
    section.report(section.find("delimiter") != nullptr ? section.find("delimiter")->at : section.find("quote")->at,
                   "'delimiter' and 'quote' in source are both '" + std::string{into.dialect.quote} + "'");
  const auto* header = section.find("has_header");
  if (header == nullptr || !into.has_header)
    return;
  if (into.from && into.from->is_shared())
    section.report(header->at, "'has_header' belongs to a source that is a file");
  else if (!*into.has_header && into.header.empty() && !has_schema)
    section.report(header->at, "without a header the fields need names: give 'header' in source, or a schema");
}

core::row_reading rows_of(const pipeline& of) {
  core::row_reading reading{.dialect = of.source.dialect};
  if (of.source.has_header.value_or(true))
    return reading;
  reading.names = of.source.header;
  if (reading.names.empty())
    for (const auto& field : of.schema)
      reading.names.push_back(field.name);
  return reading;
}

} // namespace weir::config
