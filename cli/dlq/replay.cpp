#include "cli/dlq/replay.hpp"

#include "cli/dlq/replayed.hpp"
#include "cli/file_or_topic.hpp"
#include "cli/output.hpp"
#include "cli/pace.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "io/kafka/topic_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace weir::cli {

namespace {

using core::fail;

constexpr std::size_t most_of_a_transaction = 500;
constexpr int transaction_ms = 30'000;
constexpr int most_tries = 4;

/// A name as Kafka takes it for a topic, of a file or a topic.
std::string topic_like(const std::string& name) {
  auto made = std::filesystem::path{name}.filename().string();
  std::ranges::replace_if(
      made, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '_' && c != '-'; }, '-');
  return made;
}

/// Makes a transactional call, again while its answer says that that helps.
template <class Call>
core::result<void> until_decided(Call call) {
  std::string last;
  for (int tries = 0; tries < most_tries && !stop_requested; ++tries) {
    const io::kafka_ptr<rd_kafka_error_t> error{call()};
    if (!error)
      return {};
    const auto code = rd_kafka_error_code(error.get());
    if (code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH)
      return fail("another replay of these letters has begun");
    last = rd_kafka_error_string(error.get());
    if (rd_kafka_error_is_retriable(error.get()) == 0)
      return fail(last);
  }
  return stop_requested ? fail("the replay was stopped") : core::result<void>{core::cannot_reach(last)};
}

/// The letters on their way back, in transactions.
class replayer {
public:
  explicit replayer(const replay_options& options) :
      options_{options}, own_{topic_like(options.letters.from)}, pace_{options.rate} {}

  core::result<void> run(const letter_filter& chosen) {
    if (auto good = connect(); !good)
      return good;
    auto good = for_each_letter(options_.letters, [&](letter&& one) { return take(chosen, std::move(one)); });
    if (good || is_full_)
      good = send();
    return good;
  }

  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t known() const noexcept { return known_; }
  std::uint64_t cut() const noexcept { return cut_; }

private:
  std::string marks_topic() const { return own_ + "-replayed"; }

  core::result<void> connect() {
    auto properties = properties_of(options_.letters.kafka, {});
    if (!properties)
      return tl::unexpected{properties.error()};
    properties_ = *properties;
    auto of_producer = properties_;
    of_producer["transactional.id"] = "weir-dlq-" + own_;
    of_producer["transaction.timeout.ms"] = std::to_string(2 * transaction_ms);
    of_producer["partitioner"] = "murmur2_random";
    auto client = io::make_client(RD_KAFKA_PRODUCER, of_producer);
    if (!client)
      return tl::unexpected{client.error()};
    client_ = std::move(*client);
    if (auto made =
            io::create_topics(client_.get(), {{marks_topic(), 1, -1, {{"cleanup.policy", "compact"}}}}, answer_timeout);
        !made)
      return made;
    // Ends what a replay that died has left open. So what is marked by now is all that was replayed.
    if (auto begun = until_decided([&] { return rd_kafka_init_transactions(client_.get(), transaction_ms); }); !begun)
      return begun;
    return io::read_messages(
        {*properties, marks_topic(), {}, {}}, [] { return !stop_requested; },
        [&](const rd_kafka_message_t& message) {
          return marks_.take({static_cast<const char*>(message.key), message.key_len},
                             {static_cast<const char*>(message.payload), message.len});
        });
  }

  core::result<void> take(const letter_filter& chosen, letter&& one) {
    if (!chosen.takes(one))
      return {};
    if (marks_.contains(one.own_partition, one.own_offset)) {
      ++known_;
      return {};
    }
    if (one.cut > 0) {
      ++cut_;
      return {};
    }
    if (options_.to.empty() && names_a_path(one.topic))
      return fail("the records were read from the file '" + one.topic + "'", place_of(options_.letters, one),
                  "name a topic by --to");
    if (auto there = find_topic(options_.to.empty() ? one.topic : options_.to); !there)
      return there;
    waiting_.push_back(std::move(one));
    is_full_ = options_.limit > 0 && sent_ + waiting_.size() >= options_.limit;
    if (is_full_)
      return fail("enough is replayed");
    return waiting_.size() < most_of_a_transaction && options_.rate <= 0 ? core::result<void>{} : send();
  }

  static bool names_a_path(const std::string& topic) { return names_a_file(topic); }

  /// A topic that has to be there. Asked by a reader: some brokers make the topics that a producer asks for.
  core::result<void> find_topic(const std::string& name) {
    if (topics_.contains(name))
      return {};
    auto reader = io::make_reader(properties_);
    if (!reader)
      return tl::unexpected{reader.error()};
    if (auto found = partitions_of(reader->get(), name); !found)
      return tl::unexpected{found.error()};
    topics_.insert(name);
    return {};
  }

