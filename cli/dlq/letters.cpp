#include "cli/dlq/letters.hpp"

#include "cli/file_or_topic.hpp"
#include "cli/json_lines.hpp"
#include "cli/json_member.hpp"
#include "cli/stop_signal.hpp"
#include "core/base/read_number.hpp"
#include "core/stats/dead_letter_reasons.hpp"
#include "io/kafka/topic_reader.hpp"

#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include <openssl/evp.h>

namespace weir::cli {

namespace {

using core::column_type;
using core::fail;

// --- of a topic: headers beside the record ---

std::optional<std::string_view> header(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  std::size_t size = 0;
  if (headers == nullptr || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return std::string_view{static_cast<const char*>(value), size};
}

template <class Number>
bool read(const rd_kafka_headers_t* headers, const char* name, Number& into) {
  const auto text = header(headers, name);
  const auto number = text ? core::read_number<Number>(*text) : std::nullopt;
  into = number.value_or(Number{});
  return number.has_value();
}

std::optional<std::string> bytes(const void* data, std::size_t size) {
  return data == nullptr ? std::nullopt : std::optional{std::string{static_cast<const char*>(data), size}};
}

std::optional<letter> letter_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  rd_kafka_message_headers(&message, &headers);
  letter made;
  made.own_partition = message.partition;
  made.own_offset = message.offset;
  made.key = bytes(message.key, message.key_len);
  made.value = bytes(message.payload, message.len);
  const auto topic = header(headers, "weir.topic");
  const auto stage = header(headers, "weir.stage");
  const auto reason = header(headers, "weir.reason");
  if (!topic || !stage || !reason || !read(headers, "weir.partition", made.partition)
      || !read(headers, "weir.offset", made.offset))
    return std::nullopt;
  made.topic = *topic;
  made.stage = *stage;
  made.reason = *reason;
  read(headers, "weir.timestamp", made.timestamp);
  read(headers, "weir.time", made.refused_at);
  read(headers, "weir.cut", made.cut);
  return made;
}

// --- of a file: a line of JSON ---

std::optional<std::string> from_base64(std::string_view text) {
  std::string made(text.size() / 4 * 3 + 1, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(made.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  const auto padding = text.ends_with("==") ? 2u : text.ends_with('=') ? 1u : 0u;
  made.resize(static_cast<std::size_t>(size) - padding);
  return made;
}

/// False where it is written in neither way.
bool read_bytes(simdjson::dom::element from, const std::string& name, std::optional<std::string>& into) {
  simdjson::dom::element value;
  std::string_view text;
  if (from[name].get(value) == simdjson::SUCCESS) {
    if (value.get(text) == simdjson::SUCCESS)
      into = text;
    return into || value.is_null();
  }
  if (from[name + "_base64"].get(text) == simdjson::SUCCESS)
    into = from_base64(text);
  return into.has_value();
}

std::optional<letter> letter_of(simdjson::dom::element line, std::int64_t number) {
  const auto whole = [&](const char* name) {
    std::int64_t found = 0;
    return line[name].get(found) == simdjson::SUCCESS ? std::optional{found} : std::nullopt;
  };
  letter made;
  made.own_offset = number;
  const auto partition = whole("partition");
  const auto offset = whole("offset");
  if (!partition || !offset || !read_bytes(line, "key", made.key) || !read_bytes(line, "value", made.value))
    return std::nullopt;
  made.partition = static_cast<std::int32_t>(*partition);
  made.offset = *offset;
  made.topic = text_of(line, "topic");
  made.stage = text_of(line, "stage");
  made.reason = text_of(line, "reason");
  made.timestamp = whole("timestamp").value_or(0);
  made.refused_at = whole("time").value_or(0);
  return made.stage.empty() || made.reason.empty() ? std::nullopt : std::optional{std::move(made)};
}

core::result<void> read_file(const letters_options& options, const std::function<core::result<void>(letter&&)>& take) {
  std::error_code failed;
  if (!std::filesystem::exists(options.from, failed))
    return core::cannot_reach("there is no file '" + options.from + "'");
  if (std::filesystem::is_directory(options.from, failed))
    return fail("'" + options.from + "' is a folder of parts", {}, "name one of its files");
  std::int64_t number = 0;
  std::optional<core::error> stopped;
  auto good = for_each_json_line(options.from, "dead letter", [&](simdjson::dom::element line) -> std::string {
    ++number;
    if (stopped)
      return {};
    auto one = letter_of(line, number);
    if (!one)
      return "this is no dead letter";
    if (auto taken = take(std::move(*one)); !taken)
      stopped = taken.error();
    return {};
  });
  if (good && stopped)
    return tl::unexpected{*stopped};
  return good;
}

core::result<void> read_topic(const letters_options& options, const std::function<core::result<void>(letter&&)>& take) {
  auto properties = properties_of(options.kafka, {});
  if (!properties)
    return tl::unexpected{properties.error()};
  return io::read_messages(
      {std::move(*properties), options.from, {}, {}}, [] { return !stop_requested; },
      [&](const rd_kafka_message_t& message) -> core::result<void> {
        auto one = letter_of(message);
        if (!one)
          return fail("this is no dead letter: it has no headers of Weir's",
                      options.from + "/" + std::to_string(message.partition) + "@" + std::to_string(message.offset));
        return take(std::move(*one));
      });
}

// --- the filter ---

struct field_of_letter {
  std::string_view name;
  column_type type;
};

constexpr std::array filter_fields{
    field_of_letter{"stage", column_type::string},        field_of_letter{"code", column_type::string},
    field_of_letter{"reason", column_type::string},       field_of_letter{"topic", column_type::string},
    field_of_letter{"key", column_type::string},          field_of_letter{"value", column_type::string},
    field_of_letter{"partition", column_type::int64},     field_of_letter{"offset", column_type::int64},
    field_of_letter{"timestamp", column_type::timestamp}, field_of_letter{"time", column_type::timestamp},
};

} // namespace

void add_letters_options(arguments& verb, letters_options& options) {
  verb.option("FILE|TOPIC", &options.from, "Dead letters; what is no file is a topic").required();
  add_kafka_options(verb, options.kafka);
  verb.option("--where", &options.where,
              "Only those for which it is true, over stage, code, reason, topic, partition, offset, key, value, "
              "timestamp and time (of the refusal)");
}

core::result<letter_filter> letter_filter::make(const std::string& where) {
  if (where.empty())
    return letter_filter{std::nullopt};
  core::layout columns;
  for (const auto& [name, type] : filter_fields)
    columns.add({.name = std::string{name}, .type = type});
  auto bound = core::expression::bind(columns, where);
  if (!bound)
    return fail("--where: " + bound.error().text());
  if (bound->type() != column_type::boolean)
    return fail("--where must be true or false, this is a " + std::string{to_string(bound->type())});
  return letter_filter{std::move(*bound)};
}

bool letter_filter::takes(const letter& one) const {
  if (!where_)
    return true;
  core::batch b;
  b.rows = {0};
  const std::array<std::optional<std::string_view>, 6> texts{one.stage, code_of(one), one.reason,
                                                             one.topic, one.key,      one.value};
  const std::array<std::int64_t, 4> numbers{one.partition, one.offset, one.timestamp, one.refused_at};
  for (std::size_t i = 0; i < filter_fields.size(); ++i) {
    auto made = std::make_shared<core::column>();
    made->type = filter_fields[i].type;
    if (i < texts.size()) {
      made->text = {texts[i].value_or("")};
      if (!texts[i])
        made->null = {1};
    } else {
      made->i64 = {numbers[i - texts.size()]};
    }
    b.columns.push_back(std::move(made));
  }
  std::vector<core::row_index> chosen;
  where_->select(b, chosen);
  return !chosen.empty();
}

std::string_view code_of(const letter& one) {
  return core::dead_letter_reason_table[core::dead_letter_reason_of(one.stage, one.reason)].code;
}

bool are_in_a_file(const letters_options& options) {
  return names_a_file(options.from);
}

std::string place_of(const letters_options& options, const letter& one) {
  return are_in_a_file(options)
             ? options.from + ":" + std::to_string(one.own_offset)
             : options.from + "/" + std::to_string(one.own_partition) + "@" + std::to_string(one.own_offset);
}

core::result<void> for_each_letter(const letters_options& options,
                                   const std::function<core::result<void>(letter&&)>& take) {
  return are_in_a_file(options) ? read_file(options, take) : read_topic(options, take);
}

} // namespace weir::cli
