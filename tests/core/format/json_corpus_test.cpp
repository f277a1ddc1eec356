#include "tests/core/format/decoder_fixture.hpp"
#include "tests/core/format/json_corpus.hpp"

#include <rapidjson/reader.h>
#include <simdjson.h>

#include <random>

namespace weir::core {
namespace {

/// A walk over the corpus with each of simdjson's implementations that this machine can run.
class json_corpus_test : public testing::TestWithParam<std::string> {
protected:
  json_corpus_test() : before_{simdjson::get_active_implementation()} {
    simdjson::get_active_implementation() = simdjson::get_available_implementations()[GetParam()];
    columns_.add({.name = "a", .type = column_type::int64, .from_source = true});
    decoder_ = make_json_decoder({.columns = &columns_});
  }
  ~json_corpus_test() override { simdjson::get_active_implementation() = before_; }

  batch decode(const std::vector<std::string>& records) {
    batch b;
    b.raw = block_of(records);
    decoder_->decode(b);
    return b;
  }

  const simdjson::implementation* before_;
  layout columns_;
  std::unique_ptr<decoder> decoder_;
};

TEST_P(json_corpus_test, accepts_objects_alone_as_records) {
  for (const auto& sample : json_corpus()) {
    const auto start = sample.text.find_first_not_of(" \t\r\n");
    const bool object = sample.is_json && sample.text[start] == '{';
    const auto b = decode({sample.text});
    // A field `a` that is no integer is refused as well, at another stage.
    const bool accepted = b.rejected.empty() || b.rejected[0].stage == stage::cast;
    if (sample.is_json)
      EXPECT_EQ(accepted, object) << sample.text.substr(0, 100);
    else
      EXPECT_TRUE(b.rows.empty()) << sample.text.substr(0, 100);
  }
}

TEST_P(json_corpus_test, checks_values_of_fields_that_nobody_uses) {
  for (const auto& sample : json_corpus()) {
    const auto member = "\"a\":1,\"x\":" + sample.text + ",\"b\":2";
    const auto b = decode({'{' + member + '}'});
    ASSERT_EQ(b.rows.size() == 1, sample.is_json)
        << sample.text.substr(0, 100) << (b.rejected.empty() ? "" : ": " + b.rejected[0].reason);
    if (sample.is_json) {
      EXPECT_EQ(b.body[0], member);
    } else {
      EXPECT_EQ(b.rejected[0].stage, stage::decode);
      EXPECT_EQ(b.body[0], "");
    }
  }
}

TEST_P(json_corpus_test, keeps_good_records_between_any_others) {
  std::vector<std::string> records;
  std::vector<row_index> good;
  const auto add_good = [&] {
    good.push_back(static_cast<row_index>(records.size()));
    records.push_back(R"({"a":)" + std::to_string(records.size()) + R"(,"s":"x\n","t":[1,{}]})");
  };
  for (const auto& sample : json_corpus()) {
    add_good();
    if (!sample.is_json || sample.text.find('{') == std::string::npos)
      records.push_back(sample.text);
    add_good();
    if (!sample.is_json)
      records.push_back("{\"a\":0,\"x\":" + sample.text + "}");
  }
  const auto b = decode(records);
  ASSERT_EQ(b.rows, good);
  for (const auto row : good) {
    ASSERT_EQ(b.at(0).i64[row], row);
    ASSERT_EQ('{' + std::string{b.body[row]} + '}', records[row]);
  }
}

/// Whether an independent parser calls `text` an object. It takes a lone low surrogate's escape for an error in its own
/// way: such texts are not asked about.
bool is_object(const std::string& text) {
  rapidjson::StringStream stream{text.c_str()};
  rapidjson::BaseReaderHandler<> handler;
  rapidjson::Reader reader;
  const auto start = text.find_first_not_of(" \t\r\n");
  return start != std::string::npos && text[start] == '{'
         && !reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream, handler)
                 .IsError();
}

bool is_comparable(const std::string& text) {
  if (text.find('\0') != std::string::npos) // ends the other parser's text
    return false;
  for (auto at = text.find("\\u"); at != std::string::npos; at = text.find("\\u", at + 2))
    if (at + 2 < text.size() && (text[at + 2] | 0x20) == 'd') // maybe a surrogate
      return false;
  // An exponent that overflows is an error there, and no matter here where nobody uses the field.
  for (auto at = text.find_first_of("eE"); at != std::string::npos; at = text.find_first_of("eE", at + 1))
    if (at + 3 < text.size() && text.find_first_of("0123456789", at + 1) <= at + 2
        && text.find_first_not_of("+-0123456789", at + 1) > at + 3)
      return false;
  return true;
}

TEST_P(json_corpus_test, agrees_with_another_parser_on_mutated_records) {
  const std::vector<std::string> seeds{
      R"({"CustomerID":"C012345","Date":"2026-01-05T13:45:10.123Z","Amount":123.45,"Age":34,"Gender":"F"})",
      R"({"x":[1,-2.5e3,true,false,null,"a\"b\\\u00e9\n",{"y":[[],{}]}],"z":{"k":"v"}})",
      R"( { "é" : "€😀" , "n" : [ 0 , -0.0 , 1E+2 ] , "e" : "" } )",
  };
  const std::vector<std::string> pieces{"\"",   "\\",   "{",    "}",    "[",    "]",    ",", ":",   "1",   "0",
                                        "-",    ".",    "e",    "t",    "true", "null", " ", "\n",  "\t",  "\x01",
                                        "\x0c", "\x1a", "\x7f", "\x80", "\xc3", "\xff", "é", "\\u", "\\n", "//"};
  std::mt19937 random{20260105};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  std::vector<std::string> records;
  for (int i = 0; i < 40'000; ++i) {
    auto text = seeds[pick(seeds.size())];
    for (auto changes = 1 + pick(3); changes > 0; --changes) {
      const auto at = pick(text.size());
      switch (pick(4)) {
      case 0: text.erase(at, 1 + pick(3)); break;
      case 1: text.insert(at, pieces[pick(pieces.size())]); break;
      case 2: text.replace(at, 1, pieces[pick(pieces.size())]); break;
      default: text.insert(at, text.substr(pick(text.size()), pick(12)));
      }
    }
    if (is_comparable(text))
      records.push_back(text);
  }
  ASSERT_GT(records.size(), 30'000u);
  layout none;
  decoder_ = make_json_decoder({.columns = &none});
  const auto b = decode(records);
  std::vector<bool> accepted(records.size());
  for (const auto row : b.rows)
    accepted[row] = true;
  // With a schema some more are refused, none fewer.
  layout typed;
  typed.add({.name = "Date", .type = column_type::timestamp, .from_source = true});
  typed.add({.name = "Amount", .type = column_type::float64, .from_source = true});
  typed.add({.name = "x", .type = column_type::string, .from_source = true});
  typed.add({.name = "é", .type = column_type::string, .from_source = true});
  typed.add({.name = "n", .type = column_type::int64, .from_source = true});
  decoder_ = make_json_decoder({.columns = &typed, .cut = {"Age", "e"}});
  for (const auto row : decode(records).rows)
    ASSERT_TRUE(accepted[row]) << records[row];
  std::size_t good = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    good += accepted[i];
    ASSERT_EQ(accepted[i], is_object(records[i])) << records[i];
  }
  EXPECT_GT(good, records.size() / 20);
  EXPECT_LT(good, records.size() / 2);
}

std::vector<std::string> implementations() {
  std::vector<std::string> names;
  for (const auto* i : simdjson::get_available_implementations())
    if (i->supported_by_runtime_system())
      names.push_back(i->name());
  return names;
}

INSTANTIATE_TEST_SUITE_P(each_instruction_set, json_corpus_test, testing::ValuesIn(implementations()),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace weir::core
