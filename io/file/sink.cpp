#include "io/file/append_file.hpp"
#include "io/file/written_files.hpp"
#include "io/kinds.hpp"
#include "io/output_opener.hpp"
#include "io/preparation.hpp"
#include "io/record_lines.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

#include <unistd.h>

namespace weir::io {

namespace {

using namespace config;

constexpr double smallest_part = 1024;

struct rolling {
  milliseconds every = part_settings{}.every;
  byte_size bytes = part_settings{}.bytes;
};

constexpr std::array rolling_fields{
    field<&rolling::every>("every", "a part is seen after this time: the pipeline commits no more often; default: 10s",
                           between(1, longest_commit_part_ms)),
    field<&rolling::bytes>("bytes", "a part that has so many is followed by another; default: 128MiB",
                           at_least(smallest_part)),
};

section_info fields_for(std::type_identity<rolling>) {
  return {"roll", rolling_fields};
}

struct file_settings {
  std::string path;
  bool append = false;
  bool overwrite = false;
  std::optional<rolling> roll;
};

constexpr std::array file_fields{
    field<&file_settings::path>(
        "path", "the file that lines are appended to; with `exactly_once` the folder of its parts", required),
    field<&file_settings::append>("append",
                                  "a file that the pipeline did not write is written on, after what it holds"),
    field<&file_settings::overwrite>("overwrite", "a file that the pipeline did not write is emptied first"),
    field<&file_settings::roll>("roll", "when the next part begins, with `exactly_once`"),
};

/// Takes lines, each with its end; false: not all of them could be written.
using append_lines = std::function<bool(const std::string& lines)>;

class line_sink final : public sink {
public:
  explicit line_sink(append_lines append) : append_{std::move(append)} {}

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id, delivered then) override {
    then(append_(lines_of(*block)));
    return {};
  }

private:
  append_lines append_;
};

class dead_letter_lines final : public dead_letter_sink {
public:
  explicit dead_letter_lines(append_lines append) : append_{std::move(append)} {}

  void write(const std::vector<dead_letter>& letters, delivered then) override { then(append_(lines_of(letters))); }

private:
  append_lines append_;
};

/// Half a line of our own is cut off, for it is written again; one of somebody else is not. False: it cannot be ended.
bool end_last_line(const std::string& path) {
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekg(-1, std::ios::end);
  if (file.get() != '\n') {
    file.clear();
    file.seekp(0, std::ios::end);
    file.put('\n');
  }
  return file.flush().good();
}

class file_sink final : public config::sink {
public:
  file_sink(const sink_kind& of, file_settings settings, yaml_section& from) :
      config::sink{of}, settings_{std::move(settings)} {
    if (settings_.append && settings_.overwrite)
      from.report(from.at(), "'append' and 'overwrite' are both true, a file sink has one of them");
    const auto roll = settings_.roll.value_or(rolling{});
    parts_ = {settings_.path, roll.every, roll.bytes};
  }

  const std::string* file() const noexcept override { return &settings_.path; }
  const part_settings* parts() const noexcept override { return &parts_; }
  value::mapping show() const override { return show_fields(file_fields, &settings_); }

  core::result<void> check(const sink_role& role) const override {
    std::error_code is_not_there;
    const auto found = std::filesystem::status(settings_.path, is_not_there);
    if (role.in_transactions && std::filesystem::exists(found) && !std::filesystem::is_directory(found))
      return core::fail("'" + settings_.path + "' is a file, and exactly_once needs a folder for its parts", {},
                        "move it away, name another, or set processing.guarantee to at_least_once");
    if (!role.in_transactions && std::filesystem::is_directory(found))
      return core::fail("'" + settings_.path + "' is a folder", {}, "name a file");
    if (role.in_transactions)
      return {};
    const auto folder = std::filesystem::absolute(settings_.path, is_not_there).parent_path();
    if (::access(std::filesystem::exists(found) ? settings_.path.c_str() : folder.c_str(), W_OK) != 0)
      return tl::unexpected{cannot_write(std::strerror(errno))};
    if (is_of_others(*role.pipeline) && !settings_.append && !settings_.overwrite)
      return core::fail("'" + settings_.path + "' is there already, and this pipeline did not write it", {},
                        "move it away, name another, or set overwrite: true or append: true in the file sink");
    return {};
  }

