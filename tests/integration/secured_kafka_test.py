"""Pipelines over mutual TLS and over SASL: `properties:` is all that they need; what does not fit is said, with what to
do about it."""
import os
import pathlib
import unittest

from copy_job import CopyJob
from reference_job import GROUP_PROPERTIES, wait_until

RECORDS = 200


class SecuredKafkaTest(CopyJob):
    def setUp(self):
        folder = os.environ.get("WEIR_TEST_KAFKA_DIR")
        self.assertTrue(folder, "WEIR_TEST_KAFKA_DIR is not set: run this by tools/test")
        self.tls = pathlib.Path(folder) / "tls"
        super().setUp()
        self.make_topics()
        self.fill(self.write_records("x" for _ in range(RECORDS)))

    def start_over(self, listener, **properties):
        """Starts a node that reaches the same Kafka by another listener."""
        self.environment["BROKERS"] = os.environ[listener]
        self.source_properties = ", ".join([GROUP_PROPERTIES, *(f'{name.replace("_", ".")}: "{value}"'
                                                                for name, value in properties.items())])
        self.pipeline.write_text(self.pipeline_text())
        return self.start()

    def start_over_tls(self, client="client", authority="ca"):
        return self.start_over("WEIR_TEST_SSL_BROKERS", security_protocol="ssl",
                               ssl_ca_location=self.tls / f"{authority}.pem",
                               ssl_certificate_location=self.tls / f"{client}.pem",
                               ssl_key_location=self.tls / f"{client}.key")

    def start_over_sasl(self, password):
        return self.start_over("WEIR_TEST_SASL_BROKERS", security_protocol="sasl_ssl",
                               ssl_ca_location=self.tls / "ca.pem", sasl_mechanism="PLAIN", sasl_username="alice",
                               sasl_password=password)

    def check_works(self, node):
        wait_until(lambda: self.lines(self.sink) >= RECORDS, 30, "all records", self.log)
        wait_until(lambda: self.readiness()[0] == 200, 10, "a node that is ready", self.log)
        self.stop(node)
        self.assertEqual(sorted(self.ids(self.sink)), list(range(RECORDS)))

    def check_refused(self, node, what, *words):
        """One line says why and what to do, /readyz says the same, and nothing comes out."""
        def lines():
            return [line for line in self.log().splitlines() if what in line]
        wait_until(lines, 20, "a line", self.log)
        status, reason = self.readiness()
        self.assertEqual(status, 503)
        for word in (what, *words):
            self.assertIn(word, lines()[0])
            self.assertIn(word, reason)
        self.assertEqual(len(lines()), 1, self.log())
        self.assertNotIn("] [error]", self.log())
        self.assertIsNone(node.poll(), self.log())
        self.assertEqual(self.lines(self.sink), 0)

    def test_a_pipeline_works_over_mutual_tls(self):
        self.check_works(self.start_over_tls())

    def test_a_pipeline_works_over_sasl(self):
        self.check_works(self.start_over_sasl("secret"))

    def test_a_certificate_that_the_broker_does_not_know_is_named(self):
        self.check_refused(self.start_over_tls(client="other-client"), "do not accept our certificate",
                           "refuses our certificate", "ssl.certificate.location")

    def test_a_broker_of_an_unknown_authority_is_named(self):
        self.check_refused(self.start_over_tls(authority="other-ca"), "certificate is not trusted",
                           "certificate verify failed", "ssl.ca.location")

    def test_a_wrong_password_is_named_and_never_shown(self):
        self.check_refused(self.start_over_sasl("wrong-4711"), "authentication failed", "Invalid username or password",
                           "sasl.password")
        self.assertNotIn("wrong-4711", self.log())

    def test_the_wrong_protocol_is_named(self):
        self.check_refused(self.start_over("WEIR_TEST_SSL_BROKERS"), "cannot reach the Kafka brokers", "security.protocol")


if __name__ == "__main__":
    unittest.main()
