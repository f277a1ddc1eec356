#include "core/alert/alert_summary.hpp"
#include "core/base/fingerprint.hpp"
#include "core/base/fnv1a.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/keyed/paged_operator.hpp"
#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
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

struct new_category_settings {
  keyed_columns columns;
  std::uint32_t max_categories = 1000;
  std::uint32_t min_count = 100;
};

constexpr auto new_category_fields =
    join(std::array{field<&new_category_settings::columns, &keyed_columns::of>(
                        "new_category", "the column whose categories are watched: of any type but double", required),
                    field<&new_category_settings::columns, &keyed_columns::flag>(
                        "as", "boolean column: was the category never seen before; null where it is null", required),
                    field<&new_category_settings::columns, &keyed_columns::reason>(
                        "reason", "text column: why it is an anomaly, for people; null without one"),
                    field<&new_category_settings::max_categories>(
                        "max_categories", "that are known at a time: the least recently seen goes, and is then new",
                        between(1, 10'000)),
                    field<&new_category_settings::min_count>(
                        "min_count", "with fewer records before it no category is new", between(1, 1'000'000))},
         memory_fields<&new_category_settings::columns>);

void complete(new_category_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

/// A detector of new categories, at its place in a pipeline.
struct category_watch {
  column_id of = 0;
  std::string of_name;
  std::optional<column_id> by{}; ///< absent: one for the lane
  std::string by_name{};
  column_id as = 0;
  std::string as_name{};
  std::optional<column_id> reason{};
  std::size_t max_categories = 0;
  std::uint64_t min_count = 0;
  std::size_t max_keys = 1;
  std::uint8_t table = 0; ///< of the lane's steps with paged state
};

/// The state: a head, and the categories that are known, in no order. Two categories of one hash are one: of a thousand
/// that are known, that makes one new category in 2e16 pass.
struct head {
  std::uint64_t records;
  std::uint64_t unused;
};
struct known_category {
  std::uint64_t hash;
  std::uint64_t last_seen; ///< the number of the record, from 1
};

std::span<known_category> known_in(std::span<std::byte> state) noexcept {
  return {reinterpret_cast<known_category*>(state.data() + sizeof(head)),
          (state.size() - sizeof(head)) / sizeof(known_category)};
}

std::size_t size_of(std::size_t categories) noexcept {
  return sizeof(head) + categories * sizeof(known_category);
}

bool is_whole(std::span<const std::byte> state, std::size_t max_categories) noexcept {
  return state.size() >= sizeof(head) && state.size() <= size_of(max_categories)
         && (state.size() - sizeof(head)) % sizeof(known_category) == 0;
}

core::paged_table::options table_of(const category_watch& what, std::uint64_t bytes) {
  core::paged_table::options table;
  table.max_keys = what.max_keys;
  table.max_bytes = bytes;
  table.identity = {static_cast<std::uint8_t>(state_tag::paged), what.table,
                    core::fingerprint("new_category of " + what.of_name + ", " + std::to_string(what.max_categories)
                                      + (what.by ? ", by " + what.by_name : "")),
                    what.as_name};
  table.valid = [most = what.max_categories](std::span<const std::byte> state) { return is_whole(state, most); };
  return table;
}

class category_operator final : public core::paged_operator {
public:
  category_operator(std::shared_ptr<const category_watch> what, std::uint64_t bytes) :
      paged_operator{{table_of(*what, bytes)}}, what_{std::move(what)} {}

  std::string describe(std::string_view) const override { return "the detector of '" + what_->as_name + "'"; }

  void process(batch& b) override {
    if (what_->by)
      reject_long_keys(b, *what_->by, what_->by_name);
    as_.start(b.raw->size());
    reason_.start(b.raw->size());
    const auto& categories = b.at(what_->of);
    core::paged_blob* memory = nullptr;
    for (const auto row : b.rows) {
      reason_.set_null(row);
      if (categories.is_null(row)) {
        as_.set_null(row);
        continue;
      }
      if (what_->by)
        memory = &table().find_or_insert(b.at(*what_->by), row);
      else if (memory == nullptr)
        memory = &table().find_or_insert(std::nullopt);
      if (!look(categories, row, *memory))
        return;
    }
    core::set_column(b, what_->as, as_.finish());
    if (what_->reason)
      core::set_column(b, *what_->reason, reason_.finish());
  }

private:
  static std::uint64_t hash_of(const core::column& categories, row_index row) noexcept {
    return core::mixed(categories.type == column_type::string ? core::fnv1a(categories.text[row])
                                                              : static_cast<std::uint64_t>(categories.i64[row]));
  }

  /// False: there is no room, and the lane ends.
  bool look(const core::column& categories, row_index row, core::paged_blob& memory) {
    if (memory.empty() && !grow(0, memory, sizeof(head)))
      return false;
    auto& records = reinterpret_cast<head*>(memory.change(0, sizeof(head)).data())->records;
    const auto before = records++;
    const auto now = records;
    const auto known = known_in(memory.unmarked());
    const auto hash = hash_of(categories, row);
    const auto found = std::ranges::find(known, hash, &known_category::hash);
    const auto at = static_cast<std::size_t>(found - known.begin());
    if (found != known.end()) {
      put(memory, at, {hash, now});
      return true;
    }
    if (before >= what_->min_count)
      say(categories, row, known.size(), before);
    if (known.size() < what_->max_categories) {
      if (!grow(0, memory, size_of(known.size() + 1)))
        return false;
      put(memory, at, {hash, now});
    } else {
      const auto oldest = std::ranges::min_element(known, {}, &known_category::last_seen);
      put(memory, static_cast<std::size_t>(oldest - known.begin()), {hash, now});
    }
    return true;
  }

  static void put(core::paged_blob& memory, std::size_t at, const known_category& what) noexcept {
    memory.write(size_of(at), std::as_bytes(std::span{&what, 1}));
  }

  void say(const core::column& categories, row_index row, std::size_t known, std::uint64_t records) {
    as_.i64()[row] = 1;
    if (!what_->reason)
      return;
    reason_.set_valid(row);
    auto& text = reason_.arena();
    const auto begin = text.size();
    text += what_->of_name + ' ';
    core::append_value(categories, row, text);
    text += known == what_->max_categories
                ? " is none of the " + std::to_string(known) + " categories that were seen last"
                : " is new: " + std::to_string(records) + (records == 1 ? " record" : " records") + " before it had "
                      + std::to_string(known) + (known == 1 ? " category" : " categories");
    reason_.set_from_arena(row, begin);
  }

  std::shared_ptr<const category_watch> what_;
  column_builder as_{column_type::boolean};
  column_builder reason_{column_type::string};
};

paged_step step_of(category_watch watch) {
  const auto what = std::make_shared<const category_watch>(std::move(watch));
  const std::uint64_t least = core::paged_table::most_bytes_of(size_of(what->max_categories));
  return {{what->as_name, least, what->by ? what->max_keys * least : least},
          [what](std::uint64_t bytes) { return std::make_shared<category_operator>(what, bytes); }};
}

void bind(const new_category_settings& s, binding& into) {
  const auto& names = s.columns;
  const auto of = into.use(names.of, wanted::key);
  const auto by = names.by ? into.use(*names.by, wanted::key) : std::nullopt;
  category_watch what{.of = of.value_or(0),
                      .of_name = names.of.text,
                      .by = by,
                      .by_name = names.by ? names.by->text : "",
                      .as = into.make(names.flag, column_type::boolean),
                      .as_name = names.flag.text,
                      .reason = into.make_if_named(names.reason, column_type::string),
                      .max_categories = s.max_categories,
                      .min_count = s.min_count,
                      .max_keys = names.max_keys.value_or(1),
                      .table = into.next_paged_table()};
  if (of && (by || !names.by) && !into.is_unknown(of) && !into.is_unknown(by))
    into.add_paged(step_of(std::move(what)));
}

} // namespace

constexpr step_kind new_category = make_kind<new_category_settings, new_category_fields, bind, complete>(
    "new_category", "a category that was never seen before; a verdict alone, without a probability",
    "{ new_category: Device, by: CustomerID, as: never_seen }");

} // namespace weir::steps
