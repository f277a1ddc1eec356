#include "core/base/civil_time.hpp"
#include "core/format/debezium_format.hpp"
#include "tests/core/format/decoder_fixture.hpp"

#include <algorithm>
#include <fstream>

namespace weir::core {
namespace {

using texts = std::vector<std::string>;
using kind = value_encoding::kind;

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/debezium/" + name};
  EXPECT_TRUE(file.is_open()) << name;
  texts lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

class debezium_decoder_test : public decoder_fixture {
protected:
  std::unique_ptr<decoder> make() override {
    options_.columns = &columns_;
    return make_debezium_decoder(options_);
  }

  const column& at(column_id id) const { return *batch_.columns[id]; }

  texts bodies() const {
    texts found;
    for (const auto row : batch_.rows)
      found.emplace_back(batch_.body[row]);
    return found;
  }

  /// What the only record's body is.
  std::string body_of(const std::string& record) {
    decode({record});
    EXPECT_EQ(batch_.rows.size(), 1u) << record << (batch_.rejected.empty() ? "" : batch_.rejected[0].reason);
    return batch_.rows.empty() ? "" : std::string{batch_.body[0]};
  }
};

TEST_F(debezium_decoder_test, reads_the_rows_of_each_operation_without_a_schema) {
  const auto id = source("id", column_type::int64, true);
  const auto customer = source("customer", column_type::string);
  const auto amount = source("amount", column_type::float64);
  const auto booked = source("booked", column_type::timestamp);
  const auto old_amount = source("before.amount", column_type::float64);
  const auto op = source("__op", column_type::string);
  const auto deleted = source("__deleted", column_type::boolean);
  const auto lsn = source("__lsn", column_type::int64);
  const auto table = source("__table", column_type::string);
  const auto ts = source("__ts_ms", column_type::int64);
  const auto source_ts = source("__source_ts_ms", column_type::timestamp);
  options_.encodings = {{"amount", {kind::decimal, 2}}, {"before.amount", {kind::decimal, 2}}};
  const auto& b = decode(lines_of("postgres.ndjson"));
  EXPECT_TRUE(b.rejected.empty());
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 1, 2, 3}));
  EXPECT_EQ(b.filtered, 2u); // a truncate and a message
  EXPECT_EQ(at(id).i64[3], 2);
  EXPECT_EQ(at(customer).text[2], "Bob");
  EXPECT_TRUE(at(customer).is_null(3));
  EXPECT_EQ(at(amount).f64[0], 12.34);
  EXPECT_EQ(at(amount).f64[1], -2);
  EXPECT_EQ(at(amount).f64[2], 123.45);
  EXPECT_EQ(at(booked).i64[0], 1767620710000);
  EXPECT_TRUE(at(old_amount).is_null(0) && at(old_amount).is_null(1) && at(old_amount).is_null(3));
  EXPECT_EQ(at(old_amount).f64[2], -2);
  EXPECT_EQ((texts{at(op).text.begin(), at(op).text.begin() + 4}), (texts{"r", "c", "u", "d"}));
  EXPECT_EQ(at(deleted).i64[2], 0);
  EXPECT_EQ(at(deleted).i64[3], 1);
  EXPECT_EQ(at(lsn).i64[1], 24023128);
  EXPECT_EQ(at(table).text[1], "payments");
  EXPECT_EQ(at(ts).i64[1], 1767620711600);
  EXPECT_EQ(at(source_ts).i64[1], 1767620711500);
  EXPECT_EQ(bodies()[2], R"("id":2,"customer":"Bob","amount":123.45,"booked":"2026-01-05T13:45:12.000Z","note":"更新",)"
                         R"("before.amount":-2.00,"__op":"u","__deleted":false,"__lsn":24023300,"__table":"payments",)"
                         R"("__ts_ms":1767620712600,"__source_ts_ms":"2026-01-05T13:45:12.500Z")");
}

