#include "io/kafka/partition_source.hpp"

#include "io/news.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::io {

partition_source::partition_source(std::shared_ptr<rd_kafka_t> client, std::string topic, core::partition_id id,
                                   kafka_ptr<rd_kafka_queue_t> queue, std::vector<std::string> headers) :
    client_{std::move(client)},
    topic_{std::move(topic)}, id_{id}, queue_{std::move(queue)}, headers_{std::move(headers)} {}

partition_source::~partition_source() {
  rd_kafka_queue_cb_event_enable(queue_.get(), nullptr, nullptr);
}

core::raw_block_ptr partition_source::read(const read_limits& limits) {
  std::array<rd_kafka_message_t*, chunk_> messages;
  std::shared_ptr<core::raw_block> block;
  while (true) {
    const auto room = block ? limits.records - block->size() : limits.records;
    // A chunk is taken whole, so near the byte limit it has to be small: as many as would fit at the size seen so
    // far.
    auto want = std::min(chunk_, room);
    if (block)
      want = std::min(want, std::max<std::size_t>(1, (limits.bytes - block->text.size()) * block->size()
                                                         / std::max<std::size_t>(1, block->text.size())));
    else
      want = std::min(want, next_chunk_);
    const auto got = rd_kafka_consume_batch_queue(queue_.get(), 0, messages.data(), want);
    if (got <= 0)
      break;
    if (!block) {
      block = std::make_shared<core::raw_block>();
      block->partition = id_;
      reserve(*block, limits);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      take(*messages[i], *block);
      rd_kafka_message_destroy(messages[i]);
    }
    if (block->size() >= limits.records || block->text.size() >= limits.bytes)
      break;
  }
  if (!block || block->empty())
    return nullptr;
  bytes_per_record_ = std::max<std::size_t>(16, block->text.size() / block->size());
  next_chunk_ = std::clamp<std::size_t>(limits.bytes / bytes_per_record_, 1, chunk_);
  block->seal();
  return block;
}

void partition_source::take(const rd_kafka_message_t& message, core::raw_block& into) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    into.append(message.offset, rd_kafka_message_timestamp(&message, nullptr), static_cast<const char*>(message.key),
                message.key_len, static_cast<const char*>(message.payload), message.len);
    if (!headers_.empty())
      take_headers(message, into);
  } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    end_reached_ = message.offset;
  } else if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
    failure_ = core::error{"the log of " + topic_ + "/" + std::to_string(value_of(id_))
                               + " does not have the record that comes next: " + rd_kafka_message_errstr(&message),
                           {},
                           {}};
  } else {
    warn_of(topic_ + "/" + std::to_string(value_of(id_)) + " cannot be read now: " + rd_kafka_err2str(message.err));
  }
}

/// Of several of one name the last one counts. The client parses them when they are asked for.
void partition_source::take_headers(const rd_kafka_message_t& message, core::raw_block& into) const {
  rd_kafka_headers_t* all = nullptr;
  if (rd_kafka_message_headers(&message, &all) != RD_KAFKA_RESP_ERR_NO_ERROR)
    all = nullptr;
  into.headers.resize(headers_.size());
  for (std::size_t i = 0; i < headers_.size(); ++i) {
    const void* value = nullptr;
    std::size_t size = 0;
    const bool is_there =
        all != nullptr
        && rd_kafka_header_get_last(all, headers_[i].c_str(), &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR
        && value != nullptr;
    auto& values = into.headers[i];
    if (is_there)
      values.text.append(static_cast<const char*>(value), size);
    values.begin.push_back(static_cast<std::uint32_t>(values.text.size()));
    values.absent.push_back(is_there ? 0 : 1);
  }
}

void partition_source::on_ready(std::function<void()> wake_up) {
  wake_up_ = std::move(wake_up);
  rd_kafka_queue_cb_event_enable(queue_.get(), &partition_source::on_queue_event, this);
}

std::int64_t partition_source::high_watermark() const {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto err = rd_kafka_get_watermark_offsets(client_.get(), topic_.c_str(), value_of(id_), &low, &high);
  return err == RD_KAFKA_RESP_ERR_NO_ERROR ? high : -1;
}

void partition_source::reserve(core::raw_block& block, const read_limits& limits) const {
  const auto records = std::min(limits.records, std::max<std::size_t>(8, rd_kafka_queue_length(queue_.get()) + 8));
  block.begin.reserve(records + 1);
  block.key_begin.reserve(records + 1);
  block.flags.reserve(records);
  block.offsets.reserve(records);
  block.timestamps.reserve(records);
  block.text.reserve(std::min(limits.bytes + bytes_per_record_, records * (bytes_per_record_ + 16))
                     + core::raw_block::padding);
  block.keys.reserve(records * 16);
}

void partition_source::on_queue_event(rd_kafka_t*, void* opaque) {
  static_cast<partition_source*>(opaque)->wake_up_();
}

} // namespace weir::io
