#pragma once

#include "core/base/result.hpp"
#include "core/commit/commit_protocol.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::core {

/// What was found of a partition's committed state.
struct found_state {
  partition_id partition{};
  bool found = false; ///< false: nothing was ever committed
  offset next{};      ///< the state reflects all records below; when it was found
};

/// What the brokers say of a partition.
struct group_place {
  partition_id partition{};
  std::optional<offset> committed; ///< by the group
  offset log_start{};              ///< of the first record that the log still has
  offset log_end{};                ///< after its last
};

/// Where a partition begins that the group has no offset of: Kafka's `auto.offset.reset`.
enum class offset_reset : std::uint8_t { earliest, latest, error };

struct start_rule {
  offset_reset without_offset = offset_reset::earliest;
  bool accepts_loss = false; ///< it goes on where retention has removed records before they were read
};

/// Where a lane begins.
struct lane_origin {
  partition_id partition{};
  offset next{};          ///< of the first record that it reads
  std::uint64_t lost = 0; ///< offsets in front of it that the log has no more and the state does not reflect
};

/// Where the lanes begin. Both lists hold the same partitions in the same order. A state and a group's offset that
/// differ are an error: they are committed together, so somebody has changed one of them.
/// @param source its name, for the error
result<std::vector<lane_origin>> origins_of(const std::vector<found_state>& states,
                                            const std::vector<group_place>& places, start_rule rule,
                                            const std::string& source);

/// Why lanes must not begin at all: records that were never read are gone and the rule does not allow for it, or there
/// is no offset to begin with. Nothing: they may.
std::optional<error> why_not_begin(const std::vector<group_place>& places, start_rule rule, const std::string& source);

/// A log that ends in front of the group's offset: it was made anew, or has lost its last records. A leader that has
/// just been elected may say the same for a moment. Nothing: there is none.
std::optional<error> log_cut_short(const std::vector<group_place>& places, const std::string& source);

/// What taking partitions up commands. restore() and ask_places() may answer before they return, as their last act;
/// the others must not call back.
class take_up_commands {
public:
  virtual ~take_up_commands() = default;

  /// Restore these partitions' states, and say so by restored(), with the same number.
  virtual void restore(std::uint64_t number, const std::vector<partition_id>& partitions) = 0;

  /// Ask for the group's offsets and the bounds of the logs, and say them by places_known(), with the same number.
  virtual void ask_places(std::uint64_t number, const std::vector<partition_id>& partitions) = 0;

  /// Call retry() with this number after a while.
  virtual void retry_later(std::uint64_t number, const error& why) = 0;

  /// No attempt will be better: end this node.
  virtual void give_up(const error& why) = 0;

  /// The states of this number are restored: start lanes with them, and say so by lanes_started().
  /// @param round that lanes_ended() has told last
  virtual void start_lanes(std::uint64_t round, const std::vector<lane_origin>& lanes) = 0;

  /// The partitions are taken away (`lost`: they are already): end the lanes, and say so by lanes_ended().
  virtual void end_lanes(bool lost) = 0;

  /// Fetch from the group's partitions.
  virtual void fetch(const std::vector<partition_offset>& from, bool with_control) = 0;

  /// Fetch no more; a rebalance that waits for this goes on.
  virtual void let_go() = 0;

  virtual void join() = 0;
  virtual void leave() = 0;

  /// Whether this node has the control partition, and so leads.
  virtual void lead(bool on) = 0;

  /// Whether it is known which lanes this node has.
  virtual void know_lanes(bool known) = 0;
};

/// Takes up the partitions that the consumer group assigns, and gives them back: restores the lanes' states, compares
/// them with the group's offsets, has lanes started, and fetches once they are there. An attempt that fails is repeated
/// after a while. Attempts are numbered: what is said of one that is over is ignored.
///
/// Single-threaded, no clock and no I/O of its own.
class take_up {
public:
  take_up(take_up_commands& commands, std::string source, start_rule rule = {}) :
      commands_{commands}, source_{std::move(source)}, rule_{rule} {}

  /// Becomes a member of the group, or becomes one again.
  void join();

  /// Leaves the group and lets all go. The lanes must have ended. What the group says before the next join() is
  /// answered, and no more.
  /// @param round as of lanes_ended()
  void leave(std::uint64_t round);

  /// The group's side.
  void assigned(std::vector<partition_id> partitions, bool with_control);
  void revoked(bool lost);

  /// The lanes' side. Lanes that have ended, for whatever reason, are taken up again unless the group waits for their
  /// partitions.
  /// @param round to be told with the next lanes, so that older ones are known by theirs
  void lanes_started();
  void lanes_ended(std::uint64_t round);

  void restored(std::uint64_t number, result<std::vector<found_state>> states);
  void places_known(std::uint64_t number, const result<std::vector<group_place>>& places);
  void retry(std::uint64_t number);

private:
  enum class phase : std::uint8_t {
    out,       ///< no member
    idle,      ///< without partitions of the source, or on the way there
    restoring, ///< an attempt runs, or waits for its repetition
    starting,  ///< lanes were asked for
    fetching,
    returning ///< the group waits for the partitions
  };

  void begin();
  void start();
  bool is_current(std::uint64_t number) const noexcept { return phase_ == phase::restoring && number == number_; }
  void fail(const error& why) { commands_.retry_later(number_, why); }
  void contradict(const error& why);

  take_up_commands& commands_;
  std::string source_;
  start_rule rule_;
  phase phase_ = phase::out;
  std::uint64_t number_ = 0; ///< of the attempt
  std::uint64_t round_ = 0;
  std::vector<partition_id> partitions_;
  bool control_ = false;
  bool reassigned_ = false; ///< while it was returning
  std::vector<found_state> states_;
  std::vector<group_place> places_; ///< of the attempt; empty: not known yet
  int contradictions_ = 0;          ///< attempts in a row that found what cannot be
  std::vector<partition_offset> from_;
};

} // namespace weir::core
