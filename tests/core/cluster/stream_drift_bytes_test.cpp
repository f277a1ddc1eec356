#include "core/cluster/stream_drift.hpp"

#include "core/base/byte_codec.hpp"
#include "tests/core/cluster/stream_drift_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::core {
namespace {

using stream_drift_bytes_test = stream_drift_fixture;

TEST_F(stream_drift_bytes_test, a_lane_holds_no_more_than_it_said) {
  auto plan = make_plan();
  plan->columns[0].how.baseline = drift_baseline::sliding;
  cluster all{plan, 1};
  for (int i = 0; i < 40; ++i) {
    all.feed(0, draw(5000, 0));
    all.settle();
    ASSERT_LE(all.lanes[0].counts->counts().bytes, drift_collector::needs(*plan).least);
  }
  EXPECT_GT(all.supervisor.standing().window, 10u);
  EXPECT_LE(drift_collector::bytes_per_column, 64u * 1024);
}

TEST_F(stream_drift_bytes_test, refuses_state_of_other_settings_and_state_that_is_damaged) {
  cluster all{make_plan(), 1};
  feed_stream(all, draw(4000, 0), [] { return 0; });
  const auto log = all.lanes[0].log.changes();
  auto other = make_plan();
  other->columns[0].how.bins = 20;
  const std::string_view first = log.value(0);
  EXPECT_EQ(drift_collector(other, all.board, tag).restore(log.key(0), &first).error().text(),
            "the state of the drift of the stream was written with other settings (restore what it was, or delete the "
            "pipeline's state)");
  for (int i = 0; i < 2000; ++i) {
    drift_collector into{all.plan, all.board, tag};
    for (std::size_t r = 0; r < log.size(); ++r) {
      std::string value{log.value(r)};
      value[random() % value.size()] ^= static_cast<char>(1 + random() % 255);
      if (random() % 3 == 0)
        value.resize(random() % value.size());
      const std::string_view bytes = value;
      (void)into.restore(log.key(r), &bytes);
    }
    if (into.finish_restore()) {
      std::vector<std::string> told;
      into.take_windows(partition_id{0}, offset{1}, told);
    }
  }
}

TEST_F(stream_drift_bytes_test, survives_updates_that_nobody_wrote) {
  cluster all{make_plan(), 2};
  feed_stream(all, draw(6000, 0), [] { return 1; });
  std::vector<std::string> updates;
  for (const auto& update : all.node.updates())
    updates.push_back(encode(update));
  ASSERT_FALSE(updates.empty());
  for (int i = 0; i < 3000; ++i) {
    auto bytes = updates[random() % updates.size()];
    bytes[random() % (i % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 60))] ^=
        static_cast<char>(1 + random() % 255);
    if (const auto update = decode_drift_update(bytes))
      (void)all.supervisor.hear(*update);
    if (i % 50 == 0)
      all.supervisor.look(all.running(), all.now, 1);
  }
}

TEST_F(stream_drift_bytes_test, what_is_told_of_a_stream_travels_as_it_is) {
  cluster all{make_plan(), 2};
  auto at = std::size_t{0};
  feed_stream(all, draw(5000, 0), [&] { return at++ % 2; });
  std::string bytes;
  put(bytes, all.supervisor.progress());
  put(bytes, all.supervisor.standing());
  byte_reader in{bytes};
  drift_progress progress;
  drift_standing standing;
  ASSERT_TRUE(take(in, progress) && take(in, standing));
  EXPECT_EQ(in.left(), 0u);
  EXPECT_EQ(progress, all.supervisor.progress());
  std::string again;
  put(again, progress);
  put(again, standing);
  EXPECT_EQ(again, bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    byte_reader part{std::string_view{bytes}.substr(0, size)};
    EXPECT_FALSE(take(part, progress) && take(part, standing)) << size;
  }
}

} // namespace
} // namespace weir::core
