#pragma once

#include "config/endpoint.hpp"
#include "io/kafka/producer.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace weir::io {

/// The producers of a node: one for each cluster that its sinks name, and the one that holds its transactions.
class kafka_producers {
public:
  /// Ends all producers.
  /// @param main the cluster of the source; null: it has none
  /// @param transactional_id of the producer of `main`; empty: no transactions
  /// @param on_report called from librdkafka's threads when poll() has something to do
  void reset(const config::connection* main, const std::string& transactional_id, std::function<void()> on_report);

  /// Says that `topic` will be written to. A producer's batches fit all topics of its cluster that were announced.
  void announce(const std::string& brokers, const std::string& topic) { topics_[brokers].insert(topic); }

  /// The producer of a cluster; made when it is first asked for.
  /// @param in_transactions of the node, where it has some on this cluster
  core::result<std::shared_ptr<kafka_producer>> producer(const config::connection& to, bool in_transactions = true);

  /// A broker refused a record for its size: the producers have to be made anew, with the limits as they are now.
  bool size_was_refused() const;

  void poll();

private:
  core::result<topic_limits> limits_at(const std::string& brokers, const kafka_properties& properties);

  std::string main_;
  std::string transactional_id_;
  std::function<void()> on_report_;
  std::map<std::string, std::set<std::string>> topics_; ///< by brokers
  std::map<std::string, topic_limits> limits_;          ///< by brokers
  std::map<std::string, std::shared_ptr<kafka_producer>> producers_;
};

} // namespace weir::io
