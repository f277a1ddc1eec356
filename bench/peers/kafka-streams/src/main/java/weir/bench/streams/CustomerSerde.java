package weir.bench.streams;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** An array of doubles as their bytes, one behind the other. */
final class CustomerSerde implements Serde<double[]> {
  @Override
  public Serializer<double[]> serializer() {
    return (topic, cells) -> {
      if (cells == null) {
        return null;
      }
      ByteBuffer bytes = ByteBuffer.allocate(cells.length * Double.BYTES);
      bytes.asDoubleBuffer().put(cells);
      return bytes.array();
    };
  }

  @Override
  public Deserializer<double[]> deserializer() {
    return (topic, bytes) -> {
      if (bytes == null) {
        return null;
      }
      double[] cells = new double[bytes.length / Double.BYTES];
      ByteBuffer.wrap(bytes).asDoubleBuffer().get(cells);
      return cells;
    };
  }
}
