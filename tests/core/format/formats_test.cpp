#include "core/format/body_builder.hpp"
#include "core/format/record_rows.hpp"
#include "core/format/value_text.hpp"
#include "tests/core/format/decoder_fixture.hpp"

#include <limits>
#include <set>

namespace weir::core {
namespace {

class formats_test : public testing::Test {
protected:
  formats_test() {
    for (const auto& [name, type] :
         {std::pair{"CustomerID", column_type::string}, std::pair{"Date", column_type::timestamp},
          std::pair{"Amount", column_type::float64}})
      columns_.add({.name = name, .type = type, .from_source = true});
  }

  batch decoded(const format_kind& from, const format_kind& sink, std::string_view record) const {
    batch b;
    b.raw = block_of({std::string{record}});
    from.make_decoder({.columns = &columns_, .sink = &sink, .header = names_})->decode(b);
    return b;
  }

  std::string written(const format_kind& format, const batch& b) const {
    record_block out;
    format.make_writer(columns_)->write(b, out);
    return out.size() == 1 ? std::string{out.value(0)} : std::to_string(out.size()) + " records";
  }

  static std::vector<const format_kind*> written_formats() {
    std::vector<const format_kind*> found;
    for (const auto* format : formats())
      if (format->make_writer != nullptr)
        found.push_back(format);
    return found;
  }

  static void expect_the_example(const batch& b, std::string_view where) {
    ASSERT_EQ(b.rows.size(), 1u) << where;
    EXPECT_EQ(b.at(0).text[0], "C000042") << where;
    EXPECT_EQ(b.at(1).i64[0], 1'767'620'710'000) << where;
    EXPECT_EQ(b.at(2).f64[0], 12.5) << where;
  }

  layout columns_;
  const std::vector<std::string> names_{"CustomerID", "Date", "Amount"};
};

TEST_F(formats_test, are_found_by_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto* format : formats()) {
    EXPECT_TRUE(names.insert(format->name).second) << format->name;
    EXPECT_EQ(find_format(format->name), format);
    EXPECT_FALSE(format->help.empty() || format->help.ends_with('.')) << format->name;
  }
  EXPECT_EQ(find_format("jsn"), nullptr);
}

TEST_F(formats_test, a_file_s_extension_finds_its_format) {
  for (const auto* format : formats())
    for (const auto extension : format->extensions) {
      EXPECT_TRUE(extension.starts_with('.')) << extension;
      EXPECT_EQ(format_of_file("data.d/x" + std::string{extension}, nullptr), format) << extension;
    }
  EXPECT_EQ(format_of_file("data/x.csv", &json_format), &csv_format);
  EXPECT_EQ(format_of_file("x.csv.gz", &json_format), &csv_format);
  EXPECT_EQ(format_of_file("x.csv.zst", &json_format), &csv_format);
  EXPECT_EQ(format_of_file("x.gz", &csv_format), &csv_format);
  EXPECT_EQ(format_of_file("x.ndjson", &csv_format), &json_format);
  EXPECT_EQ(format_of_file("-", &json_format), &json_format);
  EXPECT_EQ(format_of_file("csv", &json_format), &json_format);
}

TEST_F(formats_test, every_example_is_read_and_comes_out_as_it_was) {
  for (const auto* format : written_formats()) {
    const auto b = decoded(*format, *format, format->example);
    expect_the_example(b, format->name);
    EXPECT_EQ(written(*format, b), format->example);
  }
}

TEST_F(formats_test, every_example_goes_to_every_format_and_is_read_there) {
  for (const auto* from : formats())
    for (const auto* sink : written_formats()) {
      const auto record = written(*sink, decoded(*from, *sink, from->example));
      expect_the_example(decoded(*sink, *sink, record), record);
    }
}

TEST_F(formats_test, what_makes_bodies_writes_records_too) {
  for (const auto* format : formats())
    EXPECT_EQ(format->make_writer == nullptr, format->write_bodies == nullptr) << format->name;
  EXPECT_GE(written_formats().size(), 2u);
}

TEST_F(formats_test, every_example_is_a_row_of_a_file_and_has_a_key) {
  for (const auto* format : formats()) {
    const auto text = std::string{format->example} + "\n" + std::string{format->example};
    record_rows rows{*format};
    std::copy(text.begin(), text.end(), rows.room(text.size()).begin());
    rows.added(text.size());
    rows.end();
    for (const auto line : {1u, 2u}) {
      const auto row = rows.next();
      ASSERT_TRUE(row) << format->name;
      EXPECT_EQ(row->text, format->example);
      EXPECT_EQ(row->line, line);
    }
    EXPECT_FALSE(rows.next());
    auto key = format->make_key(names_, "CustomerID", {});
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ((*key)->of(format->example), "C000042");
  }
}

TEST_F(formats_test, a_header_that_is_written_reads_back_to_its_names) {
  columns_.add({.name = "a, \"b\""});
  for (const auto* format : formats()) {
    if (format->header == nullptr)
      continue;
    const auto row = format->header->write(names_, columns_);
    EXPECT_EQ(format->header->read(row, {}), (std::vector<std::string>{"CustomerID", "Date", "Amount", "a, \"b\""}))
        << format->name;
    EXPECT_FALSE(format->header->remedy.empty());
  }
}

/// Bodies that a sink's format makes from columns, for a decoder of another one.
class bodies_test : public testing::Test {
protected:
  bodies_test() {
    batch_.raw = block_of({"0", "1", "2"});
    batch_.body.resize(3);
    batch_.rows = {0, 2};
    text_.type = column_type::string;
    text_.text = {"a\"b", "gone", ""};
    number_.f64 = {1.5, 2, std::numeric_limits<double>::infinity()};
    flag_.type = column_type::boolean;
    flag_.i64 = {1, 0, 0};
    flag_.null = {0, 0, 1};
  }

