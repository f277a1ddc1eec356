#include "config/binding.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct model_settings {
  model_source from;
  model_columns columns;
  model_contest contest;
};

constexpr std::array model_fields{
    field<&model_settings::from, &model_source::model>(
        "model",
        "an ONNX file, or one of a registry (`models/risk@champion`), as it stands or beside the pipeline file",
        required),
    field<&model_settings::from, &model_source::follow>(
        "follow",
        "an alias (`champion`), or `file`: when that means another file, the models change while the pipeline "
        "runs; default: what was loaded at the start stays"),
    field<&model_settings::from, &model_source::backend>(
        "backend", "what computes it: Weir's own operators (`weir list operators`), or ONNX Runtime's library, which "
                   "knows all of ONNX and must be installed"),
    field<&model_settings::columns, &model_columns::inputs>(
        "inputs", "columns, in the order of the model's features; default: those that the file names; one that the "
                  "schema does not name is a double"),
    field<&model_settings::columns, &model_columns::inputs_as_given>(
        "inputs_as_given",
        "true: the inputs are taken as they stand, whatever the names and the encoders of the model's features"),
    field<&model_settings::columns, &model_columns::as>(
        "as", "the new column: a regressor's prediction (of each target), a classifier's label", required),
    field<&model_settings::columns, &model_columns::probability>(
        "probability", "a new column: the probability of the second class of two, else of the class that is chosen"),
    field<&model_settings::columns, &model_columns::probabilities>(
        "probabilities", "new columns with the probabilities of single classes: `{ fraud: p_fraud }`"),
    field<&model_settings::columns, &model_columns::threshold>(
        "threshold", "the second class of two is chosen from this probability on; default: as the model says",
        between(0, 1)),
    field<&model_settings::from, &model_source::version>(
        "version", "the model's name in front of its digest, in alerts and stats; default: the file's stem, of a "
                   "registry the model's name and number"),
    field<&model_settings::columns, &model_columns::version_as>("version_as", "a new column with the model's version"),
    field<&model_settings::columns, &model_columns::explain>(
        "explain",
        "new columns with SHAP values, why it says so, by the names of features: `{ Amount: why_amount }`; of "
        "models of trees"),
    field<&model_settings::columns, &model_columns::expected_value>(
        "expected_value",
        "a new column: what the trees say of a row that nothing is known of; with the SHAP values of all "
        "features it is what they say of the record"),
    field<&model_settings::contest, &model_contest::truth>(
        "truth", "column that holds what should have been said, or null: the error of the models is counted"),
    field<&model_settings::contest, &model_contest::labels>(
        "labels", "another topic that says later what should have been said: the error of the models is counted"),
    field<&model_settings::contest, &model_contest::challenger>(
        "challenger", "a second model, as `model`: it scores the same records, unseen, and is compared"),
    field<&model_settings::contest, &model_contest::canary>(
        "canary", "share of the keys whose records get the challenger's results: `5%`; default: none do"),
    field<&model_settings::contest, &model_contest::promote>(
        "promote", "when the challenger takes the model's place: `challenger.rmse < 0.95 * champion.rmse over 10000`, "
                   "where `over` is a number of records"),
    field<&model_settings::contest, &model_contest::rollback>(
        "rollback", "when the challenger is taken away: `challenger.refused > 0.01 over 1000`"),
};

void bind(const model_settings& s, binding& into) {
  into.add_model(s.from, s.columns, s.contest);
}

} // namespace

constexpr step_kind model = make_kind<model_settings, model_fields, bind>(
    "model", "scores records with a model from an ONNX file",
    "{ model: risk.onnx, inputs: [Amount, Age], as: risk, version_as: risk_model }");

} // namespace weir::steps
