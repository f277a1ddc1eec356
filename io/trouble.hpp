#pragma once

#include "core/base/result.hpp"
#include "io/news.hpp"

#include <string>

namespace weir::io {

/// Why nothing can be committed now. Used by one thread.
class trouble {
public:
  /// Keeps the reason, for those who ask.
  void note(const core::error& why) { text_ = why.text(); }

  /// Keeps it and logs what is news.
  void tell(const core::error& why) {
    note(why);
    tell_error(text_);
  }

  void clear() { text_.clear(); }

  /// Empty: there is none.
  const std::string& text() const noexcept { return text_; }

private:
  std::string text_;
};

} // namespace weir::io
