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
      options_{std::move(options)}, cluster_{*options_.pipeline->source.from->transactions()},
      transactional_{config::effective_guarantee(*options_.pipeline) == config::guarantee::exactly_once},
      consumer_{std::move(consumer)} {}

  core::result<std::shared_ptr<const output_set>> open(std::function<void()> on_report) override {
    main_.reset();
    const auto id = transactional_ ? transactional_id_of(options_.pipeline->name, options_.node) : std::string{};
    const auto state_topic = state_topic_of(options_.pipeline->name);
    auto& producers = outputs_.producers();
    producers.reset(&cluster_, id, on_report);
    producers.announce(cluster_.brokers, state_topic);
    outputs_.files().reset(nullptr);
    auto set = open_outputs(*options_.pipeline, options_.header, outputs_);
    if (!set)
      return tl::unexpected{set.error()};
    auto main = producers.producer({cluster_.brokers, connection_properties(cluster_.properties)});
    if (!main)
      return tl::unexpected{main.error()};
    if (transactional_ && (*main)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
      return core::fail("cannot start transactions: " + (*main)->last_error());
    main_ = *main;
    (*set)->changelog = std::make_shared<kafka_changelog>(main_, state_topic);
    return std::shared_ptr<const output_set>{*set};
  }

  void poll() override { outputs_.producers().poll(); }
  bool holds() const override { return transactional_; }
  bool waits_for_sinks() const override { return !transactional_; }

  broker_answer begin() override { return transactional_ ? main_->begin() : broker_answer::ok; }

  broker_answer send_offsets(const std::vector<core::partition_offset>& offsets) override {
    if (!transactional_)
      return consumer_->commit(offsets);
    return main_->send_offsets(options_.pipeline->source.from->name(), offsets, consumer_->group_metadata().get(),
                               call_timeout);
  }

  broker_answer commit() override { return transactional_ ? main_->commit(call_timeout) : broker_answer::ok; }
  broker_answer abort() override {
    // The same records in the same batches would be refused again.
    if (outputs_.producers().size_was_refused())
      return broker_answer::fatal;
    return transactional_ ? main_->abort(call_timeout) : broker_answer::ok;
  }

private:
  backend_options options_;
  config::connection cluster_;
  bool transactional_;
  std::shared_ptr<kafka_consumer> consumer_;
  output_opener outputs_;
  std::shared_ptr<kafka_producer> main_;
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
