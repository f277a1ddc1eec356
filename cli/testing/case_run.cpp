#include "cli/testing/case_run.hpp"

#include "cli/testing/json_text.hpp"
#include "config/lane_runner.hpp"
#include "core/cluster/panes.hpp"
#include "core/format/csv_text.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <utility>

namespace weir::cli {

namespace {

using config::yaml_node;

const yaml_node* member_of(const yaml_node& node, std::string_view name) {
  for (const auto& [key, value] : node.members)
    if (key->text == name)
      return value;
  return nullptr;
}

/// Makes raw records of what a case sends, in the source's format.
class record_maker {
public:
  record_maker(const config::pipeline& pipeline, const config::lane_plan& plan) :
      fields_{plan.source_fields}, is_rows_{plan.source_format->header != nullptr}, dialect_{plan.dialect} {
    for (const auto& field : pipeline.schema)
      if (field.key)
        key_ = field.name;
  }

  void append(const test_record& record, std::int64_t at, std::int64_t time, core::raw_block& into) const {
    const bool is_mapping = record.from != nullptr && record.from->shape == yaml_node::shape::mapping;
    const auto value = is_mapping ? text_of(*record.from) : record.from != nullptr ? record.from->text : record.line;
    const auto* key = is_mapping && !key_.empty() ? member_of(*record.from, key_) : nullptr;
    into.append(at, time, key != nullptr ? key->text.data() : nullptr, key != nullptr ? key->text.size() : 0,
                value.data(), value.size());
  }

private:
  std::string text_of(const yaml_node& record) const {
    if (!is_rows_)
      return json_of(record);
    std::string row;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i > 0)
        row += dialect_.delimiter;
      if (const auto* value = member_of(record, fields_[i]);
          value != nullptr && value->shape == yaml_node::shape::scalar)
        core::append_csv_text(value->text, row, dialect_);
    }
    return row;
  }

  std::vector<std::string> fields_;
  bool is_rows_;
  core::csv_dialect dialect_;
  std::string key_;
};

/// A lane without its actors.
class test_lane {
public:
  explicit test_lane(const config::lane_plan& plan) : plan_{plan}, lane_{plan}, writer_{plan.make_json_records()} {}

  core::result<void> run(core::raw_block_ptr block, case_outcome& into) {
    const auto now =
        block->timestamps.empty() ? 0 : *std::max_element(block->timestamps.begin(), block->timestamps.end());
    return lane_.run(std::move(block), now).map([&](const core::batch& done) { tell(done, into); });
  }

  core::result<void> end(case_outcome& into) {
    return lane_.end().map([&](const core::batch& done) { tell(done, into); });
  }

  /// Aggregates over the whole pipeline: of one lane, here.
  void tell_aggregates(case_outcome& into) {
    core::pane_merger merger{plan_.cluster_aggregates};
    core::record_block changes;
    for (const auto& one : lane_.operators()) {
      one->collect_changes(changes); // panes are taken behind it
      if (const auto bytes = one->take_panes({}, core::epoch{1}, core::offset{1}); !bytes.empty())
        if (const auto update = core::decode_pane_update(bytes))
          merger.add(*update);
    }
    for (std::size_t i = 0; i < plan_.cluster_aggregates.size(); ++i)
      if (const auto value = merger.statistic_of(i))
        into.aggregates[plan_.cluster_aggregates[i].name] = *value;
  }

private:
  void tell(const core::batch& b, case_outcome& into) {
    const auto records = writer_->write(b, b.rows);
    for (std::size_t i = 0; i < records.size(); ++i)
      into.output.emplace_back(records.value(i));
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i)
      into.alerts.emplace_back(b.alerts->value(i));
    const auto before = static_cast<std::ptrdiff_t>(into.dead_letters.size());
    b.for_each_rejection([&](const core::raw_block& raw, const core::rejection& one) {
      into.dead_letters.push_back(
          {static_cast<std::uint64_t>(raw.offsets[one.row]) + 1, std::string{core::to_string(one.stage)}, one.reason});
    });
    std::ranges::stable_sort(into.dead_letters.begin() + before, into.dead_letters.end(), {},
                             &test_dead_letter::record);
    into.filtered += b.filtered;
    for (const auto& block : b.taken)
      into.filtered += block->filtered;
  }

  const config::lane_plan& plan_;
  config::lane_runner lane_;
  std::unique_ptr<core::json_records> writer_;
};

} // namespace

core::result<case_outcome> run_case(const test_case& of, const config::pipeline& pipeline,
                                    const config::lane_plan& plan) {
  const record_maker make{pipeline, plan};
  test_lane lane{plan};
  case_outcome outcome;
  const std::size_t most = pipeline.batch.records;
  for (std::size_t begin = 0; begin < of.input.size(); begin += most) {
    auto block = std::make_shared<core::raw_block>();
    for (auto i = begin; i < std::min(begin + most, of.input.size()); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      make.append(of.input[i], at, of.time + at * of.interval.count(), *block);
    }
    block->seal();
    if (auto done = lane.run(std::move(block), outcome); !done)
      return tl::unexpected{std::move(done.error())};
  }
  if (auto done = lane.end(outcome); !done)
    return tl::unexpected{std::move(done.error())};
  lane.tell_aggregates(outcome);
  return outcome;
}

} // namespace weir::cli