TEST_F(debezium_decoder_test, reads_each_logical_type_by_the_schema_of_the_event) {
  const auto time = [&](const char* name) { return source(name, column_type::timestamp); };
  const std::vector<column_id> times{time("ms"), time("us"), time("ns"), time("zoned"), time("connect_ms")};
  const std::vector<column_id> days{time("day"), time("connect_day")};
  const auto of_day = time("time");
  const auto price = source("price", column_type::float64);
  const auto huge = source("huge", column_type::string);
  const auto any = source("any", column_type::float64);
  const auto doc = source("doc", column_type::string);
  const auto raw = source("raw", column_type::string);
  const auto flag = source("flag", column_type::boolean);
  const auto mood = source("mood", column_type::string);
  for (int again = 0; again < 2; ++again) { // the second time the schema is known
    const auto& b = decode(lines_of("postgres_schema.ndjson"));
    ASSERT_EQ(b.rows, (std::vector<row_index>{0, 1, 2})) << (b.rejected.empty() ? "" : b.rejected[0].reason);
    for (const auto id : times)
      EXPECT_EQ(at(id).i64[0], 1767620710123) << columns_[id].name;
    for (const auto id : days)
      EXPECT_EQ(at(id).i64[0], 20458 * ms_per_day) << columns_[id].name;
    EXPECT_EQ(at(times[1]).i64[1], -1);
    EXPECT_EQ(at(times[2]).i64[1], -1);
    EXPECT_EQ(at(of_day).i64[0], 49510123);
    EXPECT_EQ(at(price).f64[0], 12.34);
    EXPECT_EQ(at(price).f64[1], -0.07);
    EXPECT_EQ(at(huge).text[0], "-123456789012345678901234567890");
    EXPECT_EQ(at(any).f64[0], 123.456);
    EXPECT_EQ(at(any).f64[1], 300);
    EXPECT_EQ(at(doc).text[0], R"({"a": 1})");
    EXPECT_EQ(at(raw).text[0], "Ymx1ZQ==");
    EXPECT_EQ(at(mood).text[0], "ok");
    EXPECT_EQ(at(flag).i64[0], 1);
    EXPECT_TRUE(at(price).is_null(2) && at(huge).is_null(2) && at(times[0]).is_null(2));
    EXPECT_EQ(bodies()[0],
              R"("id":1,"ms":"2026-01-05T13:45:10.123Z","us":"2026-01-05T13:45:10.123Z",)"
              R"("ns":"2026-01-05T13:45:10.123Z","day":"2026-01-05T00:00:00.000Z",)"
              R"("zoned":"2026-01-05T14:45:10.123456+01:00","connect_day":"2026-01-05T00:00:00.000Z",)"
              R"("connect_ms":"2026-01-05T13:45:10.123Z","time":"1970-01-01T13:45:10.123Z","price":12.34,)"
              R"("huge":"-123456789012345678901234567890","any":123.456,"doc":"{\"a\": 1}",)"
              R"("uid":"c84ad4d5-4e4a-4f3c-9a5f-0c8a0f6ea3c1","mood":"ok","raw":"Ymx1ZQ==","flag":true,"ratio":0.5)");
  }
}

TEST_F(debezium_decoder_test, each_record_is_read_by_its_own_schema) {
  const auto price = source("price", column_type::float64);
  const auto balance = source("balance", column_type::string);
  auto records = lines_of("postgres_schema.ndjson");
  const auto others = lines_of("mysql_schema.ndjson");
  records = {records[0], others[0], records[1], others[1]};
  decode(records);
  EXPECT_EQ(at(price).f64[0], 12.34);
  EXPECT_EQ(at(balance).text[1], "12.50");
  EXPECT_EQ(at(price).f64[2], -0.07);
  EXPECT_EQ(at(balance).text[3], "12.50");
}

TEST_F(debezium_decoder_test, takes_decimals_as_texts_and_numbers_that_are_truths) {
  const auto balance = source("balance", column_type::float64);
  const auto active = source("active", column_type::boolean);
  const auto& b = decode(lines_of("mysql.ndjson"));
  ASSERT_EQ(b.rows.size(), 6u);
  EXPECT_EQ(at(balance).f64[1], -0.05);
  EXPECT_EQ(at(active).i64[0], 1);
  EXPECT_EQ(at(active).i64[1], 0);
  EXPECT_EQ(bodies()[1], R"("id":1005,"email":"bob@noanswer.org","balance":-0.05,"active":false)");
  EXPECT_EQ(verdict(R"({"after":{"active":2},"op":"c"})"),
            "cast: field 'active': expected bool, found a number other than 0 and 1");
}

TEST_F(debezium_decoder_test, a_row_in_which_nothing_is_encoded_goes_through_byte_for_byte) {
  source("a", column_type::int64);
  source("d", column_type::float64);
  EXPECT_EQ(body_of(R"({"op":"c","after":{ "a" : 1 , "b":[1, 2],"d":1.50, "\u0063":"\"}" } ,"before":null})"),
            R"("a" : 1 , "b":[1, 2],"d":1.50, "\u0063":"\"}")");
  EXPECT_EQ(body_of(R"({"op":"c","after":{}})"), "");
}

