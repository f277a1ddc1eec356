#include "io/kafka/failures.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

namespace weir::io {

namespace {

struct failure_memory {
  std::mutex mutex;
  std::map<std::string, std::string> last; ///< by client
};

failure_memory& memory() {
  static failure_memory only;
  return only;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A way in which a broker cannot be used, by the words that the client has for it.
struct broker_failure {
  std::array<std::string_view, 2> words; ///< one of them; empty: any text
  std::string_view what;
  std::string_view remedy;
};

constexpr auto broker_failures = std::to_array<broker_failure>({
    {{"certificate verify failed", "certificate verify failed"},
     "the Kafka brokers' certificate is not trusted",
     "it is of an authority that is not known here: check ssl.ca.location in 'properties'"},
    {{"alert", "alert"},
     "the Kafka brokers do not accept our certificate",
     "the broker refuses our certificate, or wants one: check ssl.certificate.location and ssl.key.location in "
     "'properties'"},
    {{"SASL", "uthentication"},
     "authentication failed at the Kafka brokers",
     "check sasl.mechanism, sasl.username and sasl.password in 'properties'"},
    {{"", ""},
     "cannot reach the Kafka brokers",
     "does it run, and is security.protocol in 'properties' that of its listener?"},
});

core::error error_of(std::string_view failure) {
  const auto& kind = *std::ranges::find_if(broker_failures, [&](const broker_failure& known) {
    return std::ranges::any_of(known.words, [&](std::string_view word) { return has(failure, word); });
  });
  return {std::string{kind.what} + ": " + std::string{failure}, {}, std::string{kind.remedy}, true};
}

/// What the client says in its log, in our words.
struct client_complaint {
  std::string_view facility;
  std::string_view word; ///< in its text
  std::string_view sentence;
};

constexpr std::string_view fenced =
    "another producer has taken over what this node had begun, as happens after it stood "
    "still; what is not committed is done again";

constexpr std::string_view undone = "the transaction failed; what is not committed is done again";

constexpr auto client_complaints = std::to_array<client_complaint>({
    {"", "fence", fenced},
    {"FATAL", "", "the producer cannot go on; another one is made, and what is not committed is done again"},
    {"TXN", "", undone},
    {"ADD", "", undone}, // offsets or partitions to the transaction
    {"SESSTMOUT", "", "the consumer group has not heard of this node for its session's time; it joins again"},
    {"MAXPOLL", "", "this node stood still for longer than max.poll.interval.ms; it joins its consumer group again"},
    {"REQTMOUT", "", "a broker does not answer in time; this node goes on when it does"},
    {"GETPID", "", "the coordinator of transactions does not answer yet"},
    {"COORD", "", "the coordinator of the consumer group does not answer yet"},
});

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

void client_deleter::operator()(rd_kafka_t* p) const noexcept {
  const std::string name = rd_kafka_name(p);
  rd_kafka_destroy_flags(p, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  forget_failure(name);
}

core::error unreachable(const rd_kafka_t* client, std::string_view otherwise) {
  return unreachable(std::string{rd_kafka_name(client)}, otherwise);
}

core::error unreachable(const std::string& client, std::string_view otherwise) {
  auto& m = memory();
  const std::lock_guard lock{m.mutex};
  const auto found = m.last.find(client);
  return error_of(found != m.last.end() ? std::string_view{found->second} : otherwise);
}

std::string plain_complaint(std::string_view facility, std::string_view text) {
  for (const auto& known : client_complaints)
    if (facility.starts_with(known.facility) && has(text, known.word))
      return std::string{known.sentence};
  return "the client has a complaint of the kind " + std::string{facility} + "; at the log level debug it is shown";
}

} // namespace weir::io
