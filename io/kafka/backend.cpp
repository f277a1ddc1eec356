#include "io/kafka/backend.hpp"

#include "config/parse.hpp"
#include "io/kafka/names.hpp"
#include "io/outputs.hpp"

#include <spdlog/spdlog.h>

namespace weir::io {

using core::broker_answer;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds call_timeout{5000};

class kafka_backend final : public backend {
public:
  kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) :
      options_{std::move(options)}, holds_outputs_{config::effective_guarantee(*options_.pipeline)
                                                   == config::guarantee::exactly_once},
      consumer_{std::move(consumer)} {}

  core::result<std::shared_ptr<const output_set>> open(std::function<void()> on_report) override {
    producer_.reset();
    const auto& cluster = *options_.pipeline->source.from->transactions();
    const auto state_topic = state_topic_of(options_.pipeline->name);
    auto& producers = outputs_.producers();
    producers.reset({{cluster.brokers, connection_properties(cluster.properties)},
                     transactional_id_of(options_.pipeline->name, options_.node),
                     transaction_timeout(),
                     holds_outputs_},
                    on_report);
    producers.announce(cluster.brokers, state_topic);
    outputs_.files().reset(nullptr);
    auto set = open_outputs(*options_.pipeline, options_.header, outputs_);
    if (!set)
      return tl::unexpected{set.error()};
    auto made = producers.transactional();
    if (!made)
      return tl::unexpected{made.error()};
    if ((*made)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
      return core::fail("cannot start transactions: " + (*made)->last_error());
    producer_ = *made;
    (*set)->changelog = std::make_shared<kafka_changelog>(producer_, state_topic);
    return std::shared_ptr<const output_set>{*set};
  }

  void poll() override { outputs_.producers().poll(); }
  core::output_rule rule() const override {
    return holds_outputs_ ? core::output_rule::in_transaction : core::output_rule::before_the_state;
  }

  broker_answer begin() override { return producer_->begin(); }

  broker_answer send_offsets(const std::vector<core::partition_offset>& offsets) override {
    return producer_->send_offsets(options_.pipeline->source.from->name(), offsets, consumer_->group_metadata().get(),
                                   call_timeout);
  }

  broker_answer commit() override { return producer_->commit(call_timeout); }

  broker_answer abort() override {
    // The same records in the same batches would be refused again.
    if (outputs_.producers().size_was_refused())
      return broker_answer::fatal;
    return producer_->abort(call_timeout);
  }

private:
  // A transaction opens with its first record, and has to live until its commit. With outputs in
  // it that is the first output after the last commit; else the first lane's changes, while others wait for their
  // sinks.
  milliseconds transaction_timeout() const {
    constexpr auto for_the_commit = std::chrono::seconds(30);
    const auto& settings = options_.pipeline->commit;
    return for_the_commit
           + (holds_outputs_ ? settings.interval + settings.timeout : core::commit_options{}.sink_timeout);
  }

  backend_options options_;
  bool holds_outputs_;
  std::shared_ptr<kafka_consumer> consumer_;
  output_opener outputs_;
  std::shared_ptr<kafka_producer> producer_;
};

} // namespace

void fence(const config::pipeline& pipeline, const std::string& node) {
  const auto& cluster = *pipeline.source.from->transactions();
  producer_options options;
  options.properties = properties_of(cluster.brokers, connection_properties(cluster.properties));
  options.transactional_id = transactional_id_of(pipeline.name, node);
  spdlog::info("the transaction that node {} left open is aborted", node);
  auto producer = kafka_producer::make(options, [] {});
  if (producer && (*producer)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
    spdlog::warn("node {} could not be fenced: {}", node, (*producer)->last_error());
}

std::unique_ptr<backend> make_kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) {
  return std::make_unique<kafka_backend>(std::move(options), std::move(consumer));
}

} // namespace weir::io
