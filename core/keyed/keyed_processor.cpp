#include "core/keyed/keyed_processor.hpp"

#include "core/base/fingerprint.hpp"
#include "core/batch/made_columns.hpp"
#include "core/detect/verdict.hpp"
#include "core/keyed/long_keys.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace weir::core {

namespace {

void mark_null(column& c, std::size_t size, row_index row) {
  if (c.null.empty())
    c.null.resize(size);
  c.null[row] = 1;
}

void scatter(const double* from, std::span<const row_index> rows, column& into) {
  bool missing = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    into.f64[rows[i]] = from[i];
    missing |= std::isnan(from[i]);
  }
  if (missing)
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (std::isnan(from[i])) {
        into.f64[rows[i]] = 0;
        mark_null(into, into.f64.size(), rows[i]);
      }
}

void scatter(const std::uint8_t* from, std::span<const row_index> rows, column& into) {
  bool missing = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    into.i64[rows[i]] = from[i];
    missing |= from[i] == keyed_results::unknown;
  }
  if (missing)
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (from[i] == keyed_results::unknown) {
        into.i64[rows[i]] = 0;
        mark_null(into, into.i64.size(), rows[i]);
      }
}

void scatter(const severity* from, std::span<const row_index> rows, column& into) {
  into.null.resize(into.text.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    into.text[rows[i]] = to_string(from[i]);
    into.null[rows[i]] = from[i] == severity::none;
  }
}

void scatter(const std::string* from, std::span<const row_index> rows, column_builder& into) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (from[i].empty()) {
      into.set_null(rows[i]);
      continue;
    }
    const auto begin = into.arena().size();
    into.arena() += from[i];
    into.set_from_arena(rows[i], begin);
  }
}

std::shared_ptr<column> empty_column(column_type type, std::size_t size) {
  auto c = std::make_shared<column>();
  c->type = type;
  if (type == column_type::float64)
    c->f64.resize(size);
  else if (type == column_type::string)
    c->text.resize(size);
  else
    c->i64.resize(size);
  return c;
}

} // namespace

// --- the plan ---

// The first group with this key that comes after whatever makes the step's inputs; else a new one.
void keyed_plan::place(const layout& columns, step s, std::optional<column_id> by, std::size_t max_keys,
                       const std::string& as) {
  std::size_t first = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const auto& other : groups_[g].steps) {
      const auto makes = [&](std::optional<column_id> id) {
        return id
               && (id == other.value || id == other.flag || id == other.anomaly_score || id == other.severity
                   || id == other.reason);
      };
      if (makes(by) || makes(s.time))
        first = std::max(first, g + 1);
      else if (makes(s.of))
        first = std::max(first, g);
    }
  const auto fits = [&](const group& g) {
    return g.by == by && g.max_keys == max_keys && g.state_size + s.run->state_size() <= largest_state_of_a_key;
  };
  const auto begin = groups_.begin() + static_cast<std::ptrdiff_t>(first);
  auto at = std::find_if(begin, groups_.end(), fits);
  if (at == groups_.end()) {
    group fresh;
    fresh.by = by;
    fresh.max_keys = max_keys;
    fresh.key_name = by ? columns[*by].name : "lane";
    fresh.layout = "by " + fresh.key_name + ' ' + std::string{by ? to_string(columns[*by].type) : ""};
    at = groups_.insert(groups_.end(), std::move(fresh));
  }
  s.state_offset = at->state_size;
  at->state_size += s.run->state_size();
  at->layout += "; " + s.run->state_layout() + " of " + columns[s.of].name + ' '
                + std::string{to_string(columns[s.of].type)} + (s.time ? " at " + columns[*s.time].name : "");
  at->steps_text += (at->steps_text.empty() ? "" : ", ") + as;
  at->steps.push_back(std::move(s));
}

