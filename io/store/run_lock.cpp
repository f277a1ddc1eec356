#include "io/store/run_lock.hpp"

#include "io/record_lines.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weir::io {

core::result<run_lock> run_lock::take(const std::string& state_dir, const std::string& name) {
  std::error_code ignored;
  std::filesystem::create_directories(state_dir, ignored);
  const auto path = state_dir + "/" + name + ".lock";
  // Whoever ends removes the file: a lock on one that is gone by then keeps nobody out.
  for (;;) {
    file_handle file{path, O_RDWR | O_CREAT};
    if (file.get() < 0)
      return core::fail("cannot write '" + path + "': " + std::strerror(errno), {},
                        "choose another folder with state.dir");
    if (!file.lock(LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
      std::string holder;
      std::getline(std::ifstream{path} >> std::ws, holder);
      return core::fail("'" + name + "' runs already, in process " + holder, {},
                        "end that process first, or choose another folder with state.dir");
    }
    if (!file.is_at(path))
      continue;
    if (::ftruncate(file.get(), 0) == 0)
      static_cast<void>(write_all(file.get(), std::to_string(::getpid()) + "\n")); // for people
    return run_lock{path, std::move(file)};
  }
}

run_lock::~run_lock() {
  if (file_.get() >= 0)
    ::unlink(path_.c_str());
}

} // namespace weir::io
