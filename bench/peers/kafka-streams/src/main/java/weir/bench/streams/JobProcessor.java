package weir.bench.streams;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import weir.bench.job.Customer;
import weir.bench.job.ReferenceJob;

/** The reference job in one partition: outputs go to one child in the topology, records that are not JSON to another. */
final class JobProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private final ReferenceJob job;
  private final String store;
  private final String out;
  private final String dead;
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<byte[], double[]> customers;

  JobProcessor(String model, String store, String out, String dead) {
    job = new ReferenceJob(model);
    this.store = store;
    this.out = out;
    this.dead = dead;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> given) {
    context = given;
    customers = given.getStateStore(store);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (!job.read(record.value())) {
      context.forward(record, dead);
      return;
    }
    if (!job.passes()) {
      return;
    }
    double[] found = customers.get(record.key());
    double[] customer = found == null ? Customer.empty() : found;
    byte[] scored = job.score(customer);
    customers.put(record.key(), customer);
    context.forward(record.withValue(scored), out);
  }
}