  preparation prepare(topic_clients&, const sink_role& role) const override {
    const auto done = role.in_transactions ? make_folder() : claim(*role.pipeline);
    return done ? preparation{} : preparation{preparation::outcome::wrong, done.error(), 0};
  }

  core::result<std::shared_ptr<io::sink>> open(output_opener& with, const sink_role& role) const override {
    auto append = open_lines(with, role.header, role.in_transactions);
    if (!append)
      return tl::unexpected{append.error()};
    return std::make_shared<line_sink>(std::move(*append));
  }

  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener& with) const override {
    auto append = open_lines(with, {}, true);
    if (!append)
      return tl::unexpected{append.error()};
    return std::make_shared<dead_letter_lines>(std::move(*append));
  }

private:
  core::result<void> make_folder() const {
    std::error_code failed;
    std::filesystem::create_directories(settings_.path, failed);
    return failed ? core::result<void>{tl::unexpected{cannot_write(failed.message())}} : core::result<void>{};
  }

  /// Makes the file, or this pipeline's own of what is there.
  core::result<void> claim(const pipeline& by) const {
    std::error_code failed;
    const auto found = std::filesystem::status(settings_.path, failed);
    if (std::filesystem::exists(found) && !std::filesystem::is_regular_file(found))
      return {}; // a pipe, a device
    if (!std::ofstream{settings_.path, std::ios::app})
      return tl::unexpected{cannot_write(std::strerror(errno))};
    if (is_of_others(by)) {
      if (settings_.append && !end_last_line(settings_.path))
        return tl::unexpected{cannot_write(std::strerror(errno))};
      if (settings_.overwrite && by.source.from->is_shared()) // else it begins anew once the source is open
        std::filesystem::resize_file(settings_.path, 0, failed);
      if (failed)
        return tl::unexpected{cannot_write(failed.message())};
    }
    return written_files{by.state_dir, by.name}.add(settings_.path);
  }

  /// A file that holds something, which this pipeline did not write.
  bool is_of_others(const pipeline& than) const {
    std::error_code failed;
    return std::filesystem::is_regular_file(settings_.path, failed)
           && std::filesystem::file_size(settings_.path, failed) > 0
           && !written_files{than.state_dir, than.name}.contains(settings_.path);
  }

  core::error cannot_write(const std::string& why) const {
    return {"cannot write '" + settings_.path + "': " + why, {}, "make its folder, or name another place"};
  }

  /// @param in_transactions of parts: false makes one of each write, for what comes seldom
  core::result<append_lines> open_lines(output_opener& with, const std::string& header, bool in_transactions) const {
    if (with.parts().is_used()) {
      auto folder = with.parts().folder(parts_, header);
      if (!folder)
        return tl::unexpected{folder.error()};
      if (in_transactions)
        return [folder = *folder](const std::string& lines) { return folder->append(lines); };
      return [folder = *folder](const std::string& lines) { return folder->append_now(lines); };
    }
    auto file = with.files().file(settings_.path, settings_.append);
    if (!file)
      return tl::unexpected{file.error()};
    if ((*file)->length() == 0 && !header.empty())
      (*file)->append(header + "\n");
    return [file = *file](const std::string& lines) { return file->append(lines); };
  }

  file_settings settings_;
  part_settings parts_;
};

} // namespace

constexpr sink_kind file_sink_kind = make_sink_kind<file_sink, file_settings, file_fields>(
    "file", "lines of a file, or with `exactly_once` of parts in a folder", "{ file: out.ndjson }", true);

} // namespace weir::io