TEST_F(debezium_decoder_test, cut_members_are_taken_out_wherever_they_stand) {
  source("a", column_type::int64);
  source("__op", column_type::string);
  options_.cut = {"a", "x", "__op"};
  const auto after = [](const std::string& members) { return R"({"after":{)" + members + R"(},"op":"c"})"; };
  EXPECT_EQ(body_of(after(R"("a":1,"b":2,"x":{"a":1},"c":3)")), R"("b":2,"c":3)");
  EXPECT_EQ(body_of(after(R"( "b":2 , "a":1 )")), R"("b":2)");
  EXPECT_EQ(body_of(after(R"("x":1,"a":2)")), "");
  EXPECT_EQ(body_of(after(R"("b":2)")), R"("b":2)");
}

TEST_F(debezium_decoder_test, names_with_escapes_and_members_that_come_twice_are_found) {
  const auto t = source("t", column_type::timestamp);
  EXPECT_EQ(body_of(R"({"\u006fp":"c","after":{"\u0074":1,"t":2}})"), R"("\u0074":1,"t":"1970-01-01T00:00:00.002Z")");
  EXPECT_EQ(at(t).i64[0], 2);
}

TEST_F(debezium_decoder_test, tombstones_are_filtered) {
  source("id", column_type::int64);
  auto block = std::make_shared<raw_block>();
  const std::string row = R"({"after":{"id":1},"op":"c"})";
  const std::string null_payload = R"({"schema":null,"payload":null})";
  block->append(0, 0, "k", 1, row.data(), row.size());
  block->append(1, 0, "k", 1, nullptr, 0);
  block->append(2, 0, "k", 1, null_payload.data(), null_payload.size());
  block->append(3, 0, "k", 1, row.data(), row.size());
  block->seal();
  const auto& b = decode_block(block);
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 3}));
  EXPECT_EQ(b.filtered, 2u);
}

TEST_F(debezium_decoder_test, a_delete_may_lack_what_is_required_and_a_create_may_not) {
  source("id", column_type::int64, true);
  source("x", column_type::float64, true);
  EXPECT_EQ(verdict(R"({"before":{"id":1,"x":null},"after":null,"op":"d"})"), "");
  EXPECT_EQ(verdict(R"({"after":{"id":1,"x":null},"op":"c"})"), "cast: field 'x' is required and is null");
}

TEST_F(debezium_decoder_test, says_what_is_wrong_with_an_event_and_leaves_its_neighbours_alone) {
  const auto id = source("id", column_type::int64, true);
  source("amount", column_type::float64);
  texts records;
  texts reasons;
  for (const auto& line : lines_of("wrong.txt")) {
    const auto tab = line.find('\t');
    reasons.push_back(line.substr(0, tab));
    records.push_back(line.substr(tab + 1));
    records.push_back(R"({"after":{"id":)" + std::to_string(records.size()) + R"(},"op":"c"})");
  }
  ASSERT_GT(reasons.size(), 20u);
  for (const auto cut_quote : {false, true}) { // a string without an end breaks the scan of the whole block
    auto all = records;
    if (cut_quote)
      all.push_back(R"({"after":{"id)");
    const auto& b = decode(all);
    ASSERT_EQ(b.rejected.size(), reasons.size() + cut_quote);
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      EXPECT_EQ(b.rejected[i].reason, reasons[i]);
      EXPECT_EQ(b.rejected[i].row, 2 * i);
    }
    for (const auto row : b.rows)
      EXPECT_EQ(at(id).i64[row], row);
  }
}

TEST_F(debezium_decoder_test, rows_go_to_a_sink_of_another_format) {
  source("id", column_type::int64);
  source("__op", column_type::string);
  source("before.balance", column_type::float64);
  source("balance", column_type::float64);
  options_.sink = &csv_format;
  options_.cut = {"id"};
  decode(lines_of("mysql.ndjson"));
  EXPECT_EQ(bodies(), (texts{"r,,12.5", "c,,-0.05", "c,,1000", "d,1000,1000", "c,,1000", "u,-0.05,20"}));
}

