#include "config/yaml_text.hpp"

#include "config/yaml_reader.hpp"

#include <charconv>

#include <yaml-cpp/yaml.h>

namespace weir::config {

namespace {

void write(YAML::Emitter& out, const value& of);

void write(YAML::Emitter& out, const value::mapping& of) {
  out << YAML::BeginMap;
  for (const auto& [name, one] : of) {
    out << YAML::Key << name << YAML::Value;
    write(out, one);
  }
  out << YAML::EndMap;
}

/// Whether a reader would take the text for something else than a text.
bool needs_quotes(const std::string& text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const bool is_number = std::from_chars(text.data(), end, number).ptr == end;
  return is_number || text == "true" || text == "false" || text == "null" || text == "~";
}

struct writer {
  YAML::Emitter& out;

  void operator()(std::monostate) const { out << YAML::Null; }
  void operator()(bool truth) const { out << truth; }
  void operator()(std::int64_t number) const { out << number; }
  void operator()(double number) const { out << shown_number(number); }
  void operator()(const std::string& text) const {
    if (needs_quotes(text))
      out << YAML::DoubleQuoted;
    out << text;
  }
  void operator()(const value::list& items) const {
    out << YAML::BeginSeq;
    for (const auto& item : items)
      write(out, item);
    out << YAML::EndSeq;
  }
  void operator()(const value::mapping& members) const { write(out, members); }
};

void write(YAML::Emitter& out, const value& of) {
  std::visit(writer{out}, of.data);
}

std::string indented(const std::string& name, const value::mapping& members) {
  std::string text = name + ":\n";
  for (const auto& [member, one] : members)
    text += "  " + yaml_line({member}) + ": " + yaml_line(one) + "\n";
  return text;
}

} // namespace

std::string yaml_line(const value& of) {
  YAML::Emitter out;
  out << YAML::Flow;
  write(out, of);
  return out.c_str();
}

std::string yaml_text(const value::mapping& of) {
  std::string text;
  for (const auto& [name, one] : of) {
    const auto* items = std::get_if<value::list>(&one.data);
    const auto* members = std::get_if<value::mapping>(&one.data);
    if (members != nullptr && !members->empty()) {
      text += indented(name, *members);
    } else if (items != nullptr && !items->empty()) {
      text += name + ":\n";
      for (const auto& item : *items)
        text += "  - " + yaml_line(item) + "\n";
    } else {
      text += name + ": " + yaml_line(one) + "\n";
    }
  }
  return text;
}

} // namespace weir::config
