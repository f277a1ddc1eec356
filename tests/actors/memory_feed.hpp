#pragma once

#include "io/feed.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace weir::actors::test {

struct input_record {
  std::int64_t at = 0; ///< offset; a partition's have gaps
  std::string key;
  std::string value;
};

/// The records of each partition.
using input_records = std::vector<std::vector<input_record>>;

/// The block of some consecutive records of a partition.
inline core::raw_block_ptr block_of(core::partition_id partition, const input_record* begin, const input_record* end) {
  auto block = std::make_shared<core::raw_block>();
  block->partition = partition;
  for (; begin != end; ++begin)
    block->append(begin->at, 1000 * begin->at, begin->key.data(), begin->key.size(), begin->value.data(),
                  begin->value.size());
  block->seal();
  return block;
}

/// A finite source in memory. Records are there once arrive() has let them in.
class memory_feed final : public io::feed {
public:
  explicit memory_feed(const input_records& records) : parts_(records.size()) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      parts_[i] = std::make_shared<part>();
      parts_[i]->id = core::partition_id{static_cast<std::int32_t>(i)};
      parts_[i]->records = &records[i];
    }
  }

  const std::vector<std::string>& header() const noexcept override { return header_; }
  io::record_source_ptr partition(core::partition_id id) override {
    return std::make_unique<source>(parts_[static_cast<std::size_t>(value_of(id))]);
  }
  void start(const std::map<core::partition_id, core::offset>& from) override {
    for (const auto& [id, at] : from) {
      auto& p = *parts_[static_cast<std::size_t>(value_of(id))];
      while (p.read < p.records->size() && (*p.records)[p.read].at < value_of(at))
        ++p.read;
      p.there = p.read;
      p.started = true;
    }
  }
  std::optional<core::error> failure() const override { return {}; }
  void stop() override {}

  /// Lets more records of a partition in.
  void arrive(std::size_t partition, std::size_t count) {
    auto& p = *parts_[partition % parts_.size()];
    if (!p.started)
      return;
    p.there = std::min(p.there + count, p.records->size());
    if (p.wake_up)
      p.wake_up();
  }

  /// The next read of a partition throws, which ends the reader.
  void break_read(std::size_t partition) { parts_[partition % parts_.size()]->is_broken = true; }

private:
  struct part {
    core::partition_id id{};
    const std::vector<input_record>* records = nullptr;
    std::size_t read = 0;
    std::size_t there = 0;
    bool started = false;
    bool is_broken = false;
    std::function<void()> wake_up;
  };

  class source final : public io::record_source {
  public:
    explicit source(std::shared_ptr<part> of) : of_{std::move(of)} {}
    ~source() override { of_->wake_up = nullptr; }

    core::raw_block_ptr read(const io::read_limits& limits) override {
      if (std::exchange(of_->is_broken, false))
        throw std::runtime_error{"a broken source"};
      const auto count = std::min(limits.records, of_->there - of_->read);
      if (!of_->started || count == 0)
        return nullptr;
      const auto* begin = of_->records->data() + of_->read;
      of_->read += count;
      return block_of(of_->id, begin, begin + count);
    }
    void on_ready(std::function<void()> wake_up) override { of_->wake_up = std::move(wake_up); }
    bool exhausted() const override { return of_->started && of_->read == of_->records->size(); }
    std::int64_t high_watermark() const override { return -1; }

  private:
    std::shared_ptr<part> of_;
  };

  std::vector<std::string> header_;
  std::vector<std::shared_ptr<part>> parts_;
};

} // namespace weir::actors::test
