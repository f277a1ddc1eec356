package weir.bench.job;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The reference job for one record after the other: {@link #read}, then {@link #passes}, then {@link #score}. The engines
 * around it bring the records, and keep what it remembers of each customer. Not thread-safe: each task has its own.
 */
public final class ReferenceJob {
  private static final double MIN_AMOUNT = 50;
  private static final double THRESHOLD = 3;

  private final JsonFactory json = JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
  private final ByteArrayBuilder out = new ByteArrayBuilder(512);
  private final Transaction transaction = new Transaction();
  private final Forest forest;

  /** @param model the ONNX file of job B's forest; null: job A */
  public ReferenceJob(String model) {
    try {
      forest = model == null ? null : new Forest(model);
    } catch (OrtException wrong) {
      throw new IllegalArgumentException("no input tensor for " + model, wrong);
    }
  }

  /** @return whether the value is a transaction; if not, it belongs to the dead letters */
  public boolean read(byte[] value) {
    try {
      transaction.read(json, value);
      return true;
    } catch (IOException malformed) {
      return false;
    }
  }

  /** Whether the filter lets through what was read. */
  public boolean passes() {
    return transaction.amount > MIN_AMOUNT;
  }

  /** Adds what was read to its customer (see {@link Customer}). @return the record to write */
  public byte[] score(double[] customer) {
    double z = Customer.zScore(customer, transaction.amount);
    Customer.add(customer, transaction.amount);
    out.reset();
    try (JsonGenerator to = json.createGenerator(out)) {
      write(to, Customer.rollingMean(customer), z);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is written to memory
    } catch (OrtException wrong) {
      throw new IllegalStateException("the model does not predict", wrong);
    }
    return out.toByteArray();
  }

  private void write(JsonGenerator to, double rollingMean, double z) throws IOException, OrtException {
    double amountPerAge = transaction.amount / transaction.age;
    to.writeStartObject();
    to.writeStringField("CustomerID", transaction.customer);
    to.writeStringField("Date", transaction.date);
    to.writeFieldName("Amount");
    to.writeNumber(transaction.amountDigits);
    to.writeNumberField("Age", transaction.age);
    to.writeStringField("Gender", transaction.gender);
    to.writeStringField("TransactionType", transaction.type);
    to.writeStringField("Location", transaction.location);
    to.writeStringField("Device", transaction.device);
    to.writeNumberField("hour", transaction.hour);
    to.writeNumberField("dow", transaction.weekday);
    to.writeNumberField("amount_per_age", amountPerAge);
    if (forest != null) {
      to.writeNumberField("risk", forest.predict(transaction, amountPerAge));
    }
    to.writeNumberField("rolling_mean", rollingMean);
    to.writeNumberField("z", z);
    to.writeBooleanField("anomaly", Math.abs(z) > THRESHOLD);
    to.writeEndObject();
  }
}
