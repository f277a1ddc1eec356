#include "io/kafka/backend.hpp"

#include "config/parse.hpp"
#include "io/file/sink.hpp"
#include "io/kafka/failures.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace weir::io {

using core::broker_answer;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds call_timeout{5000};

/// The outputs of a pipeline: one producer for each cluster that its sinks name, and the files that it writes.
class outputs {
public:
  outputs(backend_options options, std::string main_brokers) :
      options_{std::move(options)}, main_brokers_{std::move(main_brokers)} {}

  /// @param transactional_id of the producer of `main_brokers`; empty: none.
  /// @param store knows the lengths of files at the last commit; null: files go on where they end.
  core::result<std::shared_ptr<output_set>> open(const std::string& transactional_id, local_store* store,
                                                 const std::function<void()>& on_report) {
    producers_.clear();
    files_.clear();
    limits_.clear();
    on_report_ = on_report;
    transactional_id_ = transactional_id;
    store_ = store;
    auto set = std::make_shared<output_set>();
    for (const auto& sink : options_.pipeline->sinks) {
      auto made = make_sink(sink, options_.csv_header, true);
      if (!made)
        return tl::unexpected{made.error()};
      set->sinks.push_back(*made);
    }
    for (const auto& sink : options_.pipeline->alert_sinks) {
      auto made = make_sink(sink, {}, false);
      if (!made)
        return tl::unexpected{made.error()};
      set->alert_sinks.push_back(*made);
      auto outside = is_transactional(sink) ? make_sink(sink, {}, false, true) : made;
      if (!outside)
        return tl::unexpected{outside.error()};
      set->engine_alert_sinks.push_back(*outside);
    }
    auto letters = make_dead_letters();
    if (!letters)
      return tl::unexpected{letters.error()};
    set->dead_letters = *letters;
    return set;
  }

  /// The producer of these brokers; made when it is first asked for.
  /// @param outside of the node's transactions
  core::result<std::shared_ptr<kafka_producer>>
  producer(const std::string& brokers, const std::map<std::string, std::string>& extra, bool outside = false) {
    const auto& name = brokers.empty() ? main_brokers_ : brokers;
    const auto id = outside ? name + " (no transactions)" : name;
    if (const auto made = producers_.find(id); made != producers_.end())
      return made->second;
    producer_options options;
    options.properties = properties_of(name, name == main_brokers_ ? main_properties(extra) : extra);
    if (name == main_brokers_ && !outside)
      options.transactional_id = transactional_id_;
    auto limits = limits_at(name, connection_properties(options.properties));
    if (!limits)
      return tl::unexpected{limits.error()};
    options.limits = std::move(*limits);
    auto made = kafka_producer::make(options, on_report_);
    if (!made)
      return tl::unexpected{made.error()};
    return producers_[id] = std::move(*made);
  }

  /// A broker refused a record for its size: the producers have to be made anew, with the limits as they are now.
  bool size_was_refused() const {
    return std::any_of(producers_.begin(), producers_.end(),
                       [](const auto& entry) { return entry.second->size_was_refused(); });
  }

  void poll() {
    for (auto& [name, producer] : producers_)
      producer->poll();
  }

  /// Waits for the files' bytes to be on the disk.
  core::result<std::map<std::string, std::uint64_t>> sync_files() {
    std::map<std::string, std::uint64_t> lengths;
    for (const auto& [path, file] : files_) {
      auto length = file->sync();
      if (!length)
        return tl::unexpected{length.error()};
      lengths[path] = *length;
    }
    return lengths;
  }

private:
  /// What the topics of a cluster take. Asked once for each cluster, whenever the outputs are opened.
  core::result<topic_limits> limits_at(const std::string& brokers, const kafka_properties& connection) {
    if (const auto known = limits_.find(brokers); known != limits_.end())
      return known->second;
    std::vector<std::string> topics;
    auto add = [&](const config::sink& sink) {
      const auto* kafka = std::get_if<config::kafka_sink>(&sink.to);
      if (kafka != nullptr && (kafka->brokers.empty() ? main_brokers_ : kafka->brokers) == brokers
          && std::find(topics.begin(), topics.end(), kafka->topic) == topics.end())
        topics.push_back(kafka->topic);
    };
    const auto& pipeline = *options_.pipeline;
    std::for_each(pipeline.sinks.begin(), pipeline.sinks.end(), add);
    std::for_each(pipeline.alert_sinks.begin(), pipeline.alert_sinks.end(), add);
    if (pipeline.dead_letter)
      add(*pipeline.dead_letter);
    if (std::holds_alternative<config::kafka_source>(pipeline.source.from) && brokers == main_brokers_)
      topics.push_back(pipeline.name + "-state");
    auto client = make_client(RD_KAFKA_PRODUCER, properties_of(brokers, connection));
    if (!client)
      return tl::unexpected{client.error()};
    auto found = limits_of(client->get(), topics, call_timeout);
    if (found)
      limits_[brokers] = *found;
    return found;
  }

