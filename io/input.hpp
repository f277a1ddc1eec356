#pragma once

#include "config/lane_plan.hpp"
#include "config/pipeline.hpp"
#include "io/backend.hpp"
#include "io/committed_states.hpp"
#include "io/consumer_group.hpp"
#include "io/end_offsets.hpp"
#include "io/feed.hpp"
#include "io/kafka/control_topic.hpp"
#include "io/kafka/names.hpp"
#include "io/label_reader.hpp"
#include "io/preparation.hpp"
#include "io/store/local_store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace weir::io {

/// A source whose partitions a consumer group hands out.
struct group_input {
  std::shared_ptr<consumer_group> group;
  std::shared_ptr<committed_states> states;
  std::shared_ptr<control_topic> control;
  std::shared_ptr<label_topic> labels{};  ///< null: no model has any
  std::shared_ptr<end_offsets> ends{};    ///< null: only what is read tells of the lag
  core::start_rule start{};               ///< where partitions begin
  int partitions = 1;                     ///< that everything was prepared for
  std::function<preparation()> prepare{}; ///< looks again, where partitions were added; empty: nobody adds any
};

/// A source all of whose partitions are this node's.
struct feed_input {
  std::function<core::result<std::shared_ptr<feed>>()> open;
  std::shared_ptr<local_store> store;
  std::int32_t partitions = 1;
};

/// A source that was opened: what a node reads from, and what it commits with.
struct input {
  std::variant<feed_input, group_input> from;
  std::shared_ptr<io::backend> backend;
};

/// What a source is opened for.
struct input_options {
  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
  std::string node;   ///< its name
  int partitions = 1; ///< of the source, as prepare() found
};

} // namespace weir::io
