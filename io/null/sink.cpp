#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"

#include <spdlog/spdlog.h>

#include <atomic>

namespace weir::io {

namespace {

using namespace config;

struct null_settings {};

constexpr std::array<field_info, 0> null_fields{};

/// Counts what it is given, and says how much it was when it ends.
class counted final : public sink {
public:
  ~counted() override { spdlog::info("the null sink took {} records, {} bytes", records_.load(), bytes_.load()); }

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    records_ += block->size();
    bytes_ += block->bytes.size();
    then(true);
    return {};
  }

private:
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_{0};
};

class null_sink final : public config::sink {
public:
  null_sink(const sink_kind& of, null_settings, yaml_section&) : config::sink{of} {}

  // There is nothing that could be written twice.
  bool joins(const connection&) const noexcept override { return true; }
  bool takes_dead_letters() const noexcept override { return false; }
  value::mapping show() const override { return {}; }
  preparation prepare(topic_clients&, const sink_role&) const override { return {}; }

  core::result<std::shared_ptr<io::sink>> open(output_opener&, const sink_role&) const override {
    return std::make_shared<counted>();
  }
  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener&) const override {
    return core::fail("dead letters would be lost in a null sink", {}, "give a file or a topic");
  }
};

} // namespace

constexpr sink_kind null_sink_kind = make_sink_kind<null_sink, null_settings, null_fields>(
    "null", "counts records and lets them go: for measurements", "{ null: {} }", false);

} // namespace weir::io