  // The source's properties (TLS, SASL) hold for the sinks of the same cluster too, where these say nothing else.
  std::map<std::string, std::string> main_properties(std::map<std::string, std::string> extra) const {
    if (const auto* source = std::get_if<config::kafka_source>(&options_.pipeline->source.from))
      extra.merge(connection_properties(source->properties));
    return extra;
  }

  core::result<std::shared_ptr<append_file>> file(const std::string& path) {
    auto& entry = files_[path];
    if (entry)
      return entry;
    auto opened = append_file::open(path, store_ != nullptr ? store_->length_of(path) : append_file::at_end);
    if (!opened)
      return opened;
    entry = *opened;
    return entry;
  }

  bool is_transactional(const config::sink& description) const {
    const auto* kafka = std::get_if<config::kafka_sink>(&description.to);
    return kafka != nullptr && !transactional_id_.empty()
           && (kafka->brokers.empty() || kafka->brokers == main_brokers_);
  }

  core::result<std::shared_ptr<sink>> make_sink(const config::sink& description, const std::string& header,
                                                bool as_it_came, bool outside = false) {
    if (const auto* kafka = std::get_if<config::kafka_sink>(&description.to)) {
      auto made = producer(kafka->brokers, kafka->properties, outside);
      if (!made)
        return tl::unexpected{made.error()};
      // An alert topic need not have the source's partitions: alerts go by their fingerprint.
      const bool same_cluster = kafka->brokers.empty() || kafka->brokers == main_brokers_;
      const bool keep = as_it_came && same_cluster && kafka->partition == config::partitioning::source;
      return std::make_shared<kafka_topic_sink>(*made, kafka->topic, keep);
    }
    if (const auto* to = std::get_if<config::file_sink>(&description.to)) {
      auto opened = file(to->path);
      if (!opened)
        return tl::unexpected{opened.error()};
      const auto& csv = description.format == core::data_format::csv ? header : std::string{};
      return std::make_shared<file_sink>(*opened, csv);
    }
    return std::make_shared<console_sink>();
  }

  core::result<std::shared_ptr<dead_letter_sink>> make_dead_letters() {
    const auto& description = options_.pipeline->dead_letter;
    if (!description || std::holds_alternative<config::console_sink>(description->to))
      return std::make_shared<console_dead_letters>();
    if (const auto* kafka = std::get_if<config::kafka_sink>(&description->to)) {
      auto made = producer(kafka->brokers, kafka->properties);
      if (!made)
        return tl::unexpected{made.error()};
      return std::make_shared<kafka_dead_letters>(*made, kafka->topic);
    }
    auto opened = file(std::get<config::file_sink>(description->to).path);
    if (!opened)
      return tl::unexpected{opened.error()};
    return std::make_shared<file_dead_letters>(*opened);
  }

  backend_options options_;
  std::string main_brokers_;
  std::string transactional_id_;
  local_store* store_ = nullptr;
  std::function<void()> on_report_;
  std::map<std::string, std::shared_ptr<kafka_producer>> producers_;
  std::map<std::string, topic_limits> limits_; ///< by brokers
  std::map<std::string, std::shared_ptr<append_file>> files_;
};

