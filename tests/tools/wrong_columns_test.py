"""What a pipeline or a model takes from columns that are not there, or stand in another order."""
import unittest

from weir_command import ROOT, WeirTest

PIPELINE = """
name: columns
source: { file: { path: in.csv }, format: csv }
schema:
  CustomerID: { type: string, key: true }
  Amount: double
preprocess: [ { filter: Amount > 0 } ]
sink: { file: out.ndjson }
stats: { enabled: false }
"""


class WrongColumnsTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", PIPELINE)

    def refusal(self, csv):
        """What both `validate` and `run` say of a file; both end with 78, and nothing is written."""
        self.write("in.csv", csv)
        run, validate = (self.weir(verb, "p.yaml", code=78).stderr for verb in ("run", "validate"))
        self.assertIn(validate, run)
        self.assertFalse((self.folder / "out.ndjson").exists())
        return validate

    def test_a_field_of_the_schema_that_a_file_does_not_have_is_an_error_at_the_start(self):
        self.assertEqual(self.refusal("CustomerID,amount\nC1,5\n"),
                         "weir: error: in.csv:1: the header has no field 'Amount', which the pipeline file names "
                         "(did you mean 'amount'?)\n")

    def test_so_is_another_delimiter(self):
        for delimiter, name in ((";", "';'"), ("\t", "a tab"), ("|", "'|'")):
            said = self.refusal(f"CustomerID{delimiter}Amount\nC1{delimiter}5\n")
            self.assertIn("in.csv:1: the header has no fields 'CustomerID', 'Amount'", said)
            self.assertIn(f"the delimiter seems to be {name}", said)
        self.assertIn("the delimiter seems to be ';'", self.refusal('"CustomerID";"Amount"\n"C1";5\n'))

    def test_the_first_row_is_the_header_whatever_the_source_says(self):
        self.write("p.yaml", PIPELINE.replace("format: csv", "format: csv, header: [CustomerID, Amount, Age]"))
        self.assertIn("no fields 'CustomerID', 'Amount', 'Age'", self.refusal("C1,5,30\nC2,6,31\n"))
        self.assertIn("no field 'Age'", self.refusal("CustomerID,Amount\nC1,5\n"))

    def test_a_field_that_is_dropped_is_a_field_too(self):
        self.write("p.yaml", PIPELINE + "output: { drop: [amount] }\n")
        self.assertIn("no field 'amount', which the pipeline file names (did you mean 'Amount'?)",
                      self.refusal("CustomerID,Amount\nC1,5\n"))

    def test_an_input_of_a_model_is_a_field_too(self):
        self.train("Amount,Age", "risk.onnx", code=0)
        self.write("p.yaml", PIPELINE + "infer: [ { model: risk.onnx, inputs: [Amount, Age], as: risk } ]\n")
        self.write("in.csv", "CustomerID,Amount,age\nC1,5,30\n")
        self.assertIn("no field 'Age', which the pipeline file names (did you mean 'age'?)",
                      self.weir("validate", "p.yaml", code=78).stderr)

    def test_a_pipe_is_looked_at_when_its_header_comes(self):
        self.write("p.yaml", PIPELINE.replace("in.csv", "'-'"))
        run = self.weir("run", "p.yaml", input="CustomerID,amount\nC1,5\n", code=78)
        self.assertIn("-:1: the header has no field 'Amount'", run.stderr)
        self.assertEqual(self.weir("validate", "p.yaml", input="").returncode, 0, "it takes nothing from the pipe")

    def test_what_fits_runs_and_what_is_not_there_is_a_warning_of_validate(self):
        absent = self.weir("validate", "p.yaml", code=0)
        self.assertEqual(absent.stderr, "weir: warning: cannot read 'in.csv': No such file or directory (check the path)\n")
        self.write("in.csv", "More,Amount,CustomerID\nx,5,C1\n")
        self.weir("validate", "p.yaml", code=0)
        self.weir("run", "p.yaml", code=0)
        self.assertEqual(self.read("out.ndjson"), '{"More":"x","Amount":5,"CustomerID":"C1"}\n')

    def train(self, features, out, code):
        self.write("train.csv", "Amount,Age,risk\n" + "".join(f"{i},{100 - i},{3 * i}\n" for i in range(100)))
        return self.weir("train", "train.csv", "--target", "risk", "--features", features, "--n-estimators", "3", "--out",
                         out, code=code)

    def test_a_model_takes_its_inputs_in_the_order_of_its_features(self):
        self.train("Amount,Age", "risk.onnx", code=0)
        self.write("in.csv", "CustomerID,Amount,Age\nC1,90,10\n")

        def run(inputs, code):
            self.write("p.yaml", PIPELINE + f"infer: [ {{ model: risk.onnx, {inputs}, as: risk }} ]\n")
            return self.weir("run", "p.yaml", code=code)

        refused = run("inputs: [Age, Amount]", code=78)
        self.assertIn("the inputs are [Age, Amount], the features [Amount, Age]", refused.stderr)
        self.assertIn("inputs_as_given: true", refused.stderr)
        run("inputs: [Amount, Age]", code=0)
        run("inputs: [Age, Amount], inputs_as_given: true", code=0)

    def test_a_model_takes_the_codes_that_it_learned(self):
        self.write("in.csv", "Amount,Age,Gender,Flag\n50,3,F,1\n50,3,M,0\n")

        def run(categories, code):
            self.write("p.yaml", "name: p\nsource: { file: in.csv }\nsink: { file: out.ndjson }\nstats: { enabled: false }\n"
                       "schema: { Amount: double, Age: double, Gender: string, Flag: double }\n"
                       f"preprocess: [ {{ encode: {{ Gender: [{categories}], as: gender_code }} }} ]\n"
                       f"infer: [ {{ model: {ROOT}/tests/data/models/named_codes.onnx, as: risk,\n"
                       "          inputs: [Amount, Age, gender_code, Flag] } ]\n")
            return self.weir("run", "p.yaml", code=code)

        self.assertIn("code 0 of input 'gender_code' is not 'F', as the model learned it", run("M, F, X", code=78).stderr)
        run("F, M, X", code=0)
        self.assertEqual(len(self.rows("out.ndjson")), 2)

    def test_a_model_does_not_learn_from_its_target(self):
        refused = self.train("Amount,risk,Age", "none.onnx", code=64)
        self.assertIn("the target 'risk' is among the features", refused.stderr)
        self.assertFalse((self.folder / "none.onnx").exists())


if __name__ == "__main__":
    unittest.main()
