#pragma once

#include "io/backend.hpp"
#include "io/store/local_store.hpp"

#include <memory>

namespace weir::io {

/// For a source without transactions: state and offsets in `store`; all sinks have acknowledged before.
std::unique_ptr<backend> make_local_backend(backend_options options, std::shared_ptr<local_store> store);

} // namespace weir::io
