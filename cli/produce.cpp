#include "cli/format_option.hpp"
#include "cli/kafka_options.hpp"
#include "cli/pace.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "config/units.hpp"
#include "core/format/format.hpp"
#include "io/file/record_file.hpp"

#include <memory>
#include <optional>

namespace weir::cli {

namespace {

struct produce_options {
  std::string path;
  std::string topic;
  kafka_options kafka;
  std::string key;
  const core::format_kind* format = nullptr; ///< null: as the file's name says
  double rate = 0;
  std::chrono::milliseconds time{0}; ///< 0: to the end of the file
  std::uint64_t limit = 0;           ///< 0: to the end of the file
  int create = 0;                    ///< partitions; 0: the topic has to be there
};

/// One file on its way into one topic.
class file_producer {
public:
  explicit file_producer(const produce_options& options) : options_{options}, pace_{options.rate} {}

  exit_code run() {
    const auto& format =
        options_.format != nullptr ? *options_.format : *core::format_of_file(options_.path, &core::json_format);
    auto file = io::record_file::open(options_.path, format, options_.key);
    if (!file)
      return report(file.error());
    if (format.header != nullptr)
      objects_ = format.header->make_objects((*file)->header(), {});
    if (const auto code = connect(); code != exit_code::done)
      return code;
    catch_stop_signals();
    send_all(**file);
    return finish();
  }

private:
  exit_code connect() {
    const auto properties = properties_of(
        options_.kafka, {{"partitioner", "murmur2_random"}, {"linger.ms", "20"}, {"enable.idempotence", "true"}});
    if (!properties)
      return report(properties.error(), exit_code::usage);
    auto conf = io::make_conf(*properties);
    if (!conf)
      return report(conf.error(), exit_code::bad_configuration);
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf->get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
      static_cast<file_producer*>(self)->on_delivery(*message);
    });
    auto client = io::make_client(RD_KAFKA_PRODUCER, std::move(*conf));
    if (!client)
      return report(client.error(), exit_code::bad_configuration);
    client_ = std::move(*client);
    if (options_.create > 0) {
      const io::topic_request wanted{options_.topic, options_.create, 1, {}};
      if (const auto made = io::create_topics(client_.get(), {wanted}, answer_timeout); !made)
        return report(made.error());
    }
    const auto partitions = partitions_of(client_.get(), options_.topic);
    if (!partitions)
      return report(partitions.error(), exit_code::unavailable);
    if (options_.create > 0 && *partitions != options_.create)
      say(tone::warning, "weir: warning: the topic '" + options_.topic + "' is there already and keeps its "
                             + std::to_string(*partitions) + " partitions; --create says "
                             + std::to_string(options_.create));
    topic_.reset(rd_kafka_topic_new(client_.get(), options_.topic.c_str(), nullptr));
    return exit_code::done;
  }

