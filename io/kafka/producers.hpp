#pragma once

#include "config/endpoint.hpp"
#include "io/kafka/producer.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace weir::io {

/// A node's transactions, which hold offsets and state.
struct node_transactions {
  config::connection cluster;
  std::string id; ///< transactional.id; empty: there are none
  std::chrono::milliseconds timeout{60'000};
  bool hold_outputs = false; ///< and what the sinks on this cluster write
};

/// The producers of a node: one for each cluster that its sinks name, and the one that holds its transactions.
class kafka_producers {
public:
  /// Ends all producers.
  /// @param transactions of the node; without an id it has none
  void reset(node_transactions transactions);

  /// Says that `topic` will be written to. A producer's batches fit all topics of its cluster that were announced.
  void announce(const std::string& brokers, const std::string& topic) { topics_[brokers].insert(topic); }

  /// The producer of a cluster for outputs; made when it is first asked for.
  /// @param in_transactions of the node, where it has some on this cluster that hold outputs
  core::result<std::shared_ptr<kafka_producer>> producer(const config::connection& to, bool in_transactions = true);

  /// The producer that holds the node's transactions; made when it is first asked for.
  core::result<std::shared_ptr<kafka_producer>> transactional();

  /// A broker refused a record for its size: the producers have to be made anew, with the limits as they are now.
  bool size_was_refused() const;

private:
  core::result<std::shared_ptr<kafka_producer>> make(const config::connection& to, bool is_transactional);
  core::result<topic_limits> limits_at(const std::string& brokers, const kafka_properties& properties);

  node_transactions transactions_;
  std::map<std::string, std::set<std::string>> topics_; ///< by brokers
  std::map<std::string, topic_limits> limits_;          ///< by brokers
  std::map<std::string, std::shared_ptr<kafka_producer>> producers_;
};

} // namespace weir::io
