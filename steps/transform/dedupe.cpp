#include "config/binding.hpp"
#include "core/keyed/deduplicator.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct dedupe_settings {
  std::vector<column_name> by;
  std::optional<milliseconds> within;
  std::optional<column_name> time;
  std::uint32_t max_keys = usual_max_keys;
};

constexpr std::array dedupe_fields{
    field<&dedupe_settings::by>(
        "dedupe", "columns whose values tell records apart; a record with a null in one is never a repeat", required),
    field<&dedupe_settings::within>("within",
                                    "how far apart in event time two records are the same one at most; "
                                    "default: as long as the key is remembered",
                                    at_least(1)),
    field<&dedupe_settings::time>("time", "the timestamp column for `within`; default: the record's own (Kafka's)"),
    field<&dedupe_settings::max_keys>("max_keys",
                                      "of a lane: the least recently used goes, and is counted; "
                                      "`state.memory_limit` may allow fewer",
                                      at_least(1)),
};

void complete(dedupe_settings& s, yaml_section& from) {
  if (const auto* time = s.within ? nullptr : from.find("time"))
    from.report(time->at, "'time' belongs to 'within'");
}

void bind(const dedupe_settings& s, binding& into) {
  core::dedupe_options how;
  for (const auto& name : s.by)
    if (const auto id = into.use(name)) {
      how.by.push_back(*id);
      how.names.push_back(name.text);
    }
  if (s.time)
    how.time = into.use(*s.time, wanted::timestamp);
  how.within_ms = s.within.value_or(milliseconds{0}).count();
  how.max_keys = s.max_keys;
  if (how.by.empty() || how.by.size() < s.by.size() || s.time.has_value() != how.time.has_value())
    return;
  into.add_dedupe(std::move(how));
}

} // namespace

constexpr step_kind dedupe = make_kind<dedupe_settings, dedupe_fields, bind, complete>(
    "dedupe", "lets records go that came before", "{ dedupe: [CustomerID, Date], within: 1h, time: Date }");

} // namespace weir::steps
