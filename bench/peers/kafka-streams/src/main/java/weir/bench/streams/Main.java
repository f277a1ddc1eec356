package weir.bench.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * The reference job in Kafka Streams: `Main a` or `Main b`, until SIGTERM. The environment says the rest, as it does for
 * Weir's own pipelines: BROKERS, IN, OUT, DEAD, GROUP, GUARANTEE (at_least_once or exactly_once), MODEL (job B's forest).
 */
public final class Main {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private Main() {}

  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    String model = arguments[0].equals("b") ? environment.get("MODEL") : null;
    KafkaStreams streams = new KafkaStreams(topology(environment, model), configuration(environment));
    streams.setUncaughtExceptionHandler(wrong -> {
      wrong.printStackTrace();
      Runtime.getRuntime().halt(1);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      boolean closed = streams.close(STOP_LIMIT);
      // A JVM that SIGTERM ends says 143 otherwise, even when everything was committed.
      Runtime.getRuntime().halt(closed ? 0 : 1);
    }));
    streams.start();
  }

  /** The input is keyed by CustomerID already, so nothing is repartitioned. */
  private static Topology topology(Map<String, String> environment, String model) {
    // 10,000 customers of 184 bytes belong into memory, not into RocksDB. The changelog makes them durable all the same;
    // the cache before it lets only a customer's last state of each commit through.
    var memory = Stores.inMemoryKeyValueStore("customers");
    var store = Stores.keyValueStoreBuilder(memory, Serdes.ByteArray(), new CustomerSerde()).withCachingEnabled()
        .withLoggingEnabled(Map.of());
    ProcessorSupplier<byte[], byte[], byte[], byte[]> job = () -> new JobProcessor(model, "customers", "out", "dead");
    return new Topology()
        .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), environment.get("IN"))
        .addProcessor("job", job, "in")
        .addStateStore(store, "job")
        .addSink("out", environment.get("OUT"), new ByteArraySerializer(), new ByteArraySerializer(), "job")
        .addSink("dead", environment.get("DEAD"), new ByteArraySerializer(), new ByteArraySerializer(), "job");
  }

  private static Properties configuration(Map<String, String> environment) {
    Properties to = new Properties();
    to.put(StreamsConfig.APPLICATION_ID_CONFIG, environment.get("GROUP"));
    to.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, environment.get("BROKERS"));
    to.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, environment.get("GUARANTEE").equals("exactly_once")
        ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
    to.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    to.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    to.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 << 20);
    to.put(StreamsConfig.STATE_DIR_CONFIG, "kafka-streams");
    // More in one request and in one poll than by default: a backlog is for throughput.
    to.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    to.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L << 20);
    to.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5000);
    return to;
  }
}
