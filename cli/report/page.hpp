#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// A whole page of HTML that needs nothing beside it. @param body of sections
std::string page(std::string_view title, const std::string& body);

/// A part of a page under a heading. @param note below it, may be empty
std::string section(std::string_view heading, std::string_view note, const std::string& content);

/// Pictures beside each other, as far as there is room.
std::string figures(std::span<const std::string> of);

/// A picture with what it shows. @param legend names of the series, by colour; may be empty
std::string figure(std::string_view caption, const std::string& svg, std::span<const std::string> legend = {});

/// The first row is the header. The first column stands left, all others are numbers.
std::string table(const std::vector<std::vector<std::string>>& rows);

} // namespace weir::cli
