#include "config/binding.hpp"
#include "core/base/fingerprint.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/detect/schema_watch.hpp"
#include "core/format/format.hpp"
#include "core/format/formats.hpp"
#include "core/keyed/clock_row_builder.hpp"
#include "core/keyed/paged_operator.hpp"
#include "steps/kinds.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::steps {

namespace {

using namespace config;
using core::batch;
using core::column_builder;
using core::column_id;
using core::column_type;
using core::row_index;

struct schema_change_settings {
  std::uint32_t learned_records = 100;
  new_column as;
  new_column reason;
};

constexpr std::array schema_change_fields{
    field<&schema_change_settings::learned_records>("schema_change",
                                                    "so many records of a lane teach which fields are usual beside the "
                                                    "schema's, and which are not in every record; "
                                                    "0: the schema says all",
                                                    required | between(0, 1'000'000)),
    field<&schema_change_settings::as>("as", "boolean column: does the record show a change that was not told before",
                                       required),
    field<&schema_change_settings::reason>("reason",
                                           "text column: which, with examples, for people; null without a change"),
};

/// At its place in a pipeline.
struct schema_step {
  core::schema_watch::options how;
  std::string name;
  std::size_t step = 0;
  column_id as = 0;
  std::optional<column_id> reason{};
};

/// The most bytes of an encoded watch: as many fields as it knows, with their names and examples.
constexpr std::size_t largest_watch = core::schema_watch::max_fields * 400;

std::string layout_of(const schema_step& of) {
  std::string text = (of.how.is_csv ? "rows, " : "schema, ") + std::to_string(of.how.learned_records);
  for (const auto& [name, type] : of.how.schema)
    text += ' ' + name + ' ' + std::string{to_string(type)};
  return text;
}

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

core::paged_table::options table_of(const schema_step& of, std::uint64_t bytes) {
  core::paged_table::options table;
  table.max_keys = 1;
  table.max_bytes = bytes;
  table.max_blob_bytes = largest_watch;
  table.identity = {static_cast<std::uint8_t>(state_tag::clocks), static_cast<std::uint8_t>(2 * of.step),
                    core::fingerprint(layout_of(of)), of.name};
  table.valid = [how = of.how](std::span<const std::byte> state) {
    return core::schema_watch{how}.decode(text_of(state));
  };
  return table;
}

/// It looks at every record that was read, for one with a value of another type is refused and reaches no step. What
/// such a one shows is said by a row of its own, which stands for no record. Behind each change another says that it is
/// over: so the next one makes an alert again.
class schema_operator final : public core::paged_operator {
public:
  schema_operator(std::shared_ptr<const schema_step> what, std::uint64_t bytes) :
      paged_operator{{table_of(*what, bytes)}}, what_{std::move(what)}, watch_{what_->how} {}

  std::string describe(std::string_view) const override { return "the state of '" + what_->name + "'"; }

  core::operator_counts counts() const noexcept override {
    auto counts = paged_operator::counts();
    counts.keys = watch_.fields();
    return counts;
  }

  void process(batch& b) override {
    as_.start(b.raw->size());
    reason_.start(b.raw->size());
    const auto record_at = [&raw = *b.raw](std::size_t at) {
      const auto row = static_cast<row_index>(at);
      const bool is_whole = raw.has_value(row) && !raw.is_cut(row);
      return std::pair{is_whole ? raw.value(row) : std::string_view{}, raw.offsets[row]};
    };
    if (!b.raw->empty() && !look(b, record_at))
      return;
    core::set_column(b, what_->as, as_.finish());
    if (auto column = reason_.finish(); what_->reason)
      core::set_column(b, *what_->reason, std::move(column));
  }

private:
  template <class Records>
  bool look(batch& b, const Records& record_at) {
    auto& blob = table().find_or_insert(std::nullopt);
    if (!is_loaded_ && !blob.empty())
      (void)watch_.decode(text_of(blob.bytes())); // it was valid when it was restored
    is_loaded_ = true;
    core::clock_row_builder beside{what_->step, b.raw->partition};
    auto alive = b.rows.begin();
    for (row_index row = 0; row < b.raw->size(); ++row) {
      const bool is_alive = alive != b.rows.end() && *alive == row;
      alive += is_alive ? 1 : 0;
      reason_.set_null(row);
      const auto [record, offset] = record_at(row);
      if (const auto news = watch_.look(row, record, offset, record_at); !news.empty())
        say(b, row, is_alive, news, beside);
    }
    watch_.end_batch(record_at);
    if (!beside.empty())
      b.clocks.push_back(beside.finish());
    bytes_.clear();
    watch_.encode(bytes_);
    if (blob.size() != bytes_.size() && !grow(0, blob, bytes_.size()))
      return false;
    blob.write(0, std::as_bytes(std::span{bytes_}));
    return true;
  }

  void say(const batch& b, row_index row, bool is_alive, const std::string& news, core::clock_row_builder& beside) {
    const auto time = b.raw->timestamps[row];
    if (is_alive)
      say(row, news);
    else
      say(beside, time, row, true, news);
    say(beside, time, row + 1, false, news);
  }

  void say(row_index row, const std::string& news) {
    as_.i64()[row] = 1;
    const auto begin = reason_.arena().size();
    reason_.arena() += news;
    reason_.set_valid(row);
    reason_.set_from_arena(row, begin);
  }

  void say(core::clock_row_builder& beside, std::int64_t time, row_index in_front_of, bool is_change,
           const std::string& news) const {
    beside.begin_row(time, in_front_of);
    beside.set(what_->as, is_change);
    if (what_->reason)
      beside.set(*what_->reason, news);
  }

  std::shared_ptr<const schema_step> what_;
  core::schema_watch watch_; ///< what the blob holds
  bool is_loaded_ = false;
  column_builder as_{column_type::boolean};
  column_builder reason_{column_type::string};
  std::string bytes_;
};

void bind(const schema_change_settings& s, binding& into) {
  const bool is_csv = into.plan().source_format == &core::csv_format;
  if (!is_csv && into.plan().source_format != &core::json_format)
    into.report("'schema_change' reads records of JSON and CSV, and the source's are of "
                + std::string{into.plan().source_format->name});
  if (is_csv && s.learned_records == 0)
    into.report("'schema_change' has to learn from some records of CSV: their fields are known by their places alone");
  schema_step what{
      .how = {.schema = {}, .learned_records = s.learned_records, .is_csv = is_csv, .dialect = into.plan().dialect},
      .name = s.as.text,
      .step = into.next_clock(),
      .as = into.make(s.as, column_type::boolean),
      .reason = s.reason.text.empty() ? std::nullopt : std::optional{into.make(s.reason, column_type::string)}};
  for (const auto& column : into.columns())
    if (column.from_source && !is_csv)
      what.how.schema.emplace_back(column.name, column.type);
  std::vector<column_id> made{what.as};
  if (what.reason)
    made.push_back(*what.reason);
  const auto shared = std::make_shared<const schema_step>(std::move(what));
  const auto most = core::paged_table::most_bytes_of(largest_watch);
  into.add_clock({.made = std::move(made), .tick_ms = 0}, {{s.as.text, most, most}, [shared](std::uint64_t bytes) {
                                                             return std::make_shared<schema_operator>(shared, bytes);
                                                           }});
}

} // namespace

constexpr step_kind schema_change = make_kind<schema_change_settings, schema_change_fields, bind>(
    "schema_change", "a field of the records that is new, gone or of another type: each change once, with examples",
    "{ schema_change: 100, as: schema_changed, reason: what_changed }");

} // namespace weir::steps
