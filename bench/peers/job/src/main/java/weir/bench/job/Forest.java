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
import java.util.concurrent.ConcurrentHashMap;

/**
 * Job B's random forest, by ONNX Runtime. All of a process share the model itself. Not thread-safe: the input tensor is used again
 * for each record.
 */
final class Forest {
  private static final List<String> GENDERS = List.of("F", "M", "X");
  private static final List<String> TYPES = List.of("deposit", "purchase", "transfer", "withdrawal");
  private static final List<String> LOCATIONS = List.of("Amsterdam", "Berlin", "Chicago", "Delhi", "Lagos", "Lima", "London",
      "Madrid", "Osaka", "Paris", "Rome", "Seoul");
  private static final List<String> DEVICES = List.of("atm", "mobile", "pos", "web");
  private static final int FEATURES = 9;
  private static final Map<String, OrtSession> SESSIONS = new ConcurrentHashMap<>();

  private final OrtSession session;
  private final FloatBuffer features;
  private final Map<String, OnnxTensor> inputs;

  Forest(String model) throws OrtException {
    session = SESSIONS.computeIfAbsent(model, Forest::load);
    features = ByteBuffer.allocateDirect(FEATURES * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), features, new long[] {1, FEATURES});
    inputs = Map.of(session.getInputNames().iterator().next(), tensor);
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
    try (OrtSession.Result result = session.run(inputs)) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
    }
  }
}
