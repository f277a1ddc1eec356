#pragma once

#include "actors/messages.hpp"

// What one may say to each actor. The comment above a handler is its contract; the implementation adds no surprises.

CAF_BEGIN_TYPE_ID_BLOCK(weir, caf::first_custom_type_id)
// the record path
CAF_ADD_ATOM(weir, weir::actors, ready_atom, "ready")     // a source has records, or a lane may start to read
CAF_ADD_ATOM(weir, weir::actors, credit_atom, "credit")   // so many bytes are through
CAF_ADD_ATOM(weir, weir::actors, window_atom, "window")   // so many bytes may be in flight from now on
CAF_ADD_ATOM(weir, weir::actors, written_atom, "written") // a sink has acknowledged a block, or lost it
CAF_ADD_ATOM(weir, weir::actors, pause_atom, "pause")     // read no more, or read on
CAF_ADD_ATOM(weir, weir::actors, eof_atom, "eof")         // a finite source has come to its end
// commits
CAF_ADD_ATOM(weir, weir::actors, cut_atom, "cut")         // send a barrier of this epoch
CAF_ADD_ATOM(weir, weir::actors, arrive_atom, "arrive")   // a lane's barrier has reached its emitter
CAF_ADD_ATOM(weir, weir::actors, done_atom, "done")       // a lane's barrier has passed its emitter
CAF_ADD_ATOM(weir, weir::actors, release_atom, "release") // the epoch is committed
CAF_ADD_ATOM(weir, weir::actors, failed_atom, "failed")   // a delivery failed for good
CAF_ADD_ATOM(weir, weir::actors, start_atom, "start")     // begin, or begin anew
CAF_ADD_ATOM(weir, weir::actors, lane_atom, "lane")       // a lane is there
CAF_ADD_ATOM(weir, weir::actors, finish_atom, "finish")   // commit what is done, end the lanes
CAF_ADD_ATOM(weir, weir::actors, lose_atom, "lose")       // the assignment is lost
CAF_ADD_ATOM(weir, weir::actors, hurry_atom, "hurry")     // commit soon
CAF_ADD_ATOM(weir, weir::actors, poll_atom, "poll")       // librdkafka has something to tell
CAF_ADD_ATOM(weir, weir::actors, leave_atom, "leave")     // leave the consumer group
// the node
CAF_ADD_ATOM(weir, weir::actors, assigned_atom, "assigned")
CAF_ADD_ATOM(weir, weir::actors, revoked_atom, "revoked")
CAF_ADD_ATOM(weir, weir::actors, restore_atom, "restore")   // read committed state back
CAF_ADD_ATOM(weir, weir::actors, restored_atom, "restored") // it is read, or cannot be
CAF_ADD_ATOM(weir, weir::actors, ended_atom, "ended")       // the lanes have ended
CAF_ADD_ATOM(weir, weir::actors, rewind_atom, "rewind")     // all since the last commit is undone
CAF_ADD_ATOM(weir, weir::actors, usurped_atom, "usurped")   // another process runs under this node's name, or may
CAF_ADD_ATOM(weir, weir::actors, down_atom, "shutdown")     // drain and end
// the cluster
CAF_ADD_ATOM(weir, weir::actors, frame_atom, "frame")     // what nodes say to each other
CAF_ADD_ATOM(weir, weir::actors, lead_atom, "lead")       // the supervisor is to live here, or no longer
CAF_ADD_ATOM(weir, weir::actors, drift_atom, "drift")     // windows of the stream's drift that are committed
CAF_ADD_ATOM(weir, weir::actors, panes_atom, "panes")     // panes of rolling averages that are committed
CAF_ADD_ATOM(weir, weir::actors, request_atom, "request") // an operator asks for something
CAF_ADD_TYPE_ID(weir, (weir::actors::lane_item))
CAF_ADD_TYPE_ID(weir, (weir::actors::raw_work))
CAF_ADD_TYPE_ID(weir, (weir::actors::batch_work))
CAF_ADD_TYPE_ID(weir, (weir::actors::lane_starts))
CAF_ADD_TYPE_ID(weir, (weir::actors::partition_list))
CAF_ADD_TYPE_ID(weir, (weir::actors::restored_states))
CAF_ADD_TYPE_ID(weir, (weir::actors::output_set_ptr))
CAF_ADD_TYPE_ID(weir, (weir::actors::cluster_view_ptr))
CAF_ADD_TYPE_ID(weir, (weir::core::goal))
CAF_ADD_TYPE_ID(weir, (weir::core::model_choice))
CAF_ADD_TYPE_ID(weir, (weir::core::model_answer))
CAF_ADD_TYPE_ID(weir, (weir::core::model_wish))
CAF_ADD_TYPE_ID(weir, (weir::actors::model_set_ptr))
CAF_ADD_TYPE_ID(weir, (weir::actors::loaded_models))
CAF_END_TYPE_ID_BLOCK(weir)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::lane_item)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::raw_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::batch_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::lane_starts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::partition_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::restored_states)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::output_set_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::cluster_view_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::core::goal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::core::model_choice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::core::model_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::core::model_wish)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::model_set_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::actors::loaded_models)

