#include "core/cluster/verbs/verbs.hpp"

namespace weir::core::verbs {

constexpr control_verb resume{"resume", "Read on", goal::running};

} // namespace weir::core::verbs
