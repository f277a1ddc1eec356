#include "cli/csv_table.hpp"
#include "cli/kafka_options.hpp"
#include "cli/kafka_patience.hpp"
#include "cli/output.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"

#include <array>
#include <map>
#include <memory>
#include <span>
#include <thread>

namespace weir::cli {

namespace {

struct consume_options {
  std::string topic;
  kafka_options kafka;
  std::string from = "beginning";
  std::uint64_t limit = 0; ///< 0: none
  bool with_key = false;
  bool exit_at_end = false;
  bool uncommitted = false;
  std::string format = "json";
};

/// One topic on its way to standard output.
class topic_printer {
public:
  explicit topic_printer(const consume_options& options) :
      options_{options}, patience_{"the topic '" + options.topic + "'"} {}

  exit_code run() {
    if (const auto code = connect(); code != exit_code::done)
      return code;
    auto out = output::open("-");
    catch_stop_signals();
    const io::kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_get_consumer(client_.get())};
    std::array<rd_kafka_message_t*, 1000> messages;
    while (!stop_requested && !failed_ && !is_over()) {
      // consume_batch_queue waits for a full batch: wait for one message and take what lies behind it.
      auto got = rd_kafka_consume_batch_queue(queue.get(), 0, messages.data(), messages.size());
      if (got == 0) {
        if (!out->flush())
          break;
        messages[0] = rd_kafka_consume_queue(queue.get(), 200);
        got = messages[0] != nullptr;
      }
      // Without an end to reach, an idle topic looks the same as one that is not back.
      if (options_.exit_at_end && patience_.is_over(clock::now()))
        fail(patience_.reason());
      for (auto* message : std::span{messages.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))}) {
        const io::kafka_ptr<rd_kafka_message_t> owner{message};
        take(*message, *out);
      }
    }
    if (not_json_ > 0)
      std::fprintf(stderr, "weir: left out %llu records that are no JSON objects\n",
                   static_cast<unsigned long long>(not_json_));
    if (const auto written = out->finish(); !written)
      return report(written.error());
    return failed_ ? exit_code::failed : exit_code::done;
  }

private:
  exit_code connect() {
    const auto properties = properties_of(
        options_.kafka, {{"group.id", "weir-consume"},
                         {"enable.auto.commit", "false"},
                         {"enable.partition.eof", options_.exit_at_end ? "true" : "false"},
                         {"isolation.level", options_.uncommitted ? "read_uncommitted" : "read_committed"},
                         {"queued.min.messages", "1000000"}});
    if (!properties)
      return report(properties.error(), exit_code::usage);
    auto conf = io::make_conf(*properties);
    if (!conf)
      return report(conf.error(), exit_code::bad_configuration);
    auto client = io::make_client(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!client)
      return report(client.error(), exit_code::bad_configuration);
    client_ = std::move(*client);
    rd_kafka_poll_set_consumer(client_.get());
    const auto partitions = partitions_of(client_.get(), options_.topic);
    if (!partitions)
      return report(partitions.error(), exit_code::unavailable);
    if (options_.exit_at_end)
      if (const auto found = find_ends(*partitions); !found)
        return report(found.error(), exit_code::unavailable);
    const auto assignment = io::make_partition_list(*partitions);
    for (int p = 0; p < *partitions; ++p)
      rd_kafka_topic_partition_list_add(assignment.get(), options_.topic.c_str(), p)->offset =
          options_.from == "end" ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(client_.get(), assignment.get());
    return exit_code::done;
  }

  // The ends as they stand now: those of a topic that is being written to move on and on.
  core::result<void> find_ends(int partitions) {
    for (std::int32_t p = 0; p < partitions; ++p) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      const auto err = query_ends(p, low, high);
      if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return core::fail(std::string{"cannot read the ends of the topic: "} + rd_kafka_err2str(err), options_.topic);
      if (low < high && options_.from != "end")
        ends_[p] = high;
    }
    return {};
  }

  rd_kafka_resp_err_t query_ends(std::int32_t partition, std::int64_t& low, std::int64_t& high) {
    constexpr auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(answer_timeout);
    while (true) {
      const auto err = rd_kafka_query_watermark_offsets(client_.get(), options_.topic.c_str(), partition, &low, &high,
                                                        static_cast<int>(timeout.count()));
      if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
        patience_.end_wait();
      else if (patience_.bears(err, clock::now())) {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        continue;
      }
      return err;
    }
  }

  bool is_over() const {
    return (options_.limit > 0 && printed_ >= options_.limit) || (options_.exit_at_end && ends_.empty());
  }

  // The last offset may be a transaction's own record, which no reader sees: then the next message, or the client's
  // word that there is none, tells that the end was passed.
  bool is_beyond_end(const rd_kafka_message_t& message) {
    if (!options_.exit_at_end)
      return false;
    const auto found = ends_.find(message.partition);
    if (found == ends_.end())
      return true;
    const bool beyond = message.offset >= found->second;
    if (message.offset + 1 >= found->second)
      ends_.erase(found);
    return beyond;
  }

  void take(const rd_kafka_message_t& message, output& out) {
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      patience_.end_wait();
      ends_.erase(message.partition);
      return;
    }
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      // The client has waited itself before it says that a topic is not there; of anything else it tries again.
      if (message.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || !patience_.bears(message.err, clock::now()))
        fail(rd_kafka_message_errstr(&message));
      return;
    }
    patience_.end_wait();
    if ((options_.limit > 0 && printed_ == options_.limit) || is_beyond_end(message))
      return;
    line_.clear();
    if (options_.with_key) {
      line_.append(static_cast<const char*>(message.key), message.key_len);
      line_ += '\t';
    }
    const std::string_view value{static_cast<const char*>(message.payload), message.len};
    if (options_.format == "csv") {
      if (!table_.append(value, line_)) {
        ++not_json_;
        return;
      }
    } else {
      line_ += message.payload != nullptr ? value : "null";
      line_ += '\n';
    }
    out.write(line_);
    ++printed_;
  }

  void fail(const char* why) {
    failed_ = true;
    report({why, options_.topic, {}}, exit_code::failed);
  }

  using clock = kafka_patience::clock;

  const consume_options& options_;
  kafka_patience patience_;
  io::client_ptr client_;
  csv_table table_;
  std::string line_;
  std::map<std::int32_t, std::int64_t> ends_; ///< of the partitions that are not yet read to their end
  std::uint64_t printed_ = 0;
  std::uint64_t not_json_ = 0;
  bool failed_ = false;
};

void declare(arguments verb) {
  const auto options = std::make_shared<consume_options>();
  verb.option("TOPIC", &options->topic).required();
  add_kafka_options(verb, options->kafka);
  verb.option("--from", &options->from).one_of({"beginning", "end"}).with_default();
  verb.option("--limit", &options->limit, "Stop after so many records").positive();
  verb.flag("--exit-at-end", options->exit_at_end, "Stop at the end of the topic instead of waiting for more");
  verb.flag("--read-uncommitted", options->uncommitted, "Records of open and aborted transactions too");
  verb.flag("--key", options->with_key, "The key and a tab before each record");
  verb.option("-o,--output", &options->format,
              "json: as it stands; csv: the fields of the first record are the columns")
      .one_of({"json", "csv"})
      .with_default();
  verb.run([options] {
    if (options->with_key && options->format == "csv")
      return report({"--key has no place in CSV", {}, {}}, exit_code::usage);
    return topic_printer{*options}.run();
  });
}

} // namespace

constexpr verb verbs::consume{"consume", "print the records of a Kafka topic, each on a line",
                              "weir consume scored --exit-at-end", declare};

} // namespace weir::cli
