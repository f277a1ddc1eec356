#include "core/format/debezium_format.hpp"
#include "core/format/json_format.hpp"

#include <optional>
#include <string>

#include <simdjson.h>

namespace weir::core {

namespace {

namespace dom = simdjson::dom;

/// Finds the row's JSON and leaves the rest to the key of JSON records.
class debezium_key final : public record_key {
public:
  explicit debezium_key(std::unique_ptr<record_key> of_row) : of_row_{std::move(of_row)} {}

  std::optional<std::string_view> of(std::string_view record) override {
    dom::element event;
    dom::element row;
    if (parser_.parse(record.data(), record.size()).get(event) != simdjson::SUCCESS)
      return std::nullopt;
    if (dom::element payload; event["payload"].get(payload) == simdjson::SUCCESS)
      event = payload;
    for (const auto* which : {"after", "before"})
      if (event[which].get(row) == simdjson::SUCCESS && row.is_object()) {
        row_ = simdjson::minify(row);
        return of_row_->of(row_);
      }
    return std::nullopt;
  }

private:
  dom::parser parser_;
  std::unique_ptr<record_key> of_row_;
  std::string row_;
};

} // namespace

result<std::unique_ptr<record_key>> make_debezium_key(const std::vector<std::string>& header,
                                                      const std::string& field) {
  auto of_row = make_json_key(header, field);
  if (!of_row)
    return of_row;
  return std::make_unique<debezium_key>(*std::move(of_row));
}

} // namespace weir::core
