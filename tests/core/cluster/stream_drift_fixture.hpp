#pragma once

#include "core/cluster/stream_drift.hpp"

#include "core/cluster/drift_collector.hpp"
#include "core/commit/changelog_replay.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {

struct stream_record {
  double value;
  const char* text;
};

/// Lanes, the supervisor, and what travels between them.
class stream_drift_fixture : public ::testing::Test {
protected:
  static constexpr std::uint8_t tag = 13;

  struct lane {
    std::shared_ptr<drift_collector> counts;
    changelog_replay log;
    std::int64_t next = 0;
  };

  struct cluster {
    std::shared_ptr<const stream_drift_plan> plan;
    std::shared_ptr<drift_board> board = std::make_shared<drift_board>();
    std::vector<lane> lanes;
    drift_merger node; ///< that the lanes run on
    stream_drift supervisor;
    std::vector<std::string> on_their_way;
    stream_drift::instant now{};

    cluster(std::shared_ptr<const stream_drift_plan> of, std::size_t count) :
        plan{of}, lanes(count), node{of}, supervisor{of, std::chrono::seconds{30}} {
      for (auto& l : lanes)
        l.counts = std::make_shared<drift_collector>(plan, board, tag);
    }

    std::set<partition_id> running() const {
      std::set<partition_id> all;
      for (std::size_t i = 0; i < lanes.size(); ++i)
        all.insert(partition_id{static_cast<std::int32_t>(i)});
      return all;
    }

    void feed(std::size_t to, const std::vector<stream_record>& records) {
      auto raw = std::make_shared<raw_block>();
      raw->partition = partition_id{static_cast<std::int32_t>(to)};
      auto values = std::make_shared<column>();
      auto texts = std::make_shared<column>();
      texts->type = column_type::string;
      batch b;
      for (const auto& r : records) {
        b.rows.push_back(static_cast<row_index>(raw->size()));
        raw->append(lanes[to].next++, 0, nullptr, 0, "", 0);
        values->f64.push_back(r.value);
        texts->text.push_back(r.text);
      }
      b.raw = std::move(raw);
      b.columns = {values, texts};
      lanes[to].counts->process(b);
    }

    /// Of one lane; the changes of a lane without records are not kept.
    void commit(std::size_t of) {
      auto& l = lanes[of];
      record_block changes;
      l.counts->collect_changes(changes);
      for (std::size_t i = 0; i < changes.size(); ++i)
        ASSERT_TRUE(l.log.apply(changes.key(i), changes.value(i)));
      std::vector<std::string> told;
      l.counts->take_windows(partition_id{static_cast<std::int32_t>(of)}, offset{l.next}, told);
      for (auto& one : told) {
        EXPECT_LE(one.size(), most_bytes_of_an_update + 32 * 1024);
        EXPECT_TRUE(node.add(*decode_drift_update(one)));
        on_their_way.push_back(std::move(one));
      }
    }

    void deliver() {
      for (const auto& bytes : std::exchange(on_their_way, {})) {
        const auto update = decode_drift_update(bytes);
        ASSERT_TRUE(update) << update.error().text();
        EXPECT_TRUE(supervisor.hear(*update));
      }
    }

    void look() {
      supervisor.look(running(), now, 5);
      board->show(supervisor.progress());
    }

    /// Commits of all lanes until nothing is news any more.
    void settle() {
      for (int i = 0; i < 4; ++i) {
        for (std::size_t l = 0; l < lanes.size(); ++l)
          commit(l);
        deliver();
        look();
      }
    }

    /// As after kill -9: all that was not committed is gone.
    void restore(std::size_t which) {
      auto& l = lanes[which];
      l.counts = std::make_shared<drift_collector>(plan, board, tag);
      const auto changes = l.log.changes();
      for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto value = changes.value(i);
        const auto taken = l.counts->restore(changes.key(i), &value);
        ASSERT_TRUE(taken) << taken.error().text();
      }
      const auto whole = l.counts->finish_restore();
      ASSERT_TRUE(whole) << whole.error().text();
    }
  };

  static std::shared_ptr<stream_drift_plan> make_plan(std::uint64_t window = 1000) {
    auto plan = std::make_shared<stream_drift_plan>();
    plan->window = window;
    plan->baseline_size = 2000;
    plan->columns.resize(2);
    plan->columns[0].name = "value";
    plan->columns[0].of = 0;
    plan->columns[0].methods.assign(std::begin(default_number_methods), std::end(default_number_methods));
    plan->columns[0].drifts_as = "value_drifts";
    plan->columns[0].percent_as = "value_percent";
    plan->columns[1].name = "text";
    plan->columns[1].of = 1;
    plan->columns[1].is_text = true;
    plan->columns[1].methods.assign(std::begin(default_text_methods), std::end(default_text_methods));
    return plan;
  }

  /// So many records of the stream, in pieces; what is over is settled between them.
  /// @param choose the lane of a record
  static void feed_stream(cluster& into, const std::vector<stream_record>& records,
                          const std::function<std::size_t()>& choose, std::size_t piece = 250) {
    for (std::size_t begin = 0; begin < records.size(); begin += piece) {
      std::vector<std::vector<stream_record>> parts(into.lanes.size());
      for (auto i = begin; i < std::min(begin + piece, records.size()); ++i)
        parts[choose()].push_back(records[i]);
      for (std::size_t l = 0; l < parts.size(); ++l)
        if (!parts[l].empty())
          into.feed(l, parts[l]);
      into.settle();
    }
  }

  std::vector<stream_record> draw(std::size_t count, double shift, bool is_new = false) {
    static constexpr std::array texts{"berlin", "paris", "rome", "oslo", "lima"};
    std::vector<stream_record> all;
    for (std::size_t i = 0; i < count; ++i)
      all.push_back({normal(random) + shift, is_new && random() % 4 == 0 ? "mars" : texts[random() % texts.size()]});
    return all;
  }

  std::mt19937_64 random{7};
  std::normal_distribution<double> normal;
};

} // namespace weir::core
