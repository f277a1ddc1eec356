"""A registry of models, from the first training to a rollback; `weir models` compares what is in it, and pipelines and
`weir score` read it by reference."""
import concurrent.futures
import hashlib
import json
import os
import random
import re
import subprocess
import unittest

from weir_command import ROOT, WEIR, WeirTest


def loans(count, seed):
    """Whether a loan is repaid follows from its sum, from the age a little, and from luck."""
    draw = random.Random(seed)
    lines = ["sum,age,repaid"]
    for _ in range(count):
        amount, age = draw.uniform(0, 100), draw.uniform(20, 70)
        lines.append(f"{amount:.2f},{age:.1f},{('no', 'yes')[amount - age + draw.gauss(0, 10) < 10]}")
    return "\n".join(lines) + "\n"


class RegistryTest(WeirTest):
    environment = {**os.environ, "USER": "ann"}

    def setUp(self):
        super().setUp()
        self.write("loans.csv", loans(600, 1))
        self.write("new.csv", loans(400, 2))

    def train(self, *arguments, features="sum"):
        return self.weir("train", "loans.csv", "--target", "repaid", "--classify", "--features", features, "--model",
                         "logistic_regression", *arguments, code=0).stdout

    def models(self, *arguments, code=0):
        return self.weir("models", *arguments, code=code)

    def json_of(self, *arguments):
        return json.loads(self.models(*arguments, "-o", "json").stdout)

    def digest(self, name):
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def test_the_whole_way_from_training_to_rollback(self):
        self.train("--out", "m.onnx")
        self.train("--register", "models/repaid", "--alias", "challenger", features="sum,age")
        self.assertEqual(self.models("add", "models/repaid", "m.onnx", "--alias", "champion", "--note", "first").stdout,
                         f"repaid/2@{self.digest('m.onnx')[:8]}\nrepaid: champion none -> 2\n")
        self.assertEqual((self.folder / "models/repaid/2.onnx").read_bytes(), (self.folder / "m.onnx").read_bytes())

        before = self.scored("models/repaid@champion")
        self.assertEqual(before, self.scored("m.onnx"))
        self.assertEqual(self.models("promote", "models/repaid@challenger", "--note", "sees the age").stdout,
                         "repaid: champion 2 -> 1\n")
        self.assertEqual(self.scored("models/repaid@champion"), self.scored("models/repaid@1"))
        self.assertNotEqual(self.scored("models/repaid@champion"), before)
        self.assertEqual(self.models("rollback", "models/repaid").stdout, "repaid: champion 1 -> 2\n")
        self.assertEqual(self.scored("models/repaid@champion"), before)

        model, = self.json_of("list", "models")["models"]
        self.assertEqual((model["name"], model["aliases"]), ("repaid", {"challenger": 1, "champion": 2}))
        newest = model["versions"][0]
        self.assertEqual((newest["version"], newest["aliases"], newest["rows"]), (2, ["champion"], 480))
        self.assertEqual(newest["sha256"], self.digest("m.onnx"))
        self.assertGreater(newest["test"]["roc_auc"], 0.7)
        log = self.json_of("log", "models/repaid")
        self.assertEqual([(e["action"], e.get("alias"), e.get("to"), e.get("note", "")) for e in log],
                         [("added", None, None, ""), ("promoted", "challenger", 1, ""), ("added", None, None, "first"),
                          ("promoted", "champion", 2, "first"), ("promoted", "champion", 1, "sees the age"),
                          ("rolled_back", "champion", 2, "")])
        self.assertEqual({e["user"] for e in log}, {"ann"})
        for view in ("list", "log"):
            self.assertIn("champion", self.models(view, "models/repaid").stdout)

    def scored(self, model):
        return self.weir("score", model, "new.csv", "--out", "-", code=0).stdout

    def test_the_session_of_the_documentation_works(self):
        session = re.search(r"```\n(csv=examples.*?)```", (ROOT / "docs/models.md").read_text(), re.DOTALL).group(1)
        (self.folder / "examples").symlink_to(ROOT / "examples")
        path = f"{WEIR.resolve().parent}:{os.environ['PATH']}"
        run = subprocess.run(["bash", "-e", "-c", session], cwd=self.folder, env={**self.environment, "PATH": path},
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("score: champion 1 -> 2", run.stdout)
        self.assertIn("score: champion 2 -> 1", run.stdout)
        self.assertIn("rolled_back", run.stdout)

    def test_a_pipeline_reads_a_registry_beside_it_and_names_the_version(self):
        self.train("--register", "deploy/models/repaid", "--alias", "champion")
        (self.folder / "deploy").mkdir(exist_ok=True)
        self.write("deploy/p.yaml", "name: p\nsource: { file: new.csv }\nschema: { sum: double }\nsink: { file: out.ndjson }\n"
                                    "stats: { enabled: false }\n"
                                    "infer: [ { model: models/repaid@champion, as: repaid, version_as: by } ]\n")
        self.weir("run", "deploy/p.yaml", code=0)
        rows = self.rows("out.ndjson")
        self.assertEqual(len(rows), 400)
        self.assertEqual({row["by"] for row in rows}, {f"repaid/1@{self.digest('deploy/models/repaid/1.onnx')[:8]}"})
        self.write("deploy/p.yaml", self.read("deploy/p.yaml").replace("@champion", "@champoin"))
        wrong = self.weir("validate", "deploy/p.yaml", code=78).stderr
        self.assertIn("did you mean 'champion'?", wrong)

    def test_two_models_beside_each_other(self):
        self.train("--register", "models/repaid", "--alias", "champion")
        self.train("--register", "models/repaid", "--random-state", "0", features="sum,age")
        pair = ["models/repaid@champion", "models/repaid@latest"]
        compared = self.json_of("compare", *pair, "--data", "new.csv")
        auc = compared["data"]["measures"]["roc_auc"]
        self.assertEqual(compared["data"]["rows"], 400)
        self.assertEqual(auc["better"], "second")
        self.assertLess(auc["low"], auc["difference"])
        self.assertLess(auc["difference"], auc["high"])
        judged = json.loads(self.weir("eval", pair[1], "new.csv", "--target", "repaid", "-o", "json", code=0).stdout)
        self.assertAlmostEqual(judged["measures"]["roc_auc"], auc["second"])
        differences = {d["name"]: (d["first"], d["second"]) for d in self.json_of("diff", *pair)["differences"]}
        self.assertEqual(differences["age"], (None, "float"))
        self.assertNotIn("kind", differences)
        self.assertIn("say the same of themselves", self.models("diff", pair[0], pair[0]).stdout)
        table = self.models("compare", *pair, "--data", "new.csv").stdout
        for word in ("repaid/1@", "repaid/2@", "logistic_regression", "400 rows of new.csv", "95 % in", "predictions differ for"):
            self.assertIn(word, table)
        self.write("unknown.csv", "\n".join(line.replace("repaid", "other") for line in self.read("new.csv").splitlines()) + "\n")
        unknown = self.json_of("compare", *pair, "--data", "unknown.csv")["data"]
        self.assertEqual(unknown["measures"], {})
        self.assertEqual(unknown["disagreement"], compared["data"]["disagreement"])
        self.assertGreater(unknown["disagreement"], 0)
        self.assertIn("--target", self.models("compare", *pair, "--data", "unknown.csv").stdout)
        self.models("compare", *pair, "--data", "-", code=78)

    def test_writers_at_once_get_versions_of_their_own(self):
        for i in range(6):
            self.train("--out", f"{i}.onnx", "--random-state", str(i))
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            said = list(pool.map(lambda i: self.models("add", "models/repaid", f"{i}.onnx", "--alias", "newest").stdout,
                                 range(6)))
        model, = self.json_of("list", "models")["models"]
        self.assertEqual([v["version"] for v in model["versions"]], [6, 5, 4, 3, 2, 1])
        self.assertEqual({v["sha256"] for v in model["versions"]}, {self.digest(f"{i}.onnx") for i in range(6)})
        self.assertEqual(len({lines.split("@")[0] for lines in said}), 6)
        promoted = [e for e in self.json_of("log", "models/repaid") if e["action"] == "promoted"]
        self.assertEqual([e["from"] for e in promoted], [None] + [e["to"] for e in promoted[:-1]])
        self.assertEqual(promoted[-1]["to"], model["aliases"]["newest"])

    def test_mistakes_are_said_with_what_to_do(self):
        self.train("--register", "models/repaid", "--alias", "champion")

        def said(*arguments, code):
            return self.models(*arguments, code=code).stderr

        self.assertIn("which version of it? (say 'models/repaid@champion' (version 1)", said("show", "models/repaid", code=78))
        self.assertIn("has no version 7", said("promote", "models/repaid@7", code=78))
        self.assertIn("neither a file 'models/none@1' nor a model 'models/none'", said("show", "models/none@1", code=69))
        self.assertIn("there is no model 'models/none'", said("log", "models/none", code=69))
        self.assertIn("had no version before 1", said("rollback", "models/repaid", code=78))
        self.assertIn("has never had an alias 'blue'", said("rollback", "models/repaid", "--alias", "blue", code=78))
        self.assertIn("is a number, as versions are", said("promote", "models/repaid@1", "--alias", "2", code=78))
        self.assertIn("is a registry, not a model of one", said("add", "models", "models/repaid/1.onnx", code=78))
        self.assertIn("is not a model's name", said("add", "models/..", "models/repaid/1.onnx", code=78))
        self.assertIn("loans.csv: this is no ONNX file", said("add", "models/other", "loans.csv", code=78))
        self.assertFalse((self.folder / "models/other").exists())
        for wrong in ([], ["--out", "m.onnx", "--alias", "a"], ["--register", "models/.."]):
            self.weir("train", "loans.csv", "--target", "repaid", "--classify", "--features", "sum", *wrong, code=64)

    def test_an_alias_can_be_taken_away(self):
        self.train("--register", "models/repaid", "--alias", "blue")
        self.assertEqual(self.models("unalias", "models/repaid", "--alias", "blue").stdout, "repaid: blue 1 -> none\n")
        self.models("show", "models/repaid@blue", code=78)
        self.models("rollback", "models/repaid", "--alias", "blue")
        self.models("show", "models/repaid@blue")

    def test_a_version_that_was_changed_is_not_scored_with(self):
        self.train("--register", "models/repaid", "--alias", "champion")
        self.train("--out", "m.onnx", features="age")
        (self.folder / "models/repaid/1.onnx").unlink()
        (self.folder / "m.onnx").rename(self.folder / "models/repaid/1.onnx")
        said = self.weir("score", "models/repaid@champion", "new.csv", "--out", "-", code=78).stderr
        self.assertIn("is not the file that was added as version 1", said)

    def test_a_version_that_is_read_is_not_written_over(self):
        self.train("--register", "models/repaid", "--alias", "champion")
        version = (self.folder / "models/repaid/1.onnx").read_bytes()
        self.weir("score", "models/repaid@champion", "new.csv", "--out", "models/repaid/1.onnx", code=78)
        self.assertEqual((self.folder / "models/repaid/1.onnx").read_bytes(), version)

    def test_one_file_that_cannot_be_read_does_not_hide_the_rest(self):
        self.train("--register", "models/repaid")
        self.write("models/repaid/2.onnx", "text")
        run = self.models("list", "models", code=1)
        self.assertIn("this is no ONNX file", run.stderr)
        self.assertIn("logistic_regression", run.stdout)


if __name__ == "__main__":
    unittest.main()