  std::vector<std::string_view> bodies(const format_kind& format) {
    format.write_bodies(batch_, std::vector<body_field>{{"t \"x\"", &text_}, {"n", &number_}, {"f", &flag_}});
    return batch_.body;
  }

  batch batch_;
  column text_;
  column number_;
  column flag_;
};

TEST_F(bodies_test, are_members_of_an_object_in_json) {
  EXPECT_EQ(bodies(json_format), (std::vector<std::string_view>{R"("t \"x\"":"a\"b","n":1.5,"f":true)", "",
                                                                R"("t \"x\"":"","n":null,"f":null)"}));
}

TEST_F(bodies_test, are_rows_in_csv) {
  EXPECT_EQ(bodies(csv_format), (std::vector<std::string_view>{R"("a""b",1.5,true)", "", R"("",,)"}));
}

/// What decoders do for a sink whose format none of them knows.
class other_sink_test : public decoder_fixture {
protected:
  other_sink_test() {
    other_.write_bodies = [](batch& b, std::span<const body_field> fields) {
      body_builder bodies;
      for (const auto row : b.rows)
        for (auto& out = bodies.next(row); const auto& field : fields) {
          char number[plain_value_size];
          const auto& values = *field.values;
          out.append(field.name).append("=");
          if (values.is_null(row))
            out.append("nothing");
          else if (values.type == column_type::string)
            out.append(values.text[row]);
          else
            out.append(number, write_plain_value(values, row, number));
          out.append(";");
        }
      bodies.finish(b);
    };
    options_.columns = &columns_;
    options_.sink = &other_;
    options_.cut = {"cut"};
    source("s", column_type::string);
    source("cut", column_type::int64);
    source("d", column_type::float64, true);
  }

  std::unique_ptr<decoder> make() override { return from_->make_decoder(options_); }

  format_kind other_ = json_format;
  const format_kind* from_ = nullptr;
};

TEST_F(other_sink_test, gets_the_fields_of_the_schema_from_json) {
  from_ = &json_format;
  const auto& b = decode({R"({"d":1.50,"more":1,"s":"a\"b","cut":1})", R"({"s":"no d"})", R"({"d":2})"});
  EXPECT_EQ(b.body, (std::vector<std::string_view>{"s=a\"b;d=1.5;", "", "s=nothing;d=2;"}));
}

TEST_F(other_sink_test, gets_all_fields_of_a_csv_row) {
  from_ = &csv_format;
  options_.header = {"d", "more", "cut", "s"};
  for (int batches = 0; batches < 2; ++batches) {
    const auto& b = decode({"1.50,\"x \"\"y\"\"\",7,a", "no number,,,", "2,,,\"\""});
    EXPECT_EQ(b.body, (std::vector<std::string_view>{"d=1.5;more=x \"y\";s=a;", "", "d=2;more=nothing;s=;"}));
  }
}

} // namespace
} // namespace weir::core
