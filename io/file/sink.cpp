#include "io/file/append_file.hpp"
#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"
#include "io/record_lines.hpp"

namespace weir::io {

namespace {

using namespace config;

struct file_settings {
  std::string path;
};

constexpr std::array file_fields{
    field<&file_settings::path>("path", "the file that lines are appended to", required),
};

/// Lines of a file: each record's value and a line end.
class file_lines final : public sink {
public:
  /// @param header written first into an empty file; empty: none
  file_lines(std::shared_ptr<append_file> file, const std::string& header) : file_{std::move(file)} {
    if (file_->empty() && !header.empty())
      file_->append(header + "\n");
  }

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    then(file_->append(lines_of(*block)));
    return {};
  }

private:
  std::shared_ptr<append_file> file_;
};

class file_dead_letters final : public dead_letter_sink {
public:
  explicit file_dead_letters(std::shared_ptr<append_file> file) : file_{std::move(file)} {}

  void write(const std::vector<dead_letter>& letters, delivered then) override {
    then(file_->append(lines_of(letters)));
  }

private:
  std::shared_ptr<append_file> file_;
};

class file_sink final : public config::sink {
public:
  file_sink(const sink_kind& of, file_settings settings, yaml_section&) :
      config::sink{of}, settings_{std::move(settings)} {}

  value::mapping show() const override { return show_fields(file_fields, &settings_); }
  preparation prepare(topic_clients&, const sink_role&) const override { return {}; }

  core::result<std::shared_ptr<io::sink>> open(output_opener& with, const sink_role& role) const override {
    auto file = with.files().file(settings_.path);
    if (!file)
      return tl::unexpected{file.error()};
    return std::make_shared<file_lines>(std::move(*file), role.header);
  }

  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener& with) const override {
    auto file = with.files().file(settings_.path);
    if (!file)
      return tl::unexpected{file.error()};
    return std::make_shared<file_dead_letters>(std::move(*file));
  }

private:
  file_settings settings_;
};

} // namespace

constexpr sink_kind file_sink_kind = make_sink_kind<file_sink, file_settings, file_fields>(
    "file", "lines appended to a file, cut to the last commit by a restart", "{ file: out.ndjson }", true);

} // namespace weir::io
