#pragma once

#include <string>

namespace weir::core {

/// A number for people: four digits that count, all of them of a whole number below 1e12. `-` where it is not finite.
std::string short_number(double value);

} // namespace weir::core
