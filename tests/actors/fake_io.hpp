#pragma once

#include "io/output_set.hpp"
#include "io/record_source.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weir::actors::test {

/// A block of records without keys, the first at `first`, a second apart.
inline core::raw_block_ptr block_of(std::int64_t first, const std::vector<std::string>& records,
                                    core::partition_id partition = {}) {
  auto block = std::make_shared<core::raw_block>();
  block->partition = partition;
  for (const auto& record : records) {
    block->append(first, 1000 * first, nullptr, 0, record.data(), record.size());
    ++first;
  }
  block->seal();
  return block;
}

/// Hands out the blocks that it is given, one at a time.
class fake_source final : public io::record_source {
public:
  core::raw_block_ptr read(const io::read_limits&) override {
    if (blocks.empty())
      return nullptr;
    auto block = blocks.front();
    blocks.pop_front();
    return block;
  }
  void on_ready(std::function<void()> wake_up) override { wake = std::move(wake_up); }
  bool exhausted() const override { return finite && blocks.empty(); }
  std::int64_t high_watermark() const override { return -1; }
  std::int64_t end_reached() const override { return end; }
  std::optional<core::error> failure() const override { return broken; }

  std::deque<core::raw_block_ptr> blocks;
  std::int64_t end = -1;
  std::optional<core::error> broken;
  std::function<void()> wake;
  bool finite = false;
};

/// Keeps what it is given, and says that it is through when the test says so.
class fake_sink final : public io::sink {
public:
  std::vector<io::refusal> write(core::record_block_ptr block, core::partition_id, io::delivered then) override {
    std::vector<io::refusal> refused;
    for (std::size_t i = 0; i < block->size(); ++i)
      if (refuses.contains(std::string{block->value(i)}))
        refused.push_back({i, "too large"});
      else
        values.emplace_back(block->value(i));
    open.push_back(std::move(then));
    return refused;
  }

  void report(bool ok) {
    for (auto& then : std::exchange(open, {}))
      then(ok);
  }

  std::set<std::string> refuses;
  std::vector<std::string> values;
  std::vector<io::delivered> open; ///< not reported yet
};

class fake_dead_letters final : public io::dead_letter_sink {
public:
  void write(const std::vector<io::dead_letter>& letters, io::delivered then) override {
    for (const auto& letter : letters)
      texts.push_back(std::string{letter.value} + ": " + std::string{letter.stage} + ": " + std::string{letter.reason});
    open.push_back(std::move(then));
  }

  void report(bool ok) {
    for (auto& then : std::exchange(open, {}))
      then(ok);
  }

  std::vector<std::string> texts;
  std::vector<io::delivered> open;
};

class fake_changelog final : public io::changelog {
public:
  std::vector<io::refusal> write(core::record_block_ptr changes, core::partition_id, io::delivered then) override {
    std::vector<io::refusal> refused;
    for (std::size_t i = 0; i < changes->size(); ++i)
      if (changes->key(i) == refuses)
        refused.push_back({i, "too large"});
    blocks.push_back(std::move(changes));
    open.push_back(std::move(then));
    return refused;
  }

  void report(bool ok) {
    for (auto& then : std::exchange(open, {}))
      then(ok);
  }

  std::string refuses = "huge"; ///< records with this key
  std::vector<core::record_block_ptr> blocks;
  std::vector<io::delivered> open;
};

} // namespace weir::actors::test
