#include "io/kafka/properties.hpp"

#include "config/explain.hpp"
#include "config/value.hpp"
#include "core/base/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>
#include <vector>

namespace weir::io {

namespace {

using ranges = std::map<std::string, std::string, std::less<>>;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// The values that each property of the client may have; empty: it does not say. It lists them for people, as a table.
ranges read_ranges() {
  char* text = nullptr;
  std::size_t size = 0;
  auto* table = ::open_memstream(&text, &size);
  rd_kafka_conf_properties_show(table);
  std::fclose(table);
  const std::unique_ptr<char, decltype(&std::free)> owner{text, &std::free};
  std::istringstream lines{std::string{text, size}};
  ranges found;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells{line};
    std::string name;
    std::string kind_of_client;
    std::string range;
    if (std::getline(cells, name, '|') && std::getline(cells, kind_of_client, '|') && std::getline(cells, range, '|')
        && name.find('.') != std::string::npos)
      found[trimmed(name)] = trimmed(range);
  }
  return found;
}

const ranges& known_ranges() {
  static const ranges known = read_ranges();
  return known;
}

bool is_known(const std::string& name) {
  return known_ranges().contains(name);
}

std::string name_meant(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& [known, range] : known_ranges())
    names.push_back(known);
  return core::did_you_mean(name, names);
}

std::string allowed_values(const std::string& name) {
  const auto known = known_ranges().find(name);
  return known == known_ranges().end() || known->second.empty() ? std::string{} : "allowed: " + known->second;
}

/// What the engine's promises rest on is its own.
constexpr std::string_view own_commit = "Weir commits offsets itself";
constexpr std::string_view own_guarantee = "'processing.guarantee' rests on it";
constexpr std::string_view own_time = "'commit.interval' and 'commit.timeout' decide it";
constexpr std::string_view own_queue = "'memory.limit' bounds what is in flight";
constexpr std::string_view own_group = "nodes of a pipeline share its file, and take its partitions over as a whole";

struct reserved_property {
  std::string_view name;
  std::string_view instead;
};

constexpr auto reserved_properties = std::to_array<reserved_property>({
    {"bootstrap.servers", "use 'brokers'"},
    {"metadata.broker.list", "use 'brokers'"},
    {"group.id", "use 'group' of the source"},
    {"group.instance.id", own_group},
    {"partition.assignment.strategy", own_group},
    {"enable.auto.commit", own_commit},
    {"auto.commit.enable", own_commit},
    {"enable.auto.offset.store", own_commit},
    {"enable.partition.eof", own_commit},
    {"enable.idempotence", own_guarantee},
    {"enable.gapless.guarantee", own_guarantee},
    {"transactional.id", own_guarantee},
    {"acks", own_guarantee},
    {"request.required.acks", own_guarantee},
    {"retries", own_guarantee},
    {"message.send.max.retries", own_guarantee},
    {"max.in.flight", own_guarantee},
    {"max.in.flight.requests.per.connection", own_guarantee},
    {"delivery.report.only.error", own_guarantee},
    {"allow.auto.create.topics", "use 'create' of the source or the sink"},
    {"transaction.timeout.ms", own_time},
    {"message.timeout.ms", own_time},
    {"delivery.timeout.ms", own_time},
    {"queue.buffering.max.messages", own_queue},
    {"queue.buffering.max.kbytes", own_queue},
    {"queue.buffering.backpressure.threshold", own_queue},
});

} // namespace

core::result<void> set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  const auto answer = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size());
  if (answer == RD_KAFKA_CONF_OK)
    return {};
  const bool is_unknown = answer == RD_KAFKA_CONF_UNKNOWN;
  const auto hint = is_unknown ? name_meant(name) : allowed_values(name);
  return core::fail((is_unknown ? "unknown Kafka property '" : "bad value for the Kafka property '") + name + "'", {},
                    hint.empty() ? "see librdkafka's CONFIGURATION.md" : hint);
}

void check_properties(config::yaml_section& from) {
  const auto* properties = from.find("properties");
  if (properties == nullptr)
    return;
  const kafka_ptr<rd_kafka_conf_t> conf{rd_kafka_conf_new()};
  for (const auto& [key, value] : properties->members) {
    const auto reserved =
        std::find_if(reserved_properties.begin(), reserved_properties.end(),
                     [&, name = std::string_view{key->text}](const auto& p) { return p.name == name; });
    if (reserved != reserved_properties.end())
      from.report(key->at, "property '" + key->text + "' cannot be set here: " + std::string{reserved->instead});
    else if (value->shape != config::yaml_node::shape::scalar || value->unresolved)
      continue; // which has been said
    else if (is_known(key->text) && value->text == config::hidden_value)
      continue; // what `weir echo` prints is a pipeline file too
    else if (const auto set = set_property(conf.get(), key->text, value->text); !set)
      from.report(is_known(key->text) ? value->at : key->at, config::explained(set.error()));
  }
}

} // namespace weir::io
