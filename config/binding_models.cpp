#include "config/binding.hpp"

#include "config/explain.hpp"
#include "config/model_beside.hpp"
#include "config/model_wish.hpp"
#include "config/units.hpp"
#include "core/base/read_number.hpp"
#include "core/format/format.hpp"
#include "core/keyed/label_join.hpp"

#include <algorithm>

// What binds the steps of `infer`.

namespace weir::config {

namespace {

using core::column_id;
using core::column_type;

/// The path or the reference that a step of `infer` names its model by.
core::result<std::string> reference_of(const model_source& from) {
  const auto reference = models::parse_reference(from.model.text);
  if (from.follow.empty() || from.follow == "file" || from.follow == reference.selector)
    return from.model.text;
  if (!reference.selector.empty())
    return core::fail("the model is '" + reference.selector + "' of '" + reference.folder + "', and follows '"
                          + from.follow + "'",
                      {}, "name the one or the other");
  return reference.folder + "@" + from.follow;
}

} // namespace

void binding::add_rule(const std::string& step, const expression_text& text, bool promotes) {
  if (text.text.empty())
    return;
  const auto over = text.text.rfind(" over ");
  const auto rows = over == std::string::npos
                        ? std::nullopt
                        : core::read_number<std::uint64_t>(std::string_view{text.text}.substr(over + 6));
  if (!rows)
    return report(text.at, "a rule says over how many records it looks: `challenger.rmse < champion.rmse over 10000`");
  auto condition = text.text.substr(0, over);
  if (condition.starts_with("when "))
    condition.replace(0, 4, "    "); // places in messages stay right
  auto bound = core::expression::bind(core::contest_columns(), condition);
  if (bound && bound->type() != column_type::boolean)
    return report(text.at, "a rule is true or false, this is a " + std::string{to_string(bound->type())});
  if (!bound)
    return report(text, bound.error());
  plan_.contest_rules.push_back({step, promotes, text.text, *std::move(bound), *rows, {}, {}});
}

void binding::add_labels(const model_labels& labels, const models::model_slot& slot, models::contest::options& models) {
  const auto key = use(labels.key, wanted::key);
  if (!key)
    return;
  const auto said = columns_[models.champion->columns_made().front()].type;
  auto record = std::make_shared<core::layout>();
  record->add({.name = labels.key.text, .type = columns_[*key].type, .from_source = true});
  record->add({.name = labels.truth, .type = said, .from_source = true});
  core::label_join_options how;
  how.labels = {record, [record] { return core::json_format.make_decoder({.columns = record.get()}); }};
  how.name = slot.step();
  how.key = *key;
  how.key_name = labels.key.text;
  how.is_classifier = models.champion->scores_with().is_classifier();
  how.slot = plan_.slots.size();
  how.within_ms = labels.within.count();
  how.max_keys = labels.max_keys;
  for (auto* place : {&how.champion, &how.challenger})
    *place = columns_.add({.name = "what " + slot.step() + " says", .type = said, .output = false, .gone = true});
  models.said = how.champion;
  auto needs = core::label_join_need(how);
  plan_.labels_topic = labels.topic.text;
  order_.add_behind_models({std::move(needs), [how = std::move(how)](std::uint64_t bytes) {
                              return core::make_label_join(how, static_cast<std::uint8_t>(state_tag::labels), bytes);
                            }});
}

void binding::add_challenger(const model_contest& contest, models::model_slot& slot, models::contest::options& models) {
  slot.challenger = contest.challenger.text;
  slot.challenger_file = model_beside(slot.challenger, file_);
  if (contest.truth)
    slot.truth = models.truth = use(*contest.truth);
  if (!contest.canary.empty()) {
    const auto share = parse_share(contest.canary);
    if (!share)
      return report("'canary' is a share of keys: 5%");
    slot.canary = models.canary = *share;
  }
  if (slot.challenger.empty()) {
    if (!contest.canary.empty())
      report("'canary' needs a 'challenger'");
    return;
  }
  const auto model = slot.load(slot.challenger_file);
  const auto fits = model ? slot.fit(*model) : tl::unexpected{model.error()};
  if (!fits)
    return report(contest.challenger.at, without_secrets(explained(fits.error()), {&contest.challenger}));
  models.challenger = *fits;
}

void binding::add_model(const model_source& from, const model_columns& names, const model_contest& contest) {
  const auto& path = from.model;
  const auto make_all = [&] {
    const auto make_one = [&](const new_column& name, std::optional<column_type> type) {
      if (!name.text.empty())
        make(name, type);
    };
    for (const auto& name : names.as)
      make_one(name, std::nullopt);
    for (const auto& [label, name] : names.probabilities)
      make_one(name, column_type::float64);
    make_one(names.probability, column_type::float64);
    make_one(names.version_as, column_type::string);
    for (const auto& [feature, name] : names.explain)
      make_one(name, column_type::float64);
    make_one(names.expected_value, column_type::float64);
  };
  if (!names.as.empty()) {
    add_rule(names.as.front().text, contest.promote, true);
    add_rule(names.as.front().text, contest.rollback, false);
  }
  if (contest.labels) {
    if (labels_at_)
      report(contest.labels->topic.at, "another step has labels: one of a pipeline may");
    if (contest.truth)
      report(contest.truth->at, "'truth' is a column of the record, 'labels' come later: give one of them");
    labels_at_ = contest.labels->topic.at;
  }
  if (!opens_models_ || path.text.empty()) {
    for (const auto& input : names.inputs)
      use(input);
    if (contest.truth)
      use(*contest.truth);
    if (contest.labels)
      use(contest.labels->key, wanted::key);
    return make_all();
  }
  auto reference = reference_of(from);
  if (!reference) {
    report(path.at, without_secrets(reference.error().text(), {&path}));
    return make_all();
  }
  const auto file = model_beside(*reference, file_);
  auto model = models::model::load(file, from.version, !names.explain.empty() || !names.expected_value.text.empty(),
                                   from.backend);
  if (!model)
    report(path.at, without_secrets(explained(model.error()), {&path}));
  auto ids = model ? find_inputs(path, (*model)->meaning(), names) : std::nullopt;
  if (!ids)
    return make_all();
  if (!names.inputs_as_given)
    check_meaning(**model, names.inputs, *ids);
  models::model_slot slot;
  slot.named = *reference;
  slot.file = file;
  slot.is_followed = !from.follow.empty();
  slot.name = from.version;
  slot.computed_by = from.backend;
  slot.inputs = names.inputs.empty() ? std::vector<column_id>{} : *ids;
  slot.meanings = names.inputs_as_given ? std::vector<models::input_meaning>{} : meanings_of(names.inputs, *ids);
  slot.makes = {.as = {},
                .probability = names.probability.text,
                .threshold = names.threshold,
                .version_as = names.version_as.text,
                .explain = {},
                .expected_value = names.expected_value.text};
  std::vector<const located*> texts{&path, &names.probability};
  for (const auto& name : names.as) {
    claim(name);
    slot.makes.as.push_back(name.text);
    texts.push_back(&name);
  }
  for (const auto& [label, name] : names.probabilities) {
    claim(name);
    slot.makes.probabilities.emplace_back(label.text, name.text);
    texts.insert(texts.end(), {&label, &name});
  }
  for (const auto& [feature, name] : names.explain) {
    claim(name);
    slot.makes.explain.emplace_back(feature.text, name.text);
    texts.insert(texts.end(), {&feature, &name});
  }
  claim(names.probability);
  claim(names.version_as);
  claim(names.expected_value);
  slot.columns = columns_;
  auto scorer = models::scorer::make(*model, columns_, *std::move(ids), slot.makes);
  if (!scorer)
    return report(path.at, without_secrets(explained(scorer.error()), texts));
  for (auto id = static_cast<column_id>(slot.columns.size()); id < columns_.size(); ++id)
    slot.made.push_back(columns_[id].type);
  models::contest::options models{.champion = *scorer};
  if (contest.labels)
    add_labels(*contest.labels, slot, models);
  add_challenger(contest, slot, models);
  for (auto& rule : plan_.contest_rules)
    if (rule.step == slot.step()) {
      rule.champion = slot.named;
      rule.challenger = challenger_of_file(slot, models);
    }
  order_.add_model(plan_.slots.size());
  plan_.slots.push_back(std::move(slot));
  contests_.push_back(std::move(models));
}

std::optional<std::vector<column_id>> binding::find_inputs(const file_path& path, const models::model_meaning& of,
                                                           const model_columns& names) {
  if (names.inputs.empty() && !of.has_names) {
    report(path.at, "the model's file does not name its features: name a column for each in 'inputs'");
    return std::nullopt;
  }
  std::vector<column_id> ids;
  bool is_known = true;
  for (std::size_t i = 0; i < (names.inputs.empty() ? of.features.size() : names.inputs.size()); ++i) {
    const auto is_text = i < of.features.size() && of.features[i].type == models::element::text;
    const auto of_file = column_name{{of.features[std::min(i, of.features.size() - 1)].name, path.at}};
    const auto id = use(names.inputs.empty() ? of_file : names.inputs[i], is_text ? wanted::text : wanted::number);
    is_known = is_known && id;
    ids.push_back(id.value_or(0));
  }
  return is_known ? std::optional{std::move(ids)} : std::nullopt;
}

section_info fields_for(std::type_identity<model_labels>) {
  static constexpr std::array fields{
      field<&model_labels::topic>("topic", "JSON records on the source's brokers, partitioned as the source is",
                                  required),
      field<&model_labels::key>("key", "a column that tells records apart, and the field of the labels with its value",
                                required),
      field<&model_labels::truth>("truth", "the field of a label that says what should have been said", required),
      field<&model_labels::within>("within", "how far apart a record and its label may be, by their own times",
                                   at_least(1)),
      field<&model_labels::max_keys>("max_keys", "records and labels of a lane that may wait for each other",
                                     at_least(1)),
  };
  return {"labels", fields};
}

void binding::add_online_model(paged_step model, core::step_figures figures) {
  plan_.learning.push_back(std::move(figures));
  order_.add(std::move(model));
}

std::vector<models::input_meaning> binding::meanings_of(const std::vector<column_name>& inputs,
                                                        const std::vector<column_id>& ids) const {
  std::vector<models::input_meaning> meanings;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto& meaning = meanings.emplace_back(models::input_meaning{.name = inputs[i].text});
    if (const auto known = codes_.find(ids[i]); known != codes_.end()) {
      meaning.encoded = known->second.of.text;
      meaning.categories = known->second.values;
    }
  }
  return meanings;
}

void binding::check_meaning(const models::model& of, const std::vector<column_name>& inputs,
                            const std::vector<column_id>& ids) {
  const auto good = models::check_meaning(of, meanings_of(inputs, ids));
  if (good)
    return;
  auto message = explained(good.error());
  for (const auto& input : inputs)
    message = without_secrets(std::move(message), {&input});
  report(inputs.empty() ? at_ : inputs.front().at, std::move(message));
}

} // namespace weir::config