result<void> keyed_plan::add(layout& columns, keyed_step wanted) {
  const auto as = wanted.name();
  if (const auto& of = columns[wanted.of]; of.type == column_type::string)
    return fail("'" + as + "' needs a number, and '" + of.name + "' is a string", {}, "encode it first");
  if (wanted.by && columns[*wanted.by].type == column_type::float64)
    return fail("'" + as + "' cannot be kept by '" + columns[*wanted.by].name + "': a double is no key", {},
                "declare it as int or string");
  if (wanted.time && columns[*wanted.time].type != column_type::timestamp)
    return fail("'" + as + "' takes its time from '" + columns[*wanted.time].name + "', which is no timestamp");
  if (const auto size = wanted.run->state_size(); size > largest_state_of_a_key)
    return fail("the window of '" + as + "' is too large: " + std::to_string(size)
                    + " bytes a key, and a record of the " + "state holds " + std::to_string(largest_state_of_a_key),
                {}, "use 'over' with fewer panes, or a smaller 'last'");
  step s{.run = std::move(wanted.run), .of = wanted.of, .time = wanted.time};
  const auto make = [&](const std::string& name, column_type type) {
    return name.empty() ? std::nullopt : std::optional{columns.add({.name = name, .type = type})};
  };
  s.value = make(wanted.value, column_type::float64);
  s.flag = make(wanted.flag, column_type::boolean);
  s.anomaly_score = make(wanted.anomaly_score, column_type::float64);
  s.severity = make(wanted.severity, column_type::string);
  s.reason = make(wanted.reason, column_type::string);
  const auto stateless = s.run->state_size() == 0;
  place(columns, std::move(s), stateless ? std::nullopt : wanted.by, stateless ? 1 : wanted.max_keys, as);
  return {};
}

std::vector<state_need> keyed_plan::state_needs() const {
  std::vector<state_need> needs;
  for (const auto& g : groups_) {
    const auto least = g.state_size == 0 ? 0 : key_table::bytes_per_key(g.state_size) + (g.by ? max_key_bytes : 0);
    needs.push_back({g.steps_text, least, g.by ? g.max_keys * least : least});
  }
  return needs;
}

std::unique_ptr<keyed_processor> keyed_plan::make_processor(keyed_tables tables,
                                                            std::span<const std::uint64_t> bytes) const {
  return std::make_unique<keyed_processor>(*this, tables, bytes);
}

// --- the processor ---

keyed_processor::keyed_processor(const keyed_plan& plan, keyed_tables tables, std::span<const std::uint64_t> bytes) :
    is_{tables} {
  for (const auto& g : plan.groups_) {
    key_table::options settings;
    settings.state_size = g.state_size;
    settings.max_keys = g.max_keys;
    if (!bytes.empty())
      settings.max_bytes = bytes[tables_.size()];
    const auto number = static_cast<std::uint8_t>(is_.first + tables_.size());
    settings.identity = {is_.tag, number, fingerprint(g.layout), g.steps_text};
    settings.valid = [steps = g.steps](const std::byte* state) {
      return std::all_of(steps.begin(), steps.end(),
                         [&](const auto& s) { return s.run->valid(state + s.state_offset); });
    };
    tables_.push_back({g, std::make_unique<key_table>(std::move(settings)), 0});
  }
}

void keyed_processor::make_columns(batch& b) {
  for (const auto& t : tables_)
    for (const auto& s : t.plan.steps) {
      for (const auto& [id, type] :
           {std::pair{s.value, column_type::float64}, std::pair{s.flag, column_type::boolean},
            std::pair{s.anomaly_score, column_type::float64}, std::pair{s.severity, column_type::string}})
        if (id) {
          made_.resize(std::max<std::size_t>(made_.size(), *id + 1));
          made_[*id] = empty_column(type, b.raw->size());
          set_column(b, *id, made_[*id]);
        }
      if (s.reason)
        texts_.try_emplace(*s.reason, column_type::string).first->second.start(b.raw->size());
    }
}

void keyed_processor::process(batch& b) {
  make_columns(b);
  for (const auto& t : tables_)
    if (t.plan.by)
      reject_long_keys(b, *t.plan.by, t.plan.key_name);
  const auto rows = b.rows.size();
  states_.resize(rows);
  values_.resize(rows);
  times_.resize(rows);
  result_.resize(rows);
  flags_.resize(rows);
  for (auto& t : tables_) {
    if (!t.plan.by) {
      if (rows != 0 && t.plan.state_size != 0)
        std::fill(states_.begin(), states_.end(), t.keys->find_or_insert(std::nullopt));
      process_part(t, b, 0, rows);
      finish_texts(t, b);
      continue;
    }
    const std::span<const row_index> all{b.rows};
    for (std::size_t done = 0; done < rows;) {
      const auto count = t.keys->find_or_insert(b.at(*t.plan.by), all.subspan(done), states_.data());
      process_part(t, b, done, count);
      done += count;
    }
    finish_texts(t, b);
  }
  std::fill(made_.begin(), made_.end(), nullptr);
}

