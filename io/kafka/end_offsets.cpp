#include "io/kafka/end_offsets.hpp"

#include <span>

namespace weir::io {

namespace {

class kafka_end_offsets final : public end_offsets {
public:
  kafka_end_offsets(client_ptr client, std::string topic) : client_{std::move(client)}, topic_{std::move(topic)} {}

  // An entry keeps the "time" that it was asked with, which is below 0, when its broker does not answer.
  std::map<core::partition_id, core::offset> ask(const std::vector<core::partition_id>& partitions,
                                                 std::chrono::milliseconds timeout) override {
    auto list = make_partition_list(static_cast<int>(partitions.size()));
    for (const auto partition : partitions)
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), value_of(partition))->offset = RD_KAFKA_OFFSET_END;
    rd_kafka_offsets_for_times(client_.get(), list.get(), static_cast<int>(timeout.count()));
    std::map<core::partition_id, core::offset> out;
    for (const auto& entry : std::span{list->elems, static_cast<std::size_t>(list->cnt)})
      if (entry.err == RD_KAFKA_RESP_ERR_NO_ERROR && entry.offset >= 0)
        out[core::partition_id{entry.partition}] = core::offset{entry.offset};
    return out;
  }

private:
  client_ptr client_;
  std::string topic_;
};

} // namespace

core::result<std::unique_ptr<end_offsets>> open_end_offsets(const kafka_properties& properties,
                                                            const std::string& topic) {
  auto client = make_reader(properties, true); // the group's client tells of brokers that are away
  if (!client)
    return tl::unexpected{client.error()};
  return std::make_unique<kafka_end_offsets>(std::move(*client), topic);
}

} // namespace weir::io
