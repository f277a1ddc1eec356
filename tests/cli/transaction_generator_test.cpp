#include "cli/transaction_generator.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace weir::cli {
namespace {

class transaction_generator_test : public testing::Test {
protected:
  transaction_options options;

  std::string first_json() {
    transaction_generator generator{options};
    std::string text;
    generator.append_json(generator.next(), text);
    return text;
  }
};

TEST_F(transaction_generator_test, writes_the_fields_of_a_transaction_as_one_json_object) {
  EXPECT_EQ(first_json(),
            R"({"CustomerID":"C008305","Date":"2026-01-01T00:00:00.000Z","Amount":87.75,"Age":60,"Gender":"F",)"
            R"("TransactionType":"transfer","Location":"Lima","Device":"mobile"})");
}

TEST_F(transaction_generator_test, repeats_itself_for_the_same_seed_and_differs_for_another) {
  const auto text = first_json();
  EXPECT_EQ(first_json(), text);
  options.seed = 2;
  EXPECT_NE(first_json(), text);
}

TEST_F(transaction_generator_test, writes_missing_values_as_null_and_as_empty_fields) {
  const transaction_generator generator{options};
  transaction t;
  t.gender = "F";
  t.type = "deposit";
  std::string json, csv;
  generator.append_json(t, json);
  generator.append_csv(t, csv);
  EXPECT_EQ(json, R"({"CustomerID":"C000000","Date":"1970-01-01T00:00:00.000Z","Amount":null,"Age":null,"Gender":"F",)"
                  R"("TransactionType":"deposit","Location":null,"Device":null})");
  EXPECT_EQ(csv, "C000000,1970-01-01T00:00:00.000Z,,,F,deposit,,");
}

TEST_F(transaction_generator_test, keeps_the_rates_that_it_was_asked_for) {
  options.customers = 100;
  options.anomalies = 0.01;
  options.missing_amount = 0.02;
  options.malformed = 0.03;
  options.duplicates = 0;
  transaction_generator generator{options};
  constexpr int count = 100'000;
  int anomalies = 0, missing = 0, malformed = 0;
  for (int i = 0; i < count; ++i) {
    const auto& t = generator.next();
    anomalies += t.anomaly;
    missing += !t.cents;
    malformed += t.malformed;
  }
  EXPECT_NEAR(anomalies, 0.01 * 0.98 * count, 150);
  EXPECT_NEAR(missing, 0.02 * count, 200);
  EXPECT_NEAR(malformed, 0.03 * count, 250);
}

TEST_F(transaction_generator_test, makes_anomalies_that_stand_out_from_the_customers_own_mean) {
  options.customers = 10;
  options.anomalies = 0.01;
  transaction_generator generator{options};
  std::map<std::uint32_t, std::int64_t> largest_usual, smallest_anomaly;
  for (int i = 0; i < 50'000; ++i) {
    const auto& t = generator.next();
    if (!t.cents)
      continue;
    if (t.anomaly) {
      auto& smallest = smallest_anomaly.try_emplace(t.customer, *t.cents).first->second;
      smallest = std::min(smallest, *t.cents);
    } else {
      auto& largest = largest_usual[t.customer];
      largest = std::max(largest, *t.cents);
    }
  }
  ASSERT_EQ(smallest_anomaly.size(), 10u);
  for (const auto& [customer, smallest] : smallest_anomaly)
    EXPECT_GT(smallest, largest_usual[customer]) << customer;
}

TEST_F(transaction_generator_test, repeats_earlier_records_as_duplicates) {
  options.duplicates = 0.1;
  transaction_generator generator{options};
  std::set<std::string> seen;
  int repeated = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    generator.append_json(generator.next(), text);
    repeated += !seen.insert(text).second;
  }
  EXPECT_NEAR(repeated, 1000, 120);
}

TEST_F(transaction_generator_test, breaks_off_a_malformed_record) {
  options.malformed = 1;
  EXPECT_EQ(first_json(), R"({"CustomerID":"C008305","Date":oops)");
}

TEST_F(transaction_generator_test, labels_the_records_when_asked) {
  options.label = true;
  options.anomalies = 1;
  transaction_generator generator{options};
  std::string csv;
  generator.append_csv(generator.next(), csv);
  EXPECT_TRUE(generator.csv_header().ends_with(",is_anomaly"));
  EXPECT_TRUE(csv.ends_with(",1"));
}

} // namespace
} // namespace weir::cli