namespace weir::actors {

/// A stage that keeps the order of its lane.
using lane_stage_actor = caf::typed_actor<
    // Takes the next batch or barrier. They may arrive in any order; they are handled in the order of their numbers.
    caf::reacts_to<lane_item>>;

using partition_reader_actor = caf::typed_actor<
    // The source may have records: read while there is credit.
    caf::reacts_to<ready_atom>,
    // So many bytes are through. More than is in flight is a protocol error and ends the lane.
    caf::reacts_to<credit_atom, std::uint64_t>,
    // From now on so many bytes may be in flight.
    caf::reacts_to<window_atom, std::uint64_t>,
    // From the next barrier on, what is read is scored with these.
    caf::reacts_to<model_set_ptr>,
    // true: read no more until false. Barriers go on.
    caf::reacts_to<pause_atom, bool>,
    // It may be time for a tick.
    caf::reacts_to<caf::tick_atom>,
    // Send a barrier of this epoch after what has been read; after the last one read nothing.
    caf::reacts_to<cut_atom, std::uint64_t, bool>>;

/// Serves all lanes of the node; stateless.
using preprocessor_actor = caf::typed_actor<
    // Decodes and preprocesses a block, and sends the batch on to where the work says.
    caf::reacts_to<raw_work>>;

/// Serves all lanes of the node; stateless.
using inferencer_actor = caf::typed_actor<
    // Runs those steps of a stage that need no order, models among them, and sends the batch on to where the work says.
    caf::reacts_to<batch_work>>;

using emitter_actor = lane_stage_actor::extend<
    // Where credit goes back to; told once, before the first batch.
    caf::reacts_to<partition_reader_actor>,
    // The epoch is committed (or the lane is new and may begin): emit what was held, unless it was the last.
    caf::reacts_to<release_atom, std::uint64_t, bool>,
    // A sink has acknowledged a part of that ticket; false: some of it is lost for good.
    caf::reacts_to<written_atom, std::uint64_t, bool>>;

using committer_actor = caf::typed_actor<
    // Makes a producer if one is needed, opens a transaction if none is open, and tells the node: with its outputs when
    // they are new, else with null.
    caf::reacts_to<start_atom>,
    // Repeats the attempt of this number to make a producer, unless it is over.
    caf::reacts_to<start_atom, std::uint64_t>,
    // A lane takes part from now on: partition, next offset, its ends.
    caf::reacts_to<lane_atom, std::int32_t, std::int64_t, partition_reader_actor, emitter_actor>,
    // A lane's barrier waits for its sinks alone: partition, epoch.
    caf::reacts_to<arrive_atom, std::int32_t, std::uint64_t>,
    // A lane's barrier is through: partition, epoch, next offset, whether anything changed.
    caf::reacts_to<done_atom, std::int32_t, std::uint64_t, std::int64_t, bool>,
    // Something could not be delivered: the epoch is aborted.
    caf::reacts_to<failed_atom>,
    // Cuts once more, commits and ends the lanes, within so many milliseconds; then the node hears `ended`.
    caf::reacts_to<finish_atom, std::int64_t>,
    // Aborts at once; then the node hears `ended`.
    caf::reacts_to<lose_atom>,
    // Commits without waiting for the interval.
    caf::reacts_to<hurry_atom>,
    // It may be time for something.
    caf::reacts_to<caf::tick_atom>>;

using consumer_actor = caf::typed_actor<
    // It may be time to look.
    caf::reacts_to<caf::tick_atom>,
    // Joins the group, or joins it again.
    caf::reacts_to<start_atom>,
    // Repeats the attempt of this number to take partitions up, unless it is over.
    caf::reacts_to<start_atom, std::uint64_t>,
    // What was read back for the attempt of this number.
    caf::reacts_to<restored_atom, std::uint64_t, restored_states>,
    // The node was fenced again: whether another process has its name; the node hears `usurped`.
    caf::reacts_to<usurped_atom>,
    // The group has something to tell.
    caf::reacts_to<poll_atom>,
    // The lanes that `assigned` told of are there: fetch.
    caf::reacts_to<ready_atom>,
    // The lanes have ended: give the partitions back where the group waits for them, else take them up again. What is
    // taken up from now on bears this number.
    caf::reacts_to<ended_atom, std::uint64_t>,
    // The lanes have ended: leave the group until `start`. The number: as above.
    caf::reacts_to<leave_atom, std::uint64_t>,
    // Leaves the group and ends.
    caf::reacts_to<down_atom>>;

using restorer_actor = caf::typed_actor<
    // Reads the state of these partitions back, for the attempt of this number; the consumer hears `restored`.
    caf::reacts_to<restore_atom, std::uint64_t, partition_list>>;

using model_loader_actor = caf::typed_actor<
    // Loads these models; the node hears what came of it.
    caf::reacts_to<core::model_choice>,
    // It may be time to look at what is followed.
    caf::reacts_to<caf::tick_atom>>;

using lag_watch_actor = caf::typed_actor<
    // There are new lanes: asks where their partitions end.
    caf::reacts_to<start_atom>,
    // It may be time to ask.
    caf::reacts_to<caf::tick_atom>>;

using supervisor_actor = caf::typed_actor<
    // Alerts go to these from now on; what was not acknowledged goes out again.
    caf::reacts_to<output_set_ptr>,
    // A sink has acknowledged that alert; false: it has to go out again.
    caf::reacts_to<written_atom, std::uint64_t, bool>,
    // A report, panes or a request of a node.
    caf::reacts_to<frame_atom, std::string>,
    // Looks once more, has its alerts delivered within a bound, and ends.
    caf::reacts_to<finish_atom>,
    // It is time to look.
    caf::reacts_to<caf::tick_atom>>;

/// What one node may say to another.
using frame_actor = caf::typed_actor<
    // A frame (core/cluster/cluster_messages.hpp): of a node for the supervisor, or the supervisor's view.
    caf::reacts_to<frame_atom, std::string>>;

using peer_actor = frame_actor::extend<
    // The group gave this node the control partition, or took it away.
    caf::reacts_to<lead_atom, bool>,
    // A lane's panes (an encoded pane_update), committed.
    caf::reacts_to<panes_atom, std::string>,