TEST_F(debezium_decoder_test, a_record_that_ends_early_takes_nothing_from_the_next) {
  const auto price = source("price", column_type::float64);
  const auto whole = lines_of("postgres_schema.ndjson");
  texts records;
  for (std::size_t size = 1; size < whole[0].size(); size += 37) {
    records.push_back(whole[0].substr(0, size));
    records.push_back(whole[1]);
  }
  records.insert(records.end(),
                 {R"({"schema":)", whole[1], R"({"payload":)", whole[1], R"({"schema":{},"payload":{"after":)"});
  decode(records);
  for (row_index row = 0; row < records.size(); ++row)
    EXPECT_EQ(std::ranges::count(batch_.rows, row), static_cast<std::ptrdiff_t>(row % 2)) << row;
  for (const auto row : batch_.rows)
    EXPECT_EQ(at(price).f64[row], -0.07);
}

/// Where changes stand.
class debezium_positions_test : public debezium_decoder_test {
protected:
  debezium_positions_test() { options_.positions = true; }

  std::vector<change_positions::change> changes_of(const texts& records) { return decode(records).positions->changes; }

  static std::string event(const std::string& members_of_source) {
    return R"({"after":{"id":1},"op":"c","source":{)" + members_of_source + "}}";
  }
};

TEST_F(debezium_positions_test, are_the_last_commit_and_the_record_in_postgresql) {
  const auto changes = changes_of(lines_of("postgres.ndjson"));
  EXPECT_EQ(changes[0].source, change_positions::unknown); // a snapshot
  EXPECT_EQ(changes[1].position, (std::array<std::uint64_t, 3>{24023000, 24023128, 0}));
  EXPECT_EQ(changes[1].time_ms, 1767620711500);
  EXPECT_GT(changes[2].position, changes[1].position);
  EXPECT_EQ(changes[1].source, changes[3].source);
  ASSERT_EQ(batch_.positions->sources.size(), 1u);
  EXPECT_EQ(batch_.positions->sources[0], "postgresql\nshop\n\nbank\npublic\npayments\n");
}

TEST_F(debezium_positions_test, are_those_of_the_binlog_in_mysql) {
  const auto changes = changes_of(lines_of("mysql.ndjson"));
  EXPECT_EQ(changes[1].position, (std::array<std::uint64_t, 3>{3, 484, 0}));
  EXPECT_EQ(changes[2].position, (std::array<std::uint64_t, 3>{3, 484, 1}));
  EXPECT_EQ(changes[3].position, changes[4].position); // a primary key that changed
  EXPECT_NE(changes[3].content, changes[4].content);
  EXPECT_GT(changes[5].position, changes[4].position); // binlog 10 comes behind binlog 3
}

TEST_F(debezium_positions_test, are_commit_change_and_number_in_sql_server) {
  const auto at = [&](const std::string& commit, const std::string& change, int serial) {
    const auto changes = changes_of({event(R"("connector":"sqlserver","commit_lsn":")" + commit + R"(","change_lsn":")"
                                           + change + R"(","event_serial_no":)" + std::to_string(serial))});
    EXPECT_NE(changes[0].source, change_positions::unknown);
    return changes[0].position;
  };
  const auto first = at("00000027:00000758:0005", "00000027:00000758:0003", 1);
  EXPECT_LT(first, at("00000027:00000758:0005", "00000027:00000758:0003", 2));
  EXPECT_LT(at("00000027:00000758:0005", "00000027:00000758:0003", 2),
            at("00000027:00000758:0005", "00000027:00000758:0004", 1));
  EXPECT_LT(at("00000027:00000758:0005", "ffffffff:ffffffff:ffff", 2),
            at("00000027:00000758:0006", "00000027:00000758:0003", 1));
  EXPECT_LT(at("00000027:00000758:0006", "00000027:00000758:0003", 1),
            at("00000028:00000000:0000", "00000027:00000758:0003", 1));
}

TEST_F(debezium_positions_test, are_unknown_where_they_may_not_ascend) {
  for (const auto* members :
       {R"("connector":"postgresql","lsn":5)", R"("connector":"postgresql","sequence":"[null,null]","lsn":5)",
        R"("connector":"postgresql","sequence":"what","lsn":5)", R"("connector":"oracle","scn":"5")", "",
        R"("connector":"mysql","file":"mysql-bin","pos":4,"row":0)", R"("connector":"mysql","file":"b.1","row":0)",
        R"("connector":"sqlserver","commit_lsn":"1:2:3","change_lsn":"1:2:3","event_serial_no":1)"})
    EXPECT_EQ(changes_of({event(members)})[0].source, change_positions::unknown) << members;
  EXPECT_EQ(changes_of({R"({"after":{"id":1},"op":"c"})"})[0].source, change_positions::unknown);
}

} // namespace
} // namespace weir::core
