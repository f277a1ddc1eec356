#include "core/keyed/paged_operator.hpp"

#include "core/keyed/long_keys.hpp"

#include <algorithm>

namespace weir::core {

namespace {

bool is_of(std::string_view key, const paged_table& table) noexcept {
  const auto& id = table.identity();
  return key.size() >= 2 && static_cast<std::uint8_t>(key[0]) == id.tag
         && (static_cast<std::uint8_t>(key[1]) & 0x7f) == id.table;
}

} // namespace

paged_operator::paged_operator(std::vector<paged_table::options> tables) : tag_{tables.front().identity.tag} {
  for (auto& settings : tables)
    tables_.push_back(std::make_unique<paged_table>(std::move(settings)));
}

bool paged_operator::owns(std::string_view key) const noexcept {
  return std::any_of(tables_.begin(), tables_.end(), [&](const auto& table) { return is_of(key, *table); });
}

void paged_operator::collect_changes(record_block& into) {
  for (auto& table : tables_)
    table->collect_changes(into);
}

result<void> paged_operator::restore(std::string_view key, const std::string_view* value) {
  const auto of = std::find_if(tables_.begin(), tables_.end(), [&](const auto& table) { return is_of(key, *table); });
  return (of == tables_.end() ? tables_.front() : *of)->restore(key, value);
}

result<void> paged_operator::finish_restore() {
  for (auto& table : tables_)
    if (auto whole = table->finish_restore(); !whole)
      return whole;
  return {};
}

operator_counts paged_operator::counts() const noexcept {
  operator_counts sum;
  for (const auto& table : tables_)
    sum += {.keys = table->size(), .evictions = table->evictions(), .bytes = table->bytes()};
  return sum;
}

bool paged_operator::grow(std::size_t table, paged_blob& blob, std::size_t size) {
  if (blob.resize(size))
    return true;
  if (!failure_)
    failure_ = tables_[table]->no_room(size);
  return false;
}

void paged_operator::reject_long_keys(batch& b, column_id by, std::string_view name) {
  core::reject_long_keys(b, by, name);
}

} // namespace weir::core
