#include "io/kafka/backend.hpp"

#include "config/parse.hpp"
#include "core/commit/part_list.hpp"
#include "io/file/part_recovery.hpp"
#include "io/kafka/names.hpp"
#include "io/kafka/state.hpp"
#include "io/outputs.hpp"
#include "io/preparation.hpp"
#include "io/trouble.hpp"

#include <spdlog/spdlog.h>

namespace weir::io {

using core::broker_answer;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds call_timeout{5000};
constexpr milliseconds restore_timeout{20'000};

class kafka_backend final : public backend {
public:
  kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) :
      options_{std::move(options)}, holds_outputs_{config::effective_guarantee(*options_.pipeline)
                                                   == config::guarantee::exactly_once},
      consumer_{std::move(consumer)} {}

  core::result<std::shared_ptr<const output_set>> open() override {
    producer_.reset();
    const auto& cluster = *options_.pipeline->source.from->transactions();
    const auto state_topic = state_topic_of(options_.pipeline->name);
    auto& producers = outputs_.producers();
    producers.reset({{cluster.brokers, connection_properties(cluster.properties)},
                     transactional_id_of(options_.pipeline->name, options_.node),
                     transaction_timeout(),
                     holds_outputs_});
    producers.announce(cluster.brokers, state_topic);
    outputs_.files().reset(nullptr);
    outputs_.parts().reset(holds_outputs_ ? std::optional{owner()} : std::nullopt);
    auto set = open_outputs(*options_.pipeline, options_.header, outputs_);
    if (!set) {
      trouble_.note(set.error());
      return tl::unexpected{set.error()};
    }
    auto made = producers.transactional();
    if (!made)
      return tl::unexpected{made.error()};
    if ((*made)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
      return core::fail("cannot start transactions: " + (*made)->last_error());
    if (auto settled = settle_what_was_left(state_topic); !settled)
      return tl::unexpected{settled.error()};
    producer_ = *made;
    changelog_ = std::make_shared<kafka_changelog>(producer_, state_topic);
    (*set)->changelog = changelog_;
    return std::shared_ptr<const output_set>{*set};
  }

  core::output_rule rule() const override {
    return holds_outputs_ ? core::output_rule::in_transaction : core::output_rule::before_the_state;
  }

  std::string trouble() const override { return trouble_.text(); }

  broker_answer begin() override {
    const auto answer = producer_->begin();
    if (answer == broker_answer::ok) {
      is_prepared_ = false;
      outputs_.parts().begin();
    }
    return answer;
  }

  broker_answer send_offsets(const std::vector<core::partition_offset>& offsets) override {
    if (!is_prepared_ && !offsets.empty()) {
      if (auto prepared = prepare_files(offsets.front().partition); !prepared) {
        trouble_.tell(prepared.error());
        return broker_answer::abortable;
      }
      is_prepared_ = true;
    }
    return producer_->send_offsets(options_.pipeline->source.from->name(), offsets, consumer_->group_metadata().get(),
                                   call_timeout);
  }

  broker_answer commit() override {
    const auto answer = producer_->commit(call_timeout);
    if (answer != broker_answer::ok)
      return answer;
    trouble_.clear();
    if (auto published = outputs_.parts().publish(); !published)
      trouble_.tell(published.error());
    return answer;
  }

  broker_answer abort() override {
    // The same records in the same batches would be refused again.
    if (outputs_.producers().size_was_refused())
      return broker_answer::fatal;
    const auto answer = producer_->abort(call_timeout);
    if (answer == broker_answer::ok)
      outputs_.parts().discard();
    const auto of_parts = outputs_.parts().failure();
    const auto failure = of_parts ? of_parts : outputs_.files().failure();
    if (!failure)
      return answer;
    // They have to be opened anew, and a full disk is not to be tried without a pause.
    trouble_.tell(*failure);
    return broker_answer::fatal;
  }

private:
  std::string owner() const { return transactional_id_of(options_.pipeline->name, options_.node); }

  // All that this node has begun is decided since its producer was made.
  core::result<void> settle_what_was_left(const std::string& state_topic) const {
    const auto folders = part_folders_of(*options_.pipeline);
    const auto in_doubt = remove_open_parts(folders, owner());
    if (!in_doubt)
      return tl::unexpected{in_doubt.error()};
    if (in_doubt->empty())
      return {};
    const auto& cluster = *options_.pipeline->source.from->transactions();
    const auto committed = committed_parts(properties_of(cluster.brokers, connection_properties(cluster.properties)),
                                           state_topic, {in_doubt->begin(), in_doubt->end()}, restore_timeout);
    return committed ? settle_parts(folders, owner(), *committed)
                     : core::result<void>{tl::unexpected{committed.error()}};
  }

  /// Everything that files hold is on the disk, and parts are named in the transaction.
  core::result<void> prepare_files(core::partition_id partition) {
    if (auto synced = outputs_.files().sync(); !synced)
      return tl::unexpected{synced.error()};
    auto paths = outputs_.parts().seal(partition);
    if (!paths)
      return tl::unexpected{paths.error()};
    if (paths->empty())
      return {};
    auto list = std::make_shared<core::record_block>();
    list->append(core::part_list::key_of(options_.node), core::part_list{std::move(*paths)}.encode());
    // A list that is not taken makes the producer refuse the commit.
    changelog_->write(std::move(list), partition, [](bool) {});
    return {};
  }

  // A transaction opens with its first record, and has to live until its commit. With outputs in
  // it that is the first output after the last commit; else the first lane's changes, while others wait for their
  // sinks.
  milliseconds transaction_timeout() const {
    constexpr auto for_the_commit = std::chrono::seconds(30);
    const auto& settings = options_.pipeline->commit;
    return for_the_commit
           + (holds_outputs_ ? config::effective_commit_interval(*options_.pipeline) + settings.timeout
                             : core::commit_options{}.sink_timeout);
  }

  backend_options options_;
  bool holds_outputs_;
  std::shared_ptr<kafka_consumer> consumer_;
  output_opener outputs_;
  std::shared_ptr<kafka_producer> producer_;
  std::shared_ptr<kafka_changelog> changelog_;
  bool is_prepared_ = false; ///< files are on the disk, parts are named in the open transaction
  io::trouble trouble_;
};

} // namespace

void fence(const config::pipeline& pipeline, const std::string& node) {
  const auto& cluster = *pipeline.source.from->transactions();
  producer_options options;
  options.properties = properties_of(cluster.brokers, connection_properties(cluster.properties));
  options.transactional_id = transactional_id_of(pipeline.name, node);
  spdlog::info("the transaction that node {} left open is aborted", node);
  auto producer = kafka_producer::make(options);
  if (producer && (*producer)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
    spdlog::warn("node {} could not be fenced: {}", node, (*producer)->last_error());
}

std::unique_ptr<backend> make_kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) {
  return std::make_unique<kafka_backend>(std::move(options), std::move(consumer));
}

} // namespace weir::io