class kafka_backend final : public backend {
public:
  kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) :
      options_{std::move(options)}, source_{std::get<config::kafka_source>(options_.pipeline->source.from)},
      transactional_{config::effective_guarantee(*options_.pipeline) == config::guarantee::exactly_once},
      consumer_{std::move(consumer)}, outputs_{options_, source_.brokers} {}

  core::result<std::shared_ptr<const output_set>> open(std::function<void()> on_report) override {
    main_.reset();
    const auto id = transactional_ ? options_.pipeline->name + "-" + options_.node : std::string{};
    auto set = outputs_.open(id, nullptr, on_report);
    if (!set)
      return tl::unexpected{set.error()};
    auto main = outputs_.producer({}, {});
    if (!main)
      return tl::unexpected{main.error()};
    if (transactional_ && (*main)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
      return core::fail("cannot start transactions: " + (*main)->last_error());
    main_ = *main;
    (*set)->changelog = std::make_shared<kafka_changelog>(main_, options_.pipeline->name + "-state");
    return std::shared_ptr<const output_set>{*set};
  }

  void poll() override { outputs_.poll(); }
  bool holds() const override { return transactional_; }
  bool waits_for_sinks() const override { return !transactional_; }

  broker_answer begin() override { return transactional_ ? main_->begin() : broker_answer::ok; }

  broker_answer send_offsets(const std::vector<core::partition_offset>& offsets) override {
    if (!transactional_)
      return consumer_->commit(offsets);
    return main_->send_offsets(source_.topic, offsets, consumer_->group_metadata().get(), call_timeout);
  }

  broker_answer commit() override { return transactional_ ? main_->commit(call_timeout) : broker_answer::ok; }
  broker_answer abort() override {
    // The same records in the same batches would be refused again.
    if (outputs_.size_was_refused())
      return broker_answer::fatal;
    return transactional_ ? main_->abort(call_timeout) : broker_answer::ok;
  }

private:
  backend_options options_;
  config::kafka_source source_;
  bool transactional_;
  std::shared_ptr<kafka_consumer> consumer_;
  outputs outputs_;
  std::shared_ptr<kafka_producer> main_;
};

class local_backend final : public backend {
public:
  local_backend(backend_options options, std::shared_ptr<local_store> store) :
      store_{std::move(store)}, outputs_{std::move(options), {}} {}

  core::result<std::shared_ptr<const output_set>> open(std::function<void()> on_report) override {
    store_->abort();
    auto set = outputs_.open({}, store_.get(), on_report);
    if (!set)
      return tl::unexpected{set.error()};
    (*set)->changelog = store_;
    return std::shared_ptr<const output_set>{*set};
  }

  void poll() override { outputs_.poll(); }
  bool holds() const override { return true; }
  bool waits_for_sinks() const override { return true; }
  broker_answer begin() override { return broker_answer::ok; }
  broker_answer send_offsets(const std::vector<core::partition_offset>&) override { return broker_answer::ok; }

  broker_answer commit() override {
    auto lengths = outputs_.sync_files();
    auto committed = lengths ? store_->commit(*lengths) : core::result<void>{tl::unexpected{lengths.error()}};
    if (committed)
      return broker_answer::ok;
    if (const auto text = committed.error().text(); is_news(text))
      spdlog::error("{}", text);
    return broker_answer::fatal;
  }

  // What the files hold beyond the last commit is cut off when they are opened anew.
  broker_answer abort() override {
    store_->abort();
    return broker_answer::fatal;
  }

private:
  std::shared_ptr<local_store> store_;
  outputs outputs_;
};

} // namespace

kafka_properties properties_of(const std::string& brokers, const std::map<std::string, std::string>& extra) {
  kafka_properties properties{extra.begin(), extra.end()};
  properties["bootstrap.servers"] = brokers;
  return properties;
}

void fence(const config::pipeline& pipeline, const config::kafka_source& source, const std::string& node) {
  producer_options options;
  options.properties = properties_of(source.brokers, connection_properties(source.properties));
  options.transactional_id = pipeline.name + "-" + node;
  spdlog::info("the transaction that node {} left open is aborted", node);
  auto producer = kafka_producer::make(options, [] {});
  if (producer && (*producer)->init_transactions(milliseconds{10'000}) != broker_answer::ok)
    spdlog::warn("node {} could not be fenced: {}", node, (*producer)->last_error());
}

std::unique_ptr<backend> make_kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer) {
  return std::make_unique<kafka_backend>(std::move(options), std::move(consumer));
}

std::unique_ptr<backend> make_local_backend(backend_options options, std::shared_ptr<local_store> store) {
  return std::make_unique<local_backend>(std::move(options), std::move(store));
}

} // namespace weir::io
