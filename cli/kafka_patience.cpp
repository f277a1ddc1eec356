#include "cli/kafka_patience.hpp"

#include "cli/say.hpp"

namespace weir::cli {

bool is_transient(rd_kafka_resp_err_t error) noexcept {
  switch (error) {
  case RD_KAFKA_RESP_ERR__TRANSPORT:
  case RD_KAFKA_RESP_ERR__TIMED_OUT:
  case RD_KAFKA_RESP_ERR__WAIT_COORD:
  case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
  case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
  case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
  case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
  case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
  case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
  case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
  case RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND:
  case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
  case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
  case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
  case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: // not every broker has heard of a new topic
  case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
  case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return true;
  default: return false;
  }
}

bool kafka_patience::bears(rd_kafka_resp_err_t error, clock::time_point now) {
  if (!is_transient(error))
    return false;
  last_ = error;
  if (!waits_)
    since_ = now;
  waits_ = true;
  if (!said_ && now - since_ >= silent) {
    said_ = true;
    say(tone::warning, "weir: waiting for " + what_ + ": " + reason());
  }
  return now - since_ < bound;
}

} // namespace weir::cli
