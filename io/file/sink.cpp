#include "io/file/append_file.hpp"
#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"
#include "io/record_lines.hpp"

#include <filesystem>
#include <optional>

namespace weir::io {

namespace {

using namespace config;

/// A broker allows a transaction 15 minutes by default (transaction.max.timeout.ms).
constexpr double longest_part_time = 300'000;
constexpr double smallest_part = 1024;

struct rolling {
  milliseconds every = part_settings{}.every;
  byte_size bytes = part_settings{}.bytes;
};

constexpr std::array rolling_fields{
    field<&rolling::every>("every", "a part is seen after this time: the pipeline commits no more often; default: 10s",
                           between(1, longest_part_time)),
    field<&rolling::bytes>("bytes", "a part that has so many is followed by another; default: 128MiB",
                           at_least(smallest_part)),
};

section_info fields_for(std::type_identity<rolling>) {
  return {"roll", rolling_fields};
}

struct file_settings {
  std::string path;
  std::optional<rolling> roll;
};

constexpr std::array file_fields{
    field<&file_settings::path>(
        "path", "the file that lines are appended to; with `exactly_once` the folder of its parts", required),
    field<&file_settings::roll>("roll", "when the next part begins, with `exactly_once`"),
};

/// Lines of parts, which a transaction shows or removes.
class part_lines final : public sink {
public:
  explicit part_lines(std::shared_ptr<part_folder> folder) : folder_{std::move(folder)} {}

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    then(folder_->append(lines_of(*block)));
    return {};
  }

private:
  std::shared_ptr<part_folder> folder_;
};

/// The same outside of transactions: a part for each block, so it is for what comes seldom.
class immediate_part_lines final : public sink {
public:
  explicit immediate_part_lines(std::shared_ptr<part_folder> folder) : folder_{std::move(folder)} {}

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    then(folder_->append_now(lines_of(*block)));
    return {};
  }

private:
  std::shared_ptr<part_folder> folder_;
};

class part_dead_letters final : public dead_letter_sink {
public:
  explicit part_dead_letters(std::shared_ptr<part_folder> folder) : folder_{std::move(folder)} {}

  void write(const std::vector<dead_letter>& letters, delivered then) override {
    then(folder_->append(lines_of(letters)));
  }

private:
  std::shared_ptr<part_folder> folder_;
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
      config::sink{of}, settings_{std::move(settings)} {
    const auto roll = settings_.roll.value_or(rolling{});
    parts_ = {settings_.path, roll.every, roll.bytes};
  }

  const part_settings* parts() const noexcept override { return &parts_; }
  value::mapping show() const override { return show_fields(file_fields, &settings_); }

  preparation prepare(topic_clients&, const sink_role& role) const override {
    std::error_code is_not_there;
    const auto found = std::filesystem::status(settings_.path, is_not_there);
    if (role.in_transactions && std::filesystem::exists(found) && !std::filesystem::is_directory(found))
      return is_wrong("'" + settings_.path + "' is a file, and exactly_once needs a folder for its parts",
                      "move it away, name another, or set processing.guarantee to at_least_once");
    if (!role.in_transactions && std::filesystem::is_directory(found))
      return is_wrong("'" + settings_.path + "' is a folder", "name a file");
    return {};
  }

  core::result<std::shared_ptr<io::sink>> open(output_opener& with, const sink_role& role) const override {
    if (with.parts().is_used()) {
      auto folder = with.parts().folder(parts_, role.header);
      if (!folder)
        return tl::unexpected{folder.error()};
      if (role.in_transactions)
        return std::make_shared<part_lines>(std::move(*folder));
      return std::make_shared<immediate_part_lines>(std::move(*folder));
    }
    auto file = with.files().file(settings_.path);
    if (!file)
      return tl::unexpected{file.error()};
    return std::make_shared<file_lines>(std::move(*file), role.header);
  }

  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener& with) const override {
    if (with.parts().is_used()) {
      auto folder = with.parts().folder(parts_, {});
      if (!folder)
        return tl::unexpected{folder.error()};
      return std::make_shared<part_dead_letters>(std::move(*folder));
    }
    auto file = with.files().file(settings_.path);
    if (!file)
      return tl::unexpected{file.error()};
    return std::make_shared<file_dead_letters>(std::move(*file));
  }

private:
  file_settings settings_;
  part_settings parts_;
};

} // namespace

constexpr sink_kind file_sink_kind = make_sink_kind<file_sink, file_settings, file_fields>(
    "file", "lines of a file, or with `exactly_once` of parts in a folder", "{ file: out.ndjson }", true);

} // namespace weir::io