  void send_all(io::record_file& file) {
    const auto keep_waiting = [this] {
      rd_kafka_poll(client_.get(), 0);
      return !stop_requested && !is_over();
    };
    while (!stop_requested && !refused_ && !is_over()) {
      if (const auto wait = pace_.wait(line_.elapsed(), sent_); wait >= std::chrono::milliseconds{1}) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(wait).count();
        rd_kafka_poll(client_.get(), static_cast<int>(std::min<std::int64_t>(ms, 100)));
        continue;
      }
      const auto record = file.next(keep_waiting);
      if (!record)
        break;
      send_or_skip(*record);
      line_.update(sent_);
    }
    if (file.failure()) {
      refused_ = true;
      report(*file.failure(), exit_code::failed);
    }
  }

  bool is_over() const {
    return (options_.limit > 0 && sent_ == options_.limit)
           || (options_.time.count() > 0 && line_.elapsed() >= options_.time);
  }

  void send_or_skip(const io::record_file::record& record) {
    if (record.is_cut)
      return say_skipped({core::too_long_reason(), "line " + std::to_string(record.line), {}});
    if (!objects_)
      return send(record.key, record.text);
    const auto object = objects_->object_of(record.text);
    if (object)
      send(record.key, *object);
    else
      say_skipped({object.error().what, "line " + std::to_string(record.line), {}});
  }

  void send(std::optional<std::string_view> key, std::string_view value) {
    while (rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()),
                            value.size(), key ? key->data() : nullptr, key ? key->size() : 0, nullptr)
           != 0) {
      const auto err = rd_kafka_last_error();
      if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL && !stop_requested) {
        rd_kafka_poll(client_.get(), 100);
        continue;
      }
      if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
        say_skipped({"a record of " + std::to_string(value.size()) + " bytes is too large for the broker",
                     {},
                     "-X message.max.bytes=..., and the same for the topic"});
        return;
      }
      refused_ = err != RD_KAFKA_RESP_ERR__QUEUE_FULL;
      if (refused_)
        report({std::string{"cannot produce: "} + rd_kafka_err2str(err), {}, {}}, exit_code::unavailable);
      return;
    }
    if (++sent_ % 1024 == 0)
      rd_kafka_poll(client_.get(), 0);
  }

  exit_code finish() {
    // After Ctrl-C a broker that is away must not hold us.
    for (int waited = 0; rd_kafka_outq_len(client_.get()) > 0 && (!stop_requested || waited < 50); ++waited)
      rd_kafka_flush(client_.get(), 100);
    const auto pending = static_cast<std::uint64_t>(rd_kafka_outq_len(client_.get()));
    std::fprintf(stderr, "produced %llu records in %.1f s\n",
                 static_cast<unsigned long long>(sent_ - undelivered_ - pending), line_.seconds());
    if (skipped_ > 0)
      std::fprintf(stderr, "skipped %llu that could not be read or sent\n", static_cast<unsigned long long>(skipped_));
    if (undelivered_ + pending > 0) {
      report({std::to_string(undelivered_ + pending) + " records were not delivered"
                  + (delivery_error_.empty() ? "" : ": " + delivery_error_),
              {},
              {}},
             exit_code::failed);
      return exit_code::failed;
    }
    return skipped_ > 0 || refused_ ? exit_code::failed : exit_code::done;
  }

  void on_delivery(const rd_kafka_message_t& message) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++undelivered_;
      delivery_error_ = rd_kafka_err2str(message.err);
    }
  }

  void say_skipped(const core::error& error) {
    if (++skipped_ <= 10)
      report(error, exit_code::failed);
  }

  const produce_options& options_;
  std::unique_ptr<core::row_objects> objects_; ///< what rows behind a header go out as; null: records go as they are
  cli::pace pace_;
  progress line_{"produced"};
  io::client_ptr client_;
  io::kafka_ptr<rd_kafka_topic_t> topic_;
  std::uint64_t sent_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint64_t undelivered_ = 0;
  std::string delivery_error_;
  bool refused_ = false;
};

void declare(arguments verb) {
  const auto options = std::make_shared<produce_options>();
  verb.option("FILE", &options->path,
              "Records of any format; rows behind a header become JSON objects; - is standard input")
      .required();
  verb.option("-t,--topic", &options->topic).required();
  add_kafka_options(verb, options->kafka);
  verb.option("--key", &options->key, "Field whose value keys a record; without it records have no key");
  add_format_option(verb, options->format, core::formats(), "Default: as the file's name says, else json");
  verb.option("--rate", &options->rate, "Records a second").positive();
  verb.option(
      "--for",
      [options](const std::string& text) -> core::result<void> {
        const auto time = config::parse_duration(text);
        if (!time || time->count() == 0)
          return core::fail("must be a time like 500ms, 30s or 5m");
        options->time = *time;
        return {};
      },
      "Stop after this time: 500ms, 30s, 5m");
  verb.option("--limit", &options->limit, "Stop after so many records").positive();
  verb.option("--create", &options->create, "Make the topic, with so many partitions, if it is not there").positive();
  verb.run([options] { return file_producer{*options}.run(); });
}

} // namespace

constexpr verb verbs::produce{"produce", "write a file into a Kafka topic",
                              "weir produce transactions.csv --topic txn --key CustomerID --create 8", declare};

} // namespace weir::cli
