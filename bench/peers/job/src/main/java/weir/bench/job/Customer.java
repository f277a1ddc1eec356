package weir.bench.job;

/**
 * What the job remembers of one customer, in an array of doubles that a state store can keep as it is: how many amounts
 * there were, their mean, the sum of their squared deviations from it (Welford), and the last 20 as a ring.
 */
public final class Customer {
  private static final int COUNT = 0;
  private static final int MEAN = 1;
  private static final int SQUARED_DEVIATIONS = 2;
  private static final int RING = 3;
  private static final int WINDOW = 20;
  private static final int MIN_COUNT = 5;

  public static final int CELLS = RING + WINDOW;

  private Customer() {}

  /** A customer without any amount yet. */
  public static double[] empty() {
    return new double[CELLS];
  }

  /** The z-score of an amount against the customer's amounts so far; 0 while it is not defined. */
  static double zScore(double[] customer, double amount) {
    double variance = customer[SQUARED_DEVIATIONS] / customer[COUNT];
    return customer[COUNT] >= MIN_COUNT && variance > 0 ? (amount - customer[MEAN]) / Math.sqrt(variance) : 0;
  }

  static void add(double[] customer, double amount) {
    customer[RING + (int) (customer[COUNT] % WINDOW)] = amount;
    customer[COUNT] += 1;
    double deviation = amount - customer[MEAN];
    customer[MEAN] += deviation / customer[COUNT];
    customer[SQUARED_DEVIATIONS] += deviation * (amount - customer[MEAN]);
  }

  /** The mean of the last 20 amounts. */
  static double rollingMean(double[] customer) {
    int size = (int) Math.min(customer[COUNT], WINDOW);
    double sum = 0;
    for (int i = 0; i < size; ++i) {
      sum += customer[RING + i];
    }
    return sum / size;
  }
}