void keyed_processor::finish_texts(const table& t, batch& b) {
  for (const auto& s : t.plan.steps)
    if (s.reason)
      set_column(b, *s.reason, texts_.at(*s.reason).finish());
}

void keyed_processor::process_part(table& t, batch& b, std::size_t begin, std::size_t count) {
  const auto rows = std::span<const row_index>{b.rows}.subspan(begin, count);
  const double* const values[] = {values_.data()};
  keyed_rows in;
  in.size = count;
  in.values = values;
  in.times = times_.data();
  in.states = states_.data();
  in.now = b.now_ms;
  std::optional<column_id> at_hand; // what values_ holds
  for (const auto& s : t.plan.steps) {
    if (at_hand != s.of)
      read_values(b.at(s.of), rows, values_.data());
    at_hand = s.of;
    if (s.run->uses_time())
      read_times(b, s.time, rows, times_.data());
    in.state_offset = s.state_offset;
    keyed_results out{result_.data(), flags_.data()};
    if (s.anomaly_score) {
      anomaly_scores_.resize(count);
      out.anomaly_score = anomaly_scores_.data();
    }
    if (s.severity) {
      severities_.assign(count, severity::none);
      out.severities = severities_.data();
    }
    if (s.reason) {
      reasons_.assign(count, {});
      out.reasons = reasons_.data();
    }
    s.run->process(in, out);
    t.late += out.late;
    t.ahead += out.ahead;
    if (s.value)
      scatter(result_.data(), rows, *made_[*s.value]);
    if (s.flag)
      scatter(flags_.data(), rows, *made_[*s.flag]);
    if (s.anomaly_score)
      scatter(anomaly_scores_.data(), rows, *made_[*s.anomaly_score]);
    if (s.severity)
      scatter(severities_.data(), rows, *made_[*s.severity]);
    if (s.reason)
      scatter(reasons_.data(), rows, texts_.at(*s.reason));
  }
}

void keyed_processor::collect_changes(record_block& into) {
  for (auto& t : tables_)
    t.keys->collect_changes(into);
}

result<void> keyed_processor::restore(std::string_view key, const std::string_view* value) {
  const auto of = table_of(key);
  if (of == nullptr)
    return fail("the state holds a window or detector that the pipeline does not have", {},
                "restore the steps of the pipeline, or delete its state");
  return of->keys->restore(key, value);
}

std::string keyed_processor::describe(std::string_view key) const {
  const auto of = table_of(key);
  return of == nullptr ? "the state" : "the state of '" + of->plan.steps_text + "'";
}

bool keyed_processor::owns(std::string_view key) const noexcept {
  if (key.empty() || static_cast<std::uint8_t>(key.front()) != is_.tag)
    return false;
  return table_of(key) != nullptr
         || (is_.are_last && (key.size() < 2 || static_cast<std::uint8_t>(key[1]) >= is_.first));
}

const keyed_processor::table* keyed_processor::table_of(std::string_view key) const noexcept {
  const std::size_t number = key.size() < 2 ? 0 : static_cast<std::uint8_t>(key[1]);
  const auto index = number - is_.first;
  return key.size() >= 2 && number >= is_.first && index < tables_.size() ? &tables_[index] : nullptr;
}

std::vector<table_stats> keyed_processor::stats() const {
  std::vector<table_stats> all;
  for (const auto& t : tables_)
    if (t.plan.state_size != 0)
      all.push_back({t.plan.key_name, {t.keys->size(), t.keys->evictions(), t.late, t.ahead, t.keys->bytes()}});
  return all;
}

operator_counts keyed_processor::counts() const noexcept {
  operator_counts sum;
  for (const auto& t : tables_)
    if (t.plan.state_size != 0)
      sum += {t.keys->size(), t.keys->evictions(), t.late, t.ahead, t.keys->bytes()};
  return sum;
}

} // namespace weir::core
