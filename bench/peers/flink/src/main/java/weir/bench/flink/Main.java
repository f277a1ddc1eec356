package weir.bench.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The reference job in Apache Flink, all of it in this process: `Main a` or `Main b`, until SIGTERM. The environment says
 * the rest, as it does for Weir's own pipelines: BROKERS, IN, OUT, DEAD, GROUP, GUARANTEE (at_least_once or exactly_once),
 * MODEL (job B's forest).
 */
public final class Main {
  private static final int PARALLELISM = 2;
  private static final long STOP_LIMIT_S = 20;
  private static final String CHECKPOINTS = Path.of("flink-checkpoints").toUri().toString();

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    String model = arguments[0].equals("b") ? environment.get("MODEL") : null;
    boolean exactlyOnce = environment.get("GUARANTEE").equals("exactly_once");

    StreamExecutionEnvironment flink =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration(exactlyOnce));
    // Kafka's partitions are not Flink's key groups, so the keys have to be exchanged although they are together
    // already: reinterpretAsKeyedStream would promise what is not so.
    flink.fromSource(source(environment), WatermarkStrategy.noWatermarks(), "in")
        .keyBy(record -> record.f0, Types.STRING)
        .process(new JobFunction(model, environment.get("OUT"), environment.get("DEAD")),
            Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE), Types.PRIMITIVE_ARRAY(Types.BYTE)))
        .sinkTo(sink(environment, exactlyOnce));
    JobClient job = flink.executeAsync("reference job");

    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(job)));
    job.getJobExecutionResult().whenComplete((result, wrong) -> {
      if (wrong != null) {
        wrong.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    });
  }

  /** Ends the job behind a last commit. */
  private static void stop(JobClient job) {
    try {
      job.stopWithSavepoint(false, CHECKPOINTS, SavepointFormatType.NATIVE).get(STOP_LIMIT_S, TimeUnit.SECONDS);
      // A JVM that SIGTERM ends says 143 otherwise, even when everything was committed.
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException | ExecutionException | TimeoutException wrong) {
      wrong.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static Configuration configuration(boolean exactlyOnce) {
    Configuration to = new Configuration();
    to.set(PipelineOptions.OBJECT_REUSE, true);
    // 10,000 customers of 184 bytes belong on the heap, not into RocksDB.
    to.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    to.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    to.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, CHECKPOINTS);
    to.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
    to.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
        exactlyOnce ? CheckpointingMode.EXACTLY_ONCE : CheckpointingMode.AT_LEAST_ONCE);
    // A benchmark whose job fails has no figures.
    to.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    return to;
  }

  private static KafkaSource<Tuple2<String, byte[]>> source(Map<String, String> environment) {
    return KafkaSource.<Tuple2<String, byte[]>>builder()
        .setBootstrapServers(environment.get("BROKERS"))
        .setTopics(environment.get("IN"))
        .setGroupId(environment.get("GROUP"))
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new KeyedBytes())
        .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000")
        .build();
  }

  /** One sink for both topics, so that there is one transaction where two sinks would have two. */
  private static KafkaSink<Tuple3<String, byte[], byte[]>> sink(Map<String, String> environment, boolean exactlyOnce) {
    return KafkaSink.<Tuple3<String, byte[], byte[]>>builder()
        .setBootstrapServers(environment.get("BROKERS"))
        .setRecordSerializer(new TopicRecords(environment.get("OUT"), environment.get("DEAD")))
        .setDeliveryGuarantee(exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(environment.get("GROUP"))
        // Ids that are used again spare the broker ten new ones a second.
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "60000")
        .setProperty(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 << 10))
        .setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(64 << 20))
        .build();
  }
}
