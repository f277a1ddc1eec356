package weir.bench.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;

/** One record of the input. It is read into again and again. An Amount that is null is NaN. */
final class Transaction {
  String customer;
  String date;
  double amount;

  /** {@link #amount} as the input has it: 60 is not to become 60.0, and digits are copied faster than made anew. */
  String amountDigits;

  int age;
  String gender;
  String type;
  String location;
  String device;

  /** Of {@link #date}: 0 to 23. */
  int hour;

  /** Of {@link #date}: 0 is Monday. */
  int weekday;

  /** @throws IOException when the value is not JSON, or no transaction */
  void read(JsonFactory json, byte[] value) throws IOException {
    customer = date = gender = type = location = device = null;
    amount = Double.NaN;
    age = 0;
    try (JsonParser in = json.createParser(value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(in, "not an object");
      }
      for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
        in.nextToken();
        switch (field) {
          case "CustomerID" -> customer = in.getValueAsString();
          case "Date" -> date = in.getValueAsString();
          case "Amount" -> readAmount(in);
          case "Age" -> age = in.getIntValue();
          case "Gender" -> gender = in.getValueAsString();
          case "TransactionType" -> type = in.getValueAsString();
          case "Location" -> location = in.getValueAsString();
          case "Device" -> device = in.getValueAsString();
          default -> in.skipChildren();
        }
      }
      if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
        throw new JsonParseException(in, "more than an object");
      }
      readDate(in);
    }
  }

  private void readAmount(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NULL) {
      amount = in.getDoubleValue();
      amountDigits = in.getText();
    }
  }

  /** `2026-01-05T13:45:10.123Z`, digit by digit: java.time's formatters take longer than the rest of the record. */
  private void readDate(JsonParser in) throws IOException {
    try {
      hour = Integer.parseInt(date, 11, 13, 10);
      weekday = LocalDate.of(Integer.parseInt(date, 0, 4, 10), Integer.parseInt(date, 5, 7, 10),
          Integer.parseInt(date, 8, 10, 10)).getDayOfWeek().getValue() - 1;
    } catch (NullPointerException | IndexOutOfBoundsException | NumberFormatException | DateTimeException wrong) {
      throw new JsonParseException(in, "no date", wrong);
    }
  }
}
