#include "io/kafka/end_offsets.hpp"

namespace weir::io {

namespace {

class kafka_end_offsets final : public end_offsets {
public:
  kafka_end_offsets(client_ptr client, std::string topic) : client_{std::move(client)}, topic_{std::move(topic)} {}

  std::map<core::partition_id, core::offset> ask(const std::vector<core::partition_id>& partitions,
                                                 std::chrono::milliseconds timeout) override {
    return log_offsets(client_.get(), topic_, partitions, RD_KAFKA_OFFSET_END, timeout);
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
