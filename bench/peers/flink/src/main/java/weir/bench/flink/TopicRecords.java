package weir.bench.flink;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes (topic, key, value). It names the topics beforehand: a pool of transactions asks for them, to find those left
 * open.
 */
final class TopicRecords
    implements KafkaRecordSerializationSchema<Tuple3<String, byte[], byte[]>>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1;

  private final String[] topics;

  TopicRecords(String... topics) {
    this.topics = topics;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(Tuple3<String, byte[], byte[]> message, KafkaSinkContext context,
      Long timestamp) {
    return new ProducerRecord<>(message.f0, message.f1, message.f2);
  }

  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    var identifier = DefaultKafkaDatasetIdentifier.ofTopics(List.of(topics));
    return Optional.of(new DefaultKafkaDatasetFacet(identifier, new Properties()));
  }
}
