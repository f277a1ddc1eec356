#include "io/kafka/producers.hpp"

#include <algorithm>

namespace weir::io {

namespace {

constexpr std::chrono::milliseconds call_timeout{5000};

} // namespace

void kafka_producers::reset(node_transactions transactions) {
  producers_.clear();
  limits_.clear();
  topics_.clear();
  transactions_ = std::move(transactions);
}

core::result<std::shared_ptr<kafka_producer>> kafka_producers::producer(const config::connection& to,
                                                                        bool in_transactions) {
  return make(to, in_transactions && transactions_.hold_outputs && to.brokers == transactions_.cluster.brokers);
}

core::result<std::shared_ptr<kafka_producer>> kafka_producers::transactional() {
  return make(transactions_.cluster, true);
}

core::result<std::shared_ptr<kafka_producer>> kafka_producers::make(const config::connection& to,
                                                                    bool is_transactional) {
  const auto id = is_transactional ? to.brokers + " (transactions)" : to.brokers;
  if (const auto made = producers_.find(id); made != producers_.end())
    return made->second;
  producer_options options;
  options.properties = properties_of(to.brokers, to.properties);
  if (is_transactional) {
    options.transactional_id = transactions_.id;
    options.transaction_timeout = transactions_.timeout;
  }
  auto limits = limits_at(to.brokers, connection_properties(options.properties));
  if (!limits)
    return tl::unexpected{limits.error()};
  options.limits = std::move(*limits);
  auto made = kafka_producer::make(options);
  if (!made)
    return tl::unexpected{made.error()};
  return producers_[id] = std::move(*made);
}

bool kafka_producers::size_was_refused() const {
  return std::any_of(producers_.begin(), producers_.end(),
                     [](const auto& entry) { return entry.second->size_was_refused(); });
}

// Asked once for each cluster, whenever the outputs are opened.
core::result<topic_limits> kafka_producers::limits_at(const std::string& brokers, const kafka_properties& properties) {
  if (const auto known = limits_.find(brokers); known != limits_.end())
    return known->second;
  auto client = make_client(RD_KAFKA_PRODUCER, properties_of(brokers, properties));
  if (!client)
    return tl::unexpected{client.error()};
  const auto& topics = topics_[brokers];
  auto found = limits_of(client->get(), {topics.begin(), topics.end()}, call_timeout);
  if (found)
    limits_[brokers] = *found;
  return found;
}

} // namespace weir::io