    // What a lane has counted for the drift of the stream (an encoded drift_update), committed.
    caf::reacts_to<drift_atom, std::string>,
    // An operator wants this of the whole pipeline.
    caf::reacts_to<request_atom, core::goal>,
    // An operator, or what a step follows, wants it to score with another model.
    caf::reacts_to<request_atom, core::model_wish>,
    // The node has other models, or says this of what was proposed.
    caf::reacts_to<core::model_answer>,
    // The node's outputs, for a supervisor that lives here.
    caf::reacts_to<output_set_ptr>,
    // The lanes have ended: tells so, ends the supervisor if it lives here, and ends.
    caf::reacts_to<finish_atom>,
    // It may be time for something.
    caf::reacts_to<caf::tick_atom>>;

using node_actor = caf::typed_actor<
    // Starts everything.
    caf::reacts_to<start_atom>,
    // The committer has a producer; lanes use these outputs from now on.
    caf::reacts_to<start_atom, output_set_ptr>,
    // Partitions with their committed state: start their lanes, unless the number is not that of the last `ended`.
    caf::reacts_to<assigned_atom, std::uint64_t, lane_starts>,
    // Partitions are taken away (true: they are lost already): end the lanes.
    caf::reacts_to<revoked_atom, bool>,
    // The source of this node cannot be read: end. The text says why, unless the log does.
    caf::reacts_to<failed_atom>, caf::reacts_to<failed_atom, std::string>,
    // The committer has no lanes any more; false: the last epoch was aborted.
    caf::reacts_to<ended_atom, bool>,
    // All since the last commit is undone: build the lanes anew.
    caf::reacts_to<rewind_atom>,
    // The producer failed for good once more within a minute: another process may have this node's name.
    caf::reacts_to<usurped_atom>,
    // Another process has this node's name: which.
    caf::reacts_to<usurped_atom, std::string>,
    // A finite source's partition has come to its end.
    caf::reacts_to<eof_atom, std::int32_t>,
    // What the supervisor wants: credit of the lanes, and the pipeline's goal.
    caf::reacts_to<cluster_view_ptr>,
    // Nothing was heard of a supervisor for long: the lanes share the node's credit evenly.
    caf::reacts_to<credit_atom>,
    // The group gave this node the control partition, or took it away.
    caf::reacts_to<lead_atom, bool>,
    // An operator wants this of the whole pipeline.
    caf::reacts_to<request_atom, core::goal>,
    // An operator, or what a step follows, wants it to score with another model.
    caf::reacts_to<request_atom, core::model_wish>,
    // What the loader has loaded.
    caf::reacts_to<loaded_models>,
    // Drain within the shutdown time-out and end.
    caf::reacts_to<down_atom>>;

} // namespace weir::actors

namespace weir::actors {

/// A block for a preprocessor, and where its batch goes.
struct raw_work {
  std::uint64_t sequence = 0;
  core::raw_block_ptr raw;
  std::uint64_t charge = 0;
  lane_stage_actor next;
  model_set_ptr models;                      ///< to score it with
  std::vector<core::raw_block_ptr> labels{}; ///< that go with it
  std::optional<std::int64_t> tick_ms{};     ///< of a block without records: see core::batch
  bool is_last = false;                      ///< likewise
};

/// A batch for an inferencer, and where it goes then.
struct batch_work {
  core::batch_ptr batch;
  lane_stage_actor next;
  model_set_ptr models;
  std::size_t stage = 0; ///< of its lane, whose steps without order are to be run
};

} // namespace weir::actors
