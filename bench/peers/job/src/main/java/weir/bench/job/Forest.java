package weir.bench.job;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Job B's random forest, by ONNX Runtime. All of a process share the model itself. Not thread-safe: the tensors are
 * used again for each record.
 */
final class Forest {
  private static final List<String> GENDERS = List.of("F", "M", "X");
  private static final List<String> TYPES = List.of("deposit", "purchase", "transfer", "withdrawal");
  private static final List<String> LOCATIONS = List.of("Amsterdam", "Berlin", "Chicago", "Delhi", "Lagos", "Lima",
      "London", "Madrid", "Osaka", "Paris", "Rome", "Seoul");
  private static final List<String> DEVICES = List.of("atm", "mobile", "pos", "web");
  private static final int FEATURES = 9;
  private static final Map<String, OrtSession> SESSIONS = new ConcurrentHashMap<>();

  private final OrtSession session;
  private final FloatBuffer features;
  private final FloatBuffer prediction;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  Forest(String model) throws OrtException {
    session = SESSIONS.computeIfAbsent(model, Forest::load);
    features = buffer(FEATURES);
    prediction = buffer(1);
    inputs = Map.of(session.getInputNames().iterator().next(), row(features));
    outputs = Map.of(session.getOutputNames().iterator().next(), row(prediction));
  }

  private static FloatBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** A tensor of one row, which looks at the buffer. */
  private static OnnxTensor row(FloatBuffer of) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), of, new long[] {1, of.capacity()});
  }

  private static OrtSession load(String model) {
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      // The engine's own threads are the parallelism: a row is too little work to share it out.
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(model, options);
    } catch (OrtException wrong) {
      throw new IllegalArgumentException("cannot load " + model, wrong);
    }
  }

  float predict(Transaction of, double amountPerAge) throws OrtException {
    features.clear();
    features.put((float) of.amount).put(of.age).put(of.hour).put(of.weekday).put(GENDERS.indexOf(of.gender))
        .put(TYPES.indexOf(of.type)).put(LOCATIONS.indexOf(of.location)).put(DEVICES.indexOf(of.device))
        .put((float) amountPerAge);
    session.run(inputs, Set.of(), outputs).close();
    return prediction.get(0);
  }
}
