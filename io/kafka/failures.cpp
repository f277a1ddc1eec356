#include "io/kafka/failures.hpp"

#include <chrono>
#include <map>
#include <mutex>

namespace weir::io {

namespace {

using std::chrono::steady_clock;

constexpr auto silence = std::chrono::minutes(1);
constexpr std::size_t most_remembered = 100;

struct failure_memory {
  std::mutex mutex;
  std::map<std::string, std::string> last; ///< by client
  std::map<std::string, steady_clock::time_point> said;
};

failure_memory& memory() {
  static failure_memory only;
  return only;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string remedy_for(std::string_view failure) {
  if (has(failure, "certificate verify failed"))
    return "the broker's certificate is of an authority that is not known here: check ssl.ca.location in 'properties'";
  if (has(failure, "alert"))
    return "the broker refuses our certificate, or wants one: check ssl.certificate.location and ssl.key.location in "
           "'properties'";
  if (has(failure, "SASL") || has(failure, "uthentication"))
    return "check sasl.mechanism, sasl.username and sasl.password in 'properties'";
  return "does it run, and is security.protocol in 'properties' that of its listener?";
}

} // namespace

std::string plain_failure(std::string_view line) {
  if (line.starts_with("[thrd:"))
    if (const auto end = line.find("]: "); end != std::string_view::npos)
      line.remove_prefix(end + 3);
  if (const auto counts = line.rfind(" (after "); counts != std::string_view::npos)
    line = line.substr(0, counts);
  // The client has several connections to one broker: by the user's address, by the broker's own, by its duties.
  for (const std::string_view duty : {"GroupCoordinator: ", "TxnCoordinator: "})
    if (line.starts_with(duty))
      line.remove_prefix(duty.size());
  const auto space = line.find(": ");
  const auto slash = line.rfind('/', space);
  if (space == std::string_view::npos || slash == std::string_view::npos || line.substr(0, slash).ends_with('/'))
    return std::string{line};
  return std::string{line.substr(0, slash)} + std::string{line.substr(space)};
}

void note_failure(const std::string& client, std::string failure) {
  auto& m = memory();
  const std::lock_guard lock{m.mutex};
  m.last[client] = std::move(failure);
}

void forget_failure(const std::string& client) {
  auto& m = memory();
  const std::lock_guard lock{m.mutex};
  m.last.erase(client);
}

bool is_news(const std::string& failure) {
  auto& m = memory();
  const auto now = steady_clock::now();
  const std::lock_guard lock{m.mutex};
  if (m.said.size() >= most_remembered)
    std::erase_if(m.said, [&](const auto& entry) { return now - entry.second >= silence; });
  if (m.said.size() >= most_remembered)
    m.said.clear();
  const auto [entry, is_new] = m.said.try_emplace(failure, now);
  if (!is_new && now - entry->second < silence)
    return false;
  entry->second = now;
  return true;
}

void client_deleter::operator()(rd_kafka_t* p) const noexcept {
  const std::string name = rd_kafka_name(p);
  rd_kafka_destroy_flags(p, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  forget_failure(name);
}

core::error unreachable(const rd_kafka_t* client, std::string_view otherwise) {
  auto& m = memory();
  const std::lock_guard lock{m.mutex};
  const auto found = m.last.find(rd_kafka_name(client));
  const std::string why = found != m.last.end() ? found->second : std::string{otherwise};
  return {"cannot reach the Kafka brokers: " + why, {}, remedy_for(why)};
}

} // namespace weir::io
