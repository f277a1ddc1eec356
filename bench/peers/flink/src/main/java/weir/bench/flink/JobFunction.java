package weir.bench.flink;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import weir.bench.job.Customer;
import weir.bench.job.ReferenceJob;

/**
 * The reference job: (key, value) of the input to (topic, key, value), where the topic is that of the outputs or the dead
 * letters.
 */
final class JobFunction extends KeyedProcessFunction<String, Tuple2<String, byte[]>, Tuple3<String, byte[], byte[]>> {
  private static final long serialVersionUID = 1;

  private final String model;
  private final String out;
  private final String dead;
  private final Tuple3<String, byte[], byte[]> result = new Tuple3<>();
  private transient ReferenceJob job;
  private transient ValueState<double[]> state;

  JobFunction(String model, String out, String dead) {
    this.model = model;
    this.out = out;
    this.dead = dead;
  }

  @Override
  public void open(OpenContext context) {
    job = new ReferenceJob(model);
    state = getRuntimeContext().getState(
        new ValueStateDescriptor<>("customer", PrimitiveArrayTypeInfo.DOUBLE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void processElement(Tuple2<String, byte[]> record, Context context,
      Collector<Tuple3<String, byte[], byte[]>> to) throws Exception {
    if (!job.read(record.f1)) {
      emit(dead, record.f0, record.f1, to);
      return;
    }
    if (!job.passes()) {
      return;
    }
    double[] found = state.value();
    double[] customer = found == null ? Customer.empty() : found;
    byte[] scored = job.score(customer);
    state.update(customer);
    emit(out, record.f0, scored, to);
  }

  private void emit(String topic, String key, byte[] value, Collector<Tuple3<String, byte[], byte[]>> to) {
    result.setFields(topic, key.getBytes(StandardCharsets.UTF_8), value);
    to.collect(result);
  }
}
