"""weir generate, produce and consume against a real Kafka: what goes in comes out, keyed and in order."""
import collections
import json
import unittest
import uuid

from weir_command import WeirTest


class VerbsOnKafkaTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.kafka = ["--brokers", self.find_brokers()]
        self.topic = f"verbs-{uuid.uuid4()}"

    def produce(self, text, *options, name="in.ndjson", code=0):
        self.write(name, text)
        return self.weir("produce", name, "--topic", self.topic, *self.kafka, *options, code=code)

    def consume(self, *options):
        return self.weir("consume", self.topic, *self.kafka, *options, code=0).stdout.splitlines()

    def test_generated_rows_come_out_as_json_objects_in_order(self):
        rows = self.weir("generate", "transactions", "--rows", "1000", "--seed", "7").stdout
        self.produce(rows, "--create", "1", name="in.csv")
        records = [json.loads(line) for line in self.consume("--exit-at-end")]
        self.assertEqual(len(records), 1000)
        first = dict(zip(*(line.split(",") for line in rows.splitlines()[:2])))
        self.assertEqual(str(records[0]["CustomerID"]), first["CustomerID"])
        self.assertEqual(records[0]["Amount"], float(first["Amount"]))

    def test_the_schema_of_a_topic_is_guessed_and_its_key_is_found(self):
        lines = [json.dumps({"n": i / 2, "id": f"C{i % 7}", "t": "2026-01-05T13:45:10Z"}) for i in range(3000)]
        self.produce("\n".join(lines) + "\n", "--create", "3", "--key", "id")
        self.assertEqual(self.weir("schema", "infer", self.topic, *self.kafka, code=0).stdout,
                         "schema:\n  n: { type: double, required: true }\n  id: { type: string, key: true, required: true }\n"
                         "  t: { type: timestamp, required: true }\n")
        some = json.loads(self.weir("schema", "infer", self.topic, "--records", "100", "-o", "json", *self.kafka, code=0).stdout)
        self.assertEqual(some["records"], 100)
        self.write("p.yaml", self.weir("create", "--from", self.topic, *self.kafka, code=0).stdout)
        self.weir("validate", "p.yaml", code=0)
        self.assertIn("there is no topic", self.weir("schema", "infer", self.topic + "-away", *self.kafka, code=69).stderr)

    def test_ndjson_goes_through_byte_for_byte_even_when_it_is_broken(self):
        lines = ['{ "a" : 1.50 }', "not json", '{"é":"\\u00e9"}']
        self.produce("\n".join(lines) + "\n", "--create", "1")
        self.assertEqual(self.consume("--exit-at-end"), lines)

    def test_the_format_is_what_the_option_says_whatever_the_file_is_called(self):
        self.produce("a,b\n1,x\n", "--create", "1", "--format", "csv", name="in.txt")
        generated = self.weir("generate", "transactions", "--rows", "2", "--format", "json").stdout
        self.produce(generated, "--format", "json", name="in.csv")
        self.assertEqual(self.consume("--exit-at-end"), ['{"a":1,"b":"x"}', *generated.splitlines()])

    def test_a_key_stays_in_one_partition_and_keeps_its_order(self):
        self.produce("".join(json.dumps({"k": f"key-{i % 10}", "n": i}) + "\n" for i in range(1000)), "--key", "k",
                     "--create", "4")
        numbers = collections.defaultdict(list)
        for line in self.consume("--exit-at-end", "--key"):
            key, value = line.split("\t")
            numbers[key].append(json.loads(value)["n"])
        self.assertEqual(len(numbers), 10)
        for sequence in numbers.values():
            self.assertEqual(sequence, sorted(sequence))
            self.assertEqual(len(sequence), 100)

    def test_records_have_the_keys_that_a_file_source_finds(self):
        # The same rows as in tests/io/file/feed_test.cpp, which compares them with a file source's.
        self.produce('n,X\n1,C1\n2,"C1"\n3,"a, ""b"""\n4, blank \n5,1.50\n7,""\n8,null\n', "--key", "X", "--create", "1",
                     name="in.csv")
        keys = [line.split("\t")[0] for line in self.consume("--exit-at-end", "--key")]
        self.assertEqual(keys, ["C1", "C1", 'a, "b"', " blank ", "1.50", "", "null"])

    def test_json_records_have_the_keys_that_a_file_source_finds(self):
        values = ['{"X":"C1"}', '{ "n" : 1 , "X" : "C1" }', r'{"X":"\u0043\"1"}', '{"X":1.50 }', '{"X":1e3}', '{"X":null}',
                  '{"X":{"a": 1}}', "{broken"]
        self.produce("\n".join(values) + "\n", "--key", "X", "--create", "1")
        found = [line.split("\t") for line in self.consume("--exit-at-end", "--key")]
        self.assertEqual([key for key, _ in found], ["C1", "C1", 'C"1', "1.50", "1e3", "", '{"a": 1}', ""])
        self.assertEqual([value for _, value in found], values)

    def test_limits_hold_on_both_sides(self):
        self.produce("{}\n" * 100, "--create", "1", "--limit", "30")
        self.assertEqual(len(self.consume("--exit-at-end")), 30)
        self.assertEqual(len(self.consume("--limit", "7")), 7)

    def test_csv_output_has_the_columns_of_the_first_record(self):
        self.produce('{"a":1,"b":"x,y"}\n{"b":null,"a":2}\n', "--create", "1")
        self.assertEqual(self.consume("--exit-at-end", "-o", "csv"), ["a,b", '1,"x,y"', "2,"])

    def test_a_topic_that_is_not_there_is_named_with_the_way_to_make_it(self):
        run = self.produce("{}\n", code=69)
        self.assertIn(f"there is no topic '{self.topic}'", run.stderr)
        self.assertIn("--create", run.stderr)

    def test_a_topic_that_is_there_keeps_its_partitions_and_that_is_said(self):
        self.assertNotIn("warning", self.produce("{}\n", "--create", "2").stderr)
        self.assertNotIn("warning", self.produce("{}\n", "--create", "2").stderr)
        self.assertIn(f"weir: warning: the topic '{self.topic}' is there already and keeps its 2 partitions; --create says 5",
                      self.produce("{}\n", "--create", "5").stderr)

    def test_a_topic_that_cannot_be_made_ends_a_pipeline(self):
        self.produce("{}\n", "--create", "2")
        self.write("p.yaml", f"name: {self.topic}-p\n"
                             f"source: {{ kafka: {{ brokers: '{self.kafka[1]}', topic: {self.topic} }} }}\nschema: {{ id: int }}\n"
                             f"sink: {{ kafka: {{ topic: {self.topic}-out, create: {{ partitions: 2, replication_factor: 99 }} }} }}\n"
                             "stats: { enabled: false }\n")
        run = self.weir("run", "p.yaml", code=78)
        self.assertIn(f"weir: error: cannot make the topic '{self.topic}-out'", run.stderr)
        self.assertIn("replication factor of 99", run.stderr)

    def test_an_unknown_property_is_a_bad_configuration_and_its_value_stays_secret(self):
        run = self.weir("consume", "-X", "sasl.pasword=hunter2", self.topic, *self.kafka, code=78)
        self.assertIn("sasl.pasword", run.stderr)
        self.assertNotIn("hunter2", run.stderr)


if __name__ == "__main__":
    unittest.main()
