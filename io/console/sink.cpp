#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"
#include "io/record_lines.hpp"

#include <unistd.h>

namespace weir::io {

namespace {

using namespace config;

struct console_settings {};

constexpr std::array<field_info, 0> console_fields{};

class console_lines final : public sink {
public:
  explicit console_lines(std::shared_ptr<append_file> output) : output_{std::move(output)} {}

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    then(output_->append(lines_of(*block)));
    return {};
  }

private:
  std::shared_ptr<append_file> output_;
};

/// Lines on standard error.
class console_dead_letters final : public dead_letter_sink {
public:
  void write(const std::vector<dead_letter>& letters, delivered then) override {
    then(write_all(STDERR_FILENO, lines_of(letters)));
  }
};

class console_sink final : public config::sink {
public:
  console_sink(const sink_kind& of, console_settings, yaml_section&) : config::sink{of} {}

  bool only_shows() const noexcept override { return true; }
  value::mapping show() const override { return {}; }
  preparation prepare(topic_clients&, const sink_role&) const override { return {}; }

  core::result<std::shared_ptr<io::sink>> open(output_opener& with, const sink_role&) const override {
    return std::make_shared<console_lines>(with.files().standard_output());
  }
  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener&) const override {
    return std::make_shared<console_dead_letters>();
  }
};

} // namespace

constexpr sink_kind console_sink_kind = make_sink_kind<console_sink, console_settings, console_fields>(
    "console", "lines on standard output; dead letters on standard error", "{ console: {} }", false);

} // namespace weir::io