  core::result<void> send() {
    if (waiting_.empty())
      return {};
    wait_for_turn();
    if (auto begun = until_decided([&] { return rd_kafka_begin_transaction(client_.get()); }); !begun)
      return begun;
    auto good = produce_all().and_then(
        [&] { return until_decided([&] { return rd_kafka_commit_transaction(client_.get(), transaction_ms); }); });
    if (!good) {
      (void)until_decided([&] { return rd_kafka_abort_transaction(client_.get(), transaction_ms); });
      return good;
    }
    sent_ += waiting_.size();
    waiting_.clear();
    line_.update(sent_);
    return {};
  }

  void wait_for_turn() const {
    while (!stop_requested) {
      const auto wait = pace_.wait(line_.elapsed(), sent_);
      if (wait < std::chrono::milliseconds{1})
        return;
      std::this_thread::sleep_for(std::min<pace::duration>(wait, std::chrono::milliseconds{100}));
    }
  }

  core::result<void> produce_all() {
    std::map<std::int32_t, std::vector<std::int64_t>> offsets;
    for (const auto& one : waiting_) {
      if (auto good = produce(one); !good)
        return good;
      offsets[one.own_partition].push_back(one.own_offset);
    }
    for (auto& [partition, some] : offsets) {
      std::ranges::sort(some);
      const auto key = replayed_letters::key_of(partition, some.front());
      const auto ranges = replayed_letters::ranges_of(some);
      if (auto good = produce(marks_topic(), RD_KAFKA_PARTITION_UA, key, ranges, nullptr); !good)
        return good;
    }
    return {};
  }

  /// To the partition that it came in by, where it goes back to its topic; else its key chooses.
  core::result<void> produce(const letter& one) {
    auto* headers = rd_kafka_headers_new(1);
    const auto from = place_of(options_.letters, one);
    rd_kafka_header_add(headers, "weir.replayed", -1, from.data(), static_cast<ssize_t>(from.size()));
    auto good = produce(options_.to.empty() ? one.topic : options_.to,
                        options_.to.empty() ? one.partition : RD_KAFKA_PARTITION_UA, one.key, one.value, headers);
    if (!good)
      good.error().where = from;
    return good;
  }

  core::result<void> produce(const std::string& topic, std::int32_t partition, const std::optional<std::string>& key,
                             const std::optional<std::string>& value, rd_kafka_headers_t* headers) {
    while (true) {
      const auto err = rd_kafka_producev(
          client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_KEY((key ? key->data() : nullptr), (key ? key->size() : 0)),
          RD_KAFKA_V_VALUE((value ? const_cast<char*>(value->data()) : nullptr), (value ? value->size() : 0)),
          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
      if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
      if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL || stop_requested) {
        if (headers != nullptr)
          rd_kafka_headers_destroy(headers);
        return fail(std::string{"cannot write to '"} + topic + "': " + rd_kafka_err2str(err));
      }
      rd_kafka_poll(client_.get(), 100);
    }
  }

  const replay_options& options_;
  std::string own_; ///< what its topic and its transactions are called by
  cli::pace pace_;
  progress line_{"replayed"};
  io::kafka_properties properties_;
  io::client_ptr client_;
  std::set<std::string> topics_; ///< that are there
  replayed_letters marks_;
  std::vector<letter> waiting_; ///< for a transaction
  std::uint64_t sent_ = 0;
  std::uint64_t known_ = 0;
  std::uint64_t cut_ = 0;
  bool is_full_ = false;
};

exit_code end_of(const core::result<void>& good, std::uint64_t sent, std::uint64_t known, std::uint64_t cut) {
  std::printf("replayed %llu records\n", static_cast<unsigned long long>(sent));
  if (known > 0)
    std::printf("passed over %llu that were replayed before\n", static_cast<unsigned long long>(known));
  if (cut > 0)
    say(tone::warning,
        "weir: warning: left out " + std::to_string(cut) + " that are cut: the letter has not the whole record");
  return good                          ? exit_code::done
         : good.error().is_unreachable ? report(good.error())
                                       : report(good.error(), exit_code::failed);
}

exit_code write_to_file(const replay_options& options, const letter_filter& chosen) {
  std::error_code ignored;
  if (options.out != "-" && std::filesystem::exists(options.out, ignored))
    return report({"'" + options.out + "' is there already", {}, "name another file"}, exit_code::usage);
  auto out = output::open(options.out);
  if (!out)
    return report(out.error());
  std::uint64_t written = 0;
  const auto good = for_each_letter(options.letters, [&](letter&& one) -> core::result<void> {
    if (!chosen.takes(one) || !one.value || (options.limit > 0 && written == options.limit))
      return {};
    out->write(*one.value + '\n');
    ++written;
    return {};
  });
  if (auto done = out->finish(); !done)
    return report(done.error());
  return good ? exit_code::done : report(good.error(), exit_code::failed);
}

} // namespace

exit_code replay(const replay_options& options) {
  const auto chosen = letter_filter::make(options.letters.where);
  if (!chosen)
    return report(chosen.error(), exit_code::usage);
  catch_stop_signals();
  if (!options.out.empty())
    return write_to_file(options, *chosen);
  replayer all{options};
  const auto good = all.run(*chosen);
  return end_of(good, all.sent(), all.known(), all.cut());
}

} // namespace weir::cli
