#include "cli/dlq/letters.hpp"
#include "cli/dlq/replay.hpp"
#include "cli/stop_signal.hpp"
#include "cli/text_columns.hpp"
#include "cli/verbs.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/utf8.hpp"
#include "io/json_document.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace weir::cli {

namespace {

struct view_options {
  letters_options letters;
  std::uint64_t limit = 0; ///< 0: none
  std::string format = "table";
};

/// Letters of one kind.
struct summary {
  std::uint64_t letters = 0;
  std::int64_t first = INT64_MAX; ///< of their refusals
  std::int64_t last = INT64_MIN;
  std::string example; ///< the reason of the first
};

/// By stage, code and topic.
using summaries = std::map<std::tuple<std::string, std::string, std::string>, summary>;

void print_table(const summaries& of) {
  std::vector<std::vector<std::string>> rows{
      {"stage", "reason", "letters", "first", "last", "read from", "for example"}};
  for (const auto& [kind, one] : of) {
    const auto& [stage, code, topic] = kind;
    rows.push_back({stage, code, std::to_string(one.letters), core::time_text(one.first), core::time_text(one.last),
                    topic, core::to_utf8(one.example)});
  }
  print_columns(rows, "");
}

void print_json(const summaries& of) {
  io::json_document out;
  out.begin_array();
  for (const auto& [kind, one] : of) {
    out.begin_object();
    out.member("stage", std::get<0>(kind));
    out.member("code", std::get<1>(kind));
    out.member("topic", std::get<2>(kind));
    out.member("letters", one.letters);
    out.member("first", core::time_text(one.first));
    out.member("last", core::time_text(one.last));
    out.member("example", core::to_utf8(one.example));
    out.end_object();
  }
  out.end_array();
  std::printf("%s", out.pretty_text().c_str());
}

exit_code list(const view_options& options) {
  const auto chosen = letter_filter::make(options.letters.where);
  if (!chosen)
    return report(chosen.error(), exit_code::usage);
  catch_stop_signals();
  summaries found;
  const auto good = for_each_letter(options.letters, [&](letter&& one) -> core::result<void> {
    if (!chosen->takes(one))
      return {};
    auto& of = found[{one.stage, std::string{code_of(one)}, one.topic}];
    if (++of.letters == 1)
      of.example = one.reason;
    of.first = std::min(of.first, one.refused_at);
    of.last = std::max(of.last, one.refused_at);
    return {};
  });
  if (!good)
    return report(good.error());
  if (options.format == "json")
    print_json(found);
  else if (found.empty())
    std::printf("there are no dead letters\n");
  else
    print_table(found);
  return exit_code::done;
}

/// What is no text is shown as far as it is.
std::string shown(const std::optional<std::string>& bytes) {
  return bytes ? core::to_utf8(*bytes) : "null";
}

void show_one(const view_options& options, const letter& one) {
  const auto place = place_of(options.letters, one);
  if (options.format == "json") {
    io::json_document out;
    out.begin_object();
    out.member("place", place);
    out.member("stage", one.stage);
    out.member("code", code_of(one));
    out.member("reason", core::to_utf8(one.reason));
    out.member("topic", one.topic);
    out.member("partition", one.partition);
    out.member("offset", one.offset);
    out.member("timestamp", core::time_text(one.timestamp));
    out.member("time", core::time_text(one.refused_at));
    for (const auto& [name, bytes] : {std::pair{"key", &one.key}, std::pair{"value", &one.value}})
      if (*bytes)
        out.member(name, core::to_utf8(**bytes));
      else
        out.key(name).null();
    if (one.cut > 0)
      out.member("cut", one.cut);
    out.end_object();
    std::printf("%s", out.text().c_str());
    return;
  }
  std::printf("%s  %s %s: %s\n  %s/%d@%lld of %s, refused at %s, key %s%s\n  %s\n", place.c_str(), one.stage.c_str(),
              std::string{code_of(one)}.c_str(), core::to_utf8(one.reason).c_str(), one.topic.c_str(), one.partition,
              static_cast<long long>(one.offset), core::time_text(one.timestamp).c_str(),
              core::time_text(one.refused_at).c_str(), shown(one.key).c_str(),
              one.cut > 0 ? (", cut: it had " + std::to_string(one.cut) + " bytes").c_str() : "",
              shown(one.value).c_str());
}

exit_code show(const view_options& options) {
  const auto chosen = letter_filter::make(options.letters.where);
  if (!chosen)
    return report(chosen.error(), exit_code::usage);
  catch_stop_signals();
  std::uint64_t count = 0;
  const auto good = for_each_letter(options.letters, [&](letter&& one) -> core::result<void> {
    if (!chosen->takes(one))
      return {};
    show_one(options, one);
    return ++count == options.limit ? core::fail("enough is shown") : core::result<void>{};
  });
  return good || (options.limit > 0 && count == options.limit) ? exit_code::done : report(good.error());
}

void declare_views(arguments& verb) {
  const auto listed = std::make_shared<view_options>();
  auto lists = verb.verb("list", "how many dead letters there are of each stage and reason, and since when");
  add_letters_options(lists, listed->letters);
  lists.option("-o,--output", &listed->format, "table or json").one_of({"table", "json"}).with_default();
  lists.run([listed] { return list(*listed); });

  const auto one = std::make_shared<view_options>();
  auto shows = verb.verb("show", "dead letters, whole, with where they come from and why");
  add_letters_options(shows, one->letters);
  shows.option("--limit", &one->limit, "Stop after so many").positive();
  shows.option("-o,--output", &one->format, "table, or json: one a line").one_of({"table", "json"}).with_default();
  shows.run([one] { return show(*one); });
}

void declare(arguments verb) {
  declare_views(verb);
  const auto options = std::make_shared<replay_options>();
  auto replays = verb.verb("replay", "write the records of dead letters back to their topic, each once");
  add_letters_options(replays, options->letters);
  const auto to =
      replays.option("--to", &options->to, "Topic to write to; default: the one that a record was read from");
  replays.option("--out", &options->out, "New file to write to, a record a line; nothing is marked as replayed then")
      .excludes(to);
  replays.option("--rate", &options->rate, "Records a second").positive();
  replays.option("--limit", &options->limit, "Stop after so many").positive();
  replays.run([options] { return replay(*options); });
}

} // namespace

constexpr verb verbs::dlq{"dlq", "look at dead letters, and write their records back",
                          "weir dlq replay dead --where \"stage = 'cast'\"", declare};

} // namespace weir::cli
