#include "core/cluster/verbs/verbs.hpp"

namespace weir::core::verbs {

constexpr control_verb set{"set",
                           "Change a setting while the pipeline runs: another model for a step of infer",
                           {},
                           "infer.risk.model risk.onnx"};

} // namespace weir::core::verbs
