#include "cli/training_reader.hpp"

#include "cli/csv_input.hpp"
#include "config/lane_runner.hpp"
#include "core/base/wall_clock.hpp"
#include "core/format/format.hpp"
#include "core/format/header_check.hpp"
#include "core/format/type_guess.hpp"
#include "io/file/record_file.hpp"
#include "io/kafka/topic_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace weir::cli {

namespace {

using core::column_type;
using core::fail;
using keep_going = std::function<bool()>;

constexpr std::size_t block_records = 2048;
constexpr std::size_t block_bytes = 1u << 20;

/// By the columns of a header, in its order.
using type_guesses = std::vector<std::pair<std::string, core::type_guess>>;

core::result<void> take_file(const std::string& path, type_guesses& into) {
  auto file = csv_input::open(path, ',');
  if (!file)
    return tl::unexpected{file.error()};
  std::vector<std::size_t> place;
  for (const auto& name : file->header()) {
    auto known = std::find_if(into.begin(), into.end(), [&](const auto& column) { return column.first == name; });
    place.push_back(static_cast<std::size_t>(known - into.begin()));
    if (known == into.end())
      into.emplace_back(name, core::type_guess{});
  }
  core::csv_fields fields;
  while (const auto row = file->next())
    if (fields.read(row->text)) // what cannot be read is refused when it is learned from
      for (std::size_t i = 0; i < std::min(place.size(), fields.size()); ++i)
        into[place[i]].second.take_field(fields[i]);
  if (file->failure())
    return tl::unexpected{*file->failure()};
  return {};
}

/// Records on their way through the steps.
class block_runner {
public:
  block_runner(const config::lane_plan& plan, const std::vector<std::string>& header, row_gatherer& into) :
      steps_{plan, core::unbounded_state, header}, into_{into} {}

  core::result<void> run(core::raw_block_ptr block) {
    return steps_.run(std::move(block)).map([&](const core::batch& cleaned) { into_.add(cleaned); });
  }

private:
  config::lane_runner steps_;
  row_gatherer& into_;
};

/// The next records of a file; null: there are none.
core::raw_block_ptr next_block(io::record_file& file, std::int64_t now_ms, std::int64_t& offset) {
  auto block = std::make_shared<core::raw_block>();
  while (block->size() < block_records && block->text.size() < block_bytes) {
    const auto record = file.next([] { return true; });
    if (!record)
      break;
    block->append(offset++, now_ms, nullptr, 0, record->text.data(), record->text.size());
    if (record->is_cut)
      block->flags.back() |= core::raw_block::cut;
  }
  if (block->empty())
    return nullptr;
  block->seal();
  return block;
}

core::result<void> check_fields(const config::training& of, const config::training_data_entry& entry,
                                const std::vector<std::string>& header) {
  std::vector<std::string> fields;
  for (const auto& field : of.cleaning.schema)
    fields.push_back(field.name);
  auto good = entry.format->header != nullptr
                  ? core::check_header(header, fields, "the schema", "write the file with commas")
                  : core::result<void>{};
  if (!good)
    good.error().where = entry.file + ":1";
  return good;
}

core::result<void> read_file(const config::training& of, const config::training_data_entry& entry,
                             const config::lane_plan& plan, const keep_going& ask, row_gatherer& into) {
  auto file = io::record_file::open(entry.file, *entry.format, {});
  if (!file)
    return tl::unexpected{file.error()};
  if (auto good = check_fields(of, entry, (*file)->header()); !good)
    return good;
  block_runner steps{plan, (*file)->header(), into};
  const auto now = core::now_ms();
  std::int64_t offset = 0;
  while (const auto block = next_block(**file, now, offset)) {
    if (!ask())
      return fail("the reading was stopped", entry.name());
    if (auto good = steps.run(block); !good)
      return good;
  }
  if ((*file)->failure())
    return tl::unexpected{*(*file)->failure()};
  return {};
}

core::result<void> read_topic(const config::training_topic& topic, const config::lane_plan& plan, const keep_going& ask,
                              row_gatherer& into) {
  const auto now = core::now_ms();
  const auto time_of = [&](const config::topic_place& place) {
    return place.has_time() ? std::optional{place.time_at(now)} : std::nullopt;
  };
  block_runner steps{plan, {}, into};
  return io::read_topic({io::properties_of(topic.brokers.text, topic.properties), topic.topic.text, time_of(topic.from),
                         time_of(topic.to)},
                        ask, [&](core::raw_block_ptr block) { return steps.run(std::move(block)); });
}

} // namespace

core::result<void> guess_schema(config::training& of) {
  if (!of.cleaning.schema.empty())
    return {};
  type_guesses columns;
  for (const auto& entry : of.data)
    if (!entry.topic && entry.format->header != nullptr)
      if (auto good = take_file(entry.file, columns); !good)
        return good;
  for (const auto& [name, guess] : columns) {
    const bool is_time = guess.type() == column_type::timestamp; // no feature yet, but a category
    of.cleaning.schema.push_back({name, is_time ? column_type::string : guess.type(), false, false, {}, false});
  }
  return {};
}

core::result<training_rows> read_training_rows(const config::training& of, const keep_going& ask) {
  std::vector<config::lane_plan> plans;
  for (const auto& entry : of.data) {
    auto plan = config::bind_training(of, *entry.format);
    if (!plan)
      return fail(plan.error().front().text());
    plans.push_back(std::move(*plan));
  }
  // Which column is which does not depend on a format.
  row_gatherer rows{of, *plans.front().columns};
  for (std::size_t i = 0; i < of.data.size(); ++i) {
    const auto& entry = of.data[i];
    auto good = entry.topic ? read_topic(*entry.topic, plans[i], ask, rows) : read_file(of, entry, plans[i], ask, rows);
    if (!good)
      return tl::unexpected{std::move(good.error())};
  }
  return rows.finish();
}

} // namespace weir::cli
