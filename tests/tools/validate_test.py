"""What keeps `weir run` from starting, `weir validate` says too, in the same words."""
import os
import unittest

from weir_command import WeirTest, numbered, small_pipeline

KAFKA = """name: p
source:
  kafka:
    brokers: localhost:1
    topic: t
    properties:
      PROPERTY
schema: { id: int }
sink: { console: {} }
stats: { enabled: false }
"""


class ValidateTest(WeirTest):
    def refusal(self, pipeline, code=78):
        """What both verbs say; nothing is made or changed."""
        self.write("in.ndjson", numbered(10))
        self.write("p.yaml", pipeline)
        before = sorted(os.listdir(self.folder))
        validate = self.weir("validate", "p.yaml", code=code)
        self.assertEqual((sorted(os.listdir(self.folder)), validate.stdout), (before, ""))
        self.assertIn(validate.stderr, self.weir("run", "p.yaml", code=code).stderr)
        return validate.stderr

    def test_a_model_that_is_not_there_or_is_none(self):
        pipeline = small_pipeline() + "infer:\n  - { model: m.onnx, inputs: [id], as: risk }\n"
        self.assertEqual(self.refusal(pipeline), "p.yaml:7:14: error: cannot read 'm.onnx': No such file or directory: check "
                                                 "the path\n    7 |   - { model: m.onnx, inputs: [id], as: risk }\n      |              ^^^^^^\n")
        self.write("m.onnx", "no model")
        self.assertIn("p.yaml:7:14: error: ", self.refusal(pipeline))

    def test_a_property_that_kafka_does_not_know(self):
        self.assertEqual(self.refusal(KAFKA.replace("PROPERTY", "sekurity.protocol: ssl")),
                         "p.yaml:7:7: error: unknown Kafka property 'sekurity.protocol': did you mean "
                         "'security.protocol'?\n")

    def test_a_value_that_kafka_does_not_take(self):
        said = self.refusal(KAFKA.replace("PROPERTY", "fetch.wait.max.ms: -5"))
        self.assertEqual(said, "p.yaml:7:26: error: bad value for the Kafka property 'fetch.wait.max.ms': allowed: 0 .. "
                               "300000\n")
        said = self.refusal(KAFKA.replace("PROPERTY", "security.protocol: hunter2"))
        self.assertIn("allowed: plaintext, ssl, sasl_plaintext, sasl_ssl", said)
        self.assertNotIn("hunter2", said)

    def test_a_certificate_that_is_not_there(self):
        properties = "{ security.protocol: ssl, ssl.ca.location: nowhere.pem }"
        said = self.refusal(KAFKA.replace("properties:\n      PROPERTY", "properties: " + properties))
        self.assertIn("ssl.ca.location", said)

    def test_a_folder_of_a_sink_that_is_not_there(self):
        self.assertEqual(self.refusal(small_pipeline(sink="nowhere/out")),
                         "weir: error: cannot write 'nowhere/out': No such file or directory (make its folder, or name "
                         "another place)\n")

    def test_a_sinks_file_that_is_somebody_elses(self):
        self.write("mine", "precious\n")
        self.assertIn("this pipeline did not write it", self.refusal(small_pipeline(sink="mine")))

    def test_memory_that_is_too_small_for_the_state(self):
        steps = "aggregate: [ { rolling: mean, of: id, by: id, last: 5000, as: mean } ]\nstate: { memory_limit: 1MiB }\n"
        said = self.refusal(small_pipeline(source="{ path: in.ndjson, partitions: 64 }") + steps)
        self.assertIn("share of state.memory_limit is 16384", said)

    def test_all_of_it_at_once(self):
        self.write("p.yaml", small_pipeline(source="folder", sink="nowhere/out"))
        (self.folder / "folder").mkdir()
        said = self.weir("validate", "p.yaml", code=78).stderr
        self.assertIn("cannot read 'folder': Is a directory", said)
        self.assertIn("cannot write 'nowhere/out'", said)


if __name__ == "__main__":
    unittest.main()
