#include "config/training.hpp"

#include "config/compile.hpp"
#include "config/explain.hpp"
#include "models/evaluation.hpp"
#include "models/kinds/model_kind.hpp"

#include <algorithm>

namespace weir::config {

namespace {

constexpr double most_share = 0.99;
constexpr double least_pause = 1000;

constexpr std::array topic_fields{
    field<&training_topic::brokers>("brokers", "host:port, one or several", required),
    field<&training_topic::topic>("topic", "what is read", required),
    field<&training_topic::from_text>("from", "earliest, a time (RFC 3339), or how long ago: `24h`"),
    field<&training_topic::to_text>("to",
                                    "latest: the end as it is when the reading starts; or a time, or how long ago"),
    field<&training_topic::properties>("properties", "any of librdkafka's"),
};

constexpr std::array split_fields{
    field<&training_split::test>("test", "share of the rows that measure", between(0, most_share)),
    field<&training_split::holdout>("holdout",
                                    "share of the rows that neither learn nor measure: they judge `register.when`",
                                    between(0, most_share)),
    field<&training_split::by>("by", "random: by a row's own values, so it keeps its part as the data grows; time: the "
                                     "oldest learn, later ones test, the newest are held out"),
    field<&training_split::column>("column", "what says the time"),
    field<&training_split::stratify>("stratify", "each class has its share in each part"),
    field<&training_split::folds>("folds",
                                  "of the rows that learn: each trial of a search, or the model, is measured on "
                                  "each fold while it learns from the others, by time from older ones; 0: none",
                                  between(0, 100)),
    field<&training_split::random_state>("random_state", "which rows measure, and what the trainer draws, follow it",
                                         at_least(0)),
};

constexpr std::array registration_fields{
    field<&training_registration::model>("model", "REGISTRY/NAME that it becomes the next version of", required),
    field<&training_registration::alias>("alias", "that this version gets"),
    field<&training_registration::when>(
        "when",
        "over `new.` and `old.` measures, as `new.rmse < 0.98 * old.rmse`: the version gets the alias only where it "
        "is true; both are measured on the rows held out, else on those to test with; where the alias names "
        "nothing yet, it is set"),
    field<&training_registration::note>("note", "why, for the audit log there"),
};

constexpr std::array search_fields{
    field<&training_search::trials>("trials", "of a random or global search", between(1, 10'000)),
    field<&training_search::score>("score",
                                   "the measure that the best trial is chosen by: mean over the folds, without "
                                   "folds of the test part; default: rmse, of classes accuracy"),
};

constexpr std::array top_fields_of_training{
    field<&training::name>("name", "what the training is called", required),
    field<&training::target>("target", "column to predict; a kind that learns without one needs none"),
    field<&training::features>("features",
                               "columns to predict it from, in order, where texts become the index of their "
                               "value; all: every one of numbers",
                               required),
    field<&training::categories>("categories",
                                 "features whose values have no order, texts or numbers: trees split them into sets; "
                                 "what is missing or unknown has a side of its own"),
    field<&training::sample_weight>("sample_weight",
                                    "column that says how much a row counts when it is learned from; no feature, and "
                                    "no matter to measures"),
    field<&training::classify>("classify", "the target's values are the labels of classes"),
    field<&training::drop_missing>(
        "drop_missing", "rows with a missing value are dropped and counted, but for those that `impute` fills"),
    field<&training::transform>("target_transform",
                                "what is learned in place of the target: none, log, log1p, sqrt or standardize; "
                                "predictions and measures have the target's own scale"),
    field<&training::split>("split", "which rows learn, and which measure"),
    field<&training::out>("out", "ONNX file to write"),
    field<&training::to>("register", "registry that the model goes into"),
    field<&training::every>("every",
                            "stays, and learns again so often, at low priority, until it is stopped; default: once",
                            at_least(least_pause)),
};

/// Checks the columns of a training against those that its steps leave.
class column_checks {
public:
  column_checks(const training& of, const core::layout& columns, std::vector<diagnostic>& into) :
      of_{of}, columns_{columns}, into_{into} {}

  void run() {
    if (!of_.target.text.empty())
      check_target();
    if (!of_.takes_all())
      for (const auto& feature : of_.features)
        if (const auto type = use(feature); type == core::column_type::timestamp)
          report(feature.at, "'" + feature.text
                                 + "' is a timestamp, and a model takes numbers and texts: derive what "
                                   "matters, such as hour("
                                 + feature.text + ")");
    if (!of_.sample_weight.text.empty())
      if (const auto type = use(of_.sample_weight); type && !is_number(*type))
        report(of_.sample_weight.at, "'" + of_.sample_weight.text + "' is no number, and a weight is one");
    if (of_.split.by != split_order::time || of_.split.column.text.empty())
      return;
    if (const auto type = use(of_.split.column); type == core::column_type::string)
      report(of_.split.column.at, "'" + of_.split.column.text + "' is a text, and time is a timestamp or a number");
  }

private:
  static bool is_number(core::column_type type) noexcept {
    return type != core::column_type::string && type != core::column_type::timestamp;
  }

  void check_target() {
    const auto type = use(of_.target);
    if (!type || !has_target(of_) || learns_classes(of_))
      return;
    if (*type == core::column_type::string)
      report(of_.target.at, "the target '" + of_.target.text + "' is a text: say classify: true, or make it a number");
    else if (*type == core::column_type::timestamp)
      report(of_.target.at, "the target '" + of_.target.text + "' is a timestamp, and a model predicts numbers");
  }

  std::optional<core::column_type> use(const column_name& name) {
    if (const auto found = columns_.find(name.text))
      return columns_[*found].type;
    std::vector<std::string> names;
    for (const auto& column : columns_)
      if (!column.gone)
        names.push_back(column.name);
    auto hint = did_you_mean(name.text, names);
    if (hint.empty())
      for (const auto& known : names)
        hint += (hint.empty() ? "; columns: " : ", ") + known;
    report(name.at, name.hidden ? "no such column" : "there is no column '" + name.text + "'" + hint);
    return std::nullopt;
  }

  void report(position at, std::string message) { into_.push_back({of_.file, at, std::move(message)}); }

  const training& of_;
  const core::layout& columns_;
  std::vector<diagnostic>& into_;
};

} // namespace

section_info fields_for(std::type_identity<training_topic>) {
  return {"kafka data", topic_fields};
}
section_info fields_for(std::type_identity<training_split>) {
  return {"split", split_fields};
}
section_info fields_for(std::type_identity<training_registration>) {
  return {"register", registration_fields};
}

section_info fields_for(std::type_identity<training_search>) {
  return {"search", search_fields};
}

std::span<const field_info> training_fields() {
  return top_fields_of_training;
}

bool has_target(const training& of) {
  const auto kind = models::find_trained_kind(of.model);
  return !of.target.text.empty() && kind && (*kind)->learns != models::learning::unsupervised;
}

bool learns_classes(const training& of) {
  const auto kind = models::find_trained_kind(of.model);
  if (!kind)
    return false;
  return (*kind)->learns == models::learning::classes
         || ((*kind)->learns == models::learning::values_or_classes && of.classify);
}

models::preparation training::preparation() const {
  models::preparation made{impute, transform};
  for (const auto& category : categories)
    made.categories.push_back(category.text);
  return made;
}

bool training::may_be_missing(std::string_view feature) const {
  return models::find_imputation(impute, feature) != nullptr
         || std::ranges::find(categories, feature, &column_name::text) != categories.end();
}

std::string score_of(const training& of) {
  if (of.search && !of.search->score.text.empty())
    return of.search->score.text;
  return learns_classes(of) ? "accuracy" : "rmse";
}

core::layout promotion_columns(bool classes) {
  const auto measures = classes ? models::classification_metrics{}.measures() : models::regression_metrics{}.measures();
  core::layout columns;
  for (const auto* side : {"new.", "old."})
    for (const auto& one : measures)
      columns.add({side + std::string{one.name}, core::column_type::float64});
  return columns;
}

tl::expected<lane_plan, std::vector<diagnostic>> bind_training(const training& of, const core::format_kind& format) {
  auto cleaning = of.cleaning;
  cleaning.source.format = &format;
  auto plan = compile(cleaning, model_files::closed);
  if (!plan)
    return plan;
  std::vector<diagnostic> problems;
  column_checks{of, *plan->columns, problems}.run();
  if (problems.empty())
    return plan;
  sort(problems);
  return tl::unexpected{std::move(problems)};
}

} // namespace weir::config
