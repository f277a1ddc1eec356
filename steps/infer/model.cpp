#include "config/binding.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct model_settings {
  file_path model;
  model_columns columns;
  std::string version;
};

constexpr std::array model_fields{
    field<&model_settings::model>("model", "an ONNX file: its path as it stands, or beside the pipeline file",
                                  required),
    field<&model_settings::columns, &model_columns::inputs>(
        "inputs", "columns, in the order of the model's features; one that the schema does not name is a double",
        required),
    field<&model_settings::columns, &model_columns::inputs_as_given>(
        "inputs_as_given",
        "true: the inputs are taken as they stand, whatever the names and the encoders of the model's features"),
    field<&model_settings::columns, &model_columns::as>(
        "as", "the new column: a regressor's prediction, a classifier's label", required),
    field<&model_settings::version>(
        "version", "the model's name in front of its digest, in alerts and stats; default: the file's stem"),
    field<&model_settings::columns, &model_columns::version_as>("version_as", "a new column with the model's version"),
};

void bind(const model_settings& s, binding& into) {
  into.add_model(s.model, s.version, s.columns);
}

} // namespace

constexpr step_kind model = make_kind<model_settings, model_fields, bind>(
    "model", "scores records with a model from an ONNX file",
    "{ model: risk.onnx, inputs: [Amount, Age], as: risk, version_as: risk_model }");

} // namespace weir::steps
