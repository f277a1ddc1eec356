#include "core/cluster/verbs/verbs.hpp"

namespace weir::core::verbs {

constexpr control_verb pause{"pause", "Read no more; what has been read is finished and committed", goal::paused};

} // namespace weir::core::verbs
