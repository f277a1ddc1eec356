#include "config/yaml_document.hpp"

#include "config/yaml_mistakes.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace weir::config {

namespace {

/// Thrown and caught in this file alone: yaml-cpp calls us back, so there is no other way out of its parser.
struct refused {
  position at;
  std::string message;
};

position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? position{} : position{mark.line + 1, mark.column + 1};
}

std::string too_deep(const yaml_limits& limits) {
  return "nested deeper than " + std::to_string(limits.depth) + " levels";
}

/// More brackets open than any file has: the parser takes memory for each before it says how deep it is.
constexpr int most_open_brackets = 1000;

/// Where so many brackets stand open, quotes and comments aside.
std::optional<position> first_bracket_too_many(std::string_view text) {
  position at{1, 1};
  int open = 0;
  for (const auto c : text) {
    open = std::max(open + (c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0), 0);
    if (open > most_open_brackets)
      return at;
    at = c == '\n' ? position{at.line + 1, 1} : position{at.line, at.column + 1};
  }
  return std::nullopt;
}

/// Where the first byte stands that is not UTF-8 text, or is a control character.
std::optional<position> first_bad_byte(std::string_view text) {
  position at{1, 1};
  while (!text.empty()) {
    auto size = core::utf8_sequence(text);
    auto c = static_cast<unsigned char>(text.front());
    if (size == 0 || (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
      return at;
    at = c == '\n' ? position{at.line + 1, 1} : position{at.line, at.column + static_cast<int>(size)};
    text.remove_prefix(size);
  }
  return std::nullopt;
}

} // namespace

/// Makes the tree of the first document from yaml-cpp's events.
class yaml_tree_builder final : public YAML::EventHandler {
public:
  yaml_tree_builder(yaml_document& into, std::string_view source, const std::string& file_name,
                    std::vector<diagnostic>& diagnostics, yaml_limits limits) :
      into_{into},
      source_{source}, file_name_{file_name}, diagnostics_{diagnostics}, limits_{limits} {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      throw refused{position_of(mark), "a second document in one file"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto& node = make(mark, {}, anchor);
    if (source_.substr(std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), source_.size())).starts_with("null"))
      node.spelled = "null";
    // A key is a name, whatever it spells.
    if (!node.spelled.empty() && !open_.empty() && awaits_key(open_.back())) {
      node.shape = yaml_node::shape::scalar;
      node.text = node.spelled;
    }
    place(node, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      throw refused{position_of(mark), "an alias inside what it stands for"};
    place(*known->second.node, known->second.weight);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto& node = make(mark, tag, anchor);
    node.shape = yaml_node::shape::scalar;
    node.text = node.spelled = value;
    node.quoted = tag == "!";
    node.text_at = node.at;
    auto start = static_cast<std::size_t>(std::max(mark.pos, 0));
    if (node.quoted && start < source_.size() && (source_[start] == '"' || source_[start] == '\'')) {
      ++start;
      ++node.text_at.column;
    }
    node.literal =
        source_.substr(std::min(start, source_.size())).starts_with(value) && value.find('\n') == std::string::npos;
    place(node, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, yaml_node::shape::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, yaml_node::shape::mapping);
  }
  void OnMapEnd() override { close(); }

private:
  struct open_node {
    yaml_node* node;
    YAML::anchor_t anchor;
    std::size_t weight = 1;
    const yaml_node* key = nullptr; ///< of a mapping, until its value comes
    bool skip = false;              ///< the value that comes next has no usable key
    std::unordered_set<std::string_view> keys{};
  };
  struct anchored {
    yaml_node* node;
    std::size_t weight;
  };

  void report(position at, std::string message) { diagnostics_.push_back({file_name_, at, std::move(message)}); }

  yaml_node& make(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    auto& node = into_.nodes_.emplace_back();
    node.at = position_of(mark);
    if (!tag.empty() && tag != "?" && tag != "!")
      report(node.at, "tags are not used here: '" + tag + "'");
    if (anchor != 0)
      pending_anchor_ = anchor;
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, enum yaml_node::shape shape) {
    auto& node = make(mark, tag, 0);
    node.shape = shape;
    if (open_.size() == limits_.depth)
      throw refused{node.at, too_deep(limits_)};
    open_.push_back({&node, anchor});
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0)
      pending_anchor_ = done.anchor;
    place(*done.node, done.weight);
  }

  static bool awaits_key(const open_node& parent) {
    return parent.node->shape == yaml_node::shape::mapping && parent.key == nullptr && !parent.skip;
  }

  /// Hangs a complete node into the one that is open.
  void place(yaml_node& node, std::size_t weight) {
    if (pending_anchor_ != 0)
      anchors_.insert_or_assign(std::exchange(pending_anchor_, 0), anchored{&node, weight});
    if (open_.empty()) {
      into_.root_ = &node;
      return;
    }
    auto& parent = open_.back();
    parent.weight += weight;
    if (parent.weight > limits_.nodes || into_.nodes_.size() > limits_.nodes)
      throw refused{node.at, "more than " + std::to_string(limits_.nodes) + " values"};
    if (parent.node->shape == yaml_node::shape::list)
      parent.node->items.push_back(&node);
    else if (awaits_key(parent))
      place_key(parent, node);
    else if (parent.skip)
      parent.skip = false;
    else
      parent.node->members.push_back({std::exchange(parent.key, nullptr), &node});
  }

  void place_key(open_node& parent, const yaml_node& node) {
    parent.skip = true;
    if (node.shape != yaml_node::shape::scalar)
      report(node.at, "a key must be a text, found " + node.description());
    else if (!parent.keys.insert(node.text).second)
      report(node.at, "duplicate key '" + node.text + "'");
    else {
      parent.key = &node;
      parent.skip = false;
    }
  }

  yaml_document& into_;
  std::string_view source_;
  const std::string& file_name_;
  std::vector<diagnostic>& diagnostics_;
  yaml_limits limits_;
  std::vector<open_node> open_;
  std::unordered_map<YAML::anchor_t, anchored> anchors_;
  YAML::anchor_t pending_anchor_ = 0;
  int documents_ = 0;
};

std::string yaml_node::description() const {
  switch (shape) {
  case shape::nothing: return "nothing";
  case shape::scalar: return "'" + spelled + "'";
  case shape::list: return "a list";
  case shape::mapping: return "a mapping";
  }
  return {};
}

yaml_document::yaml_document(std::string_view text, const std::string& file_name, const environment& variables,
                             std::vector<diagnostic>& diagnostics, yaml_limits limits) {
  if (text.size() > limits.bytes) {
    diagnostics.push_back({file_name, {}, "larger than " + std::to_string(limits.bytes) + " bytes"});
    return;
  }
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  if (auto bad = first_bad_byte(text)) {
    diagnostics.push_back({file_name, *bad, "not text: a byte that is not UTF-8, or a control character"});
    return;
  }
  if (const auto bracket = first_bracket_too_many(text)) {
    diagnostics.push_back({file_name, *bracket, too_deep(limits)});
    return;
  }
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser{stream};
    yaml_tree_builder builder{*this, text, file_name, diagnostics, limits};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const refused& e) {
    diagnostics.push_back({file_name, e.at, e.message});
    root_ = nullptr;
  } catch (const YAML::Exception& e) {
    auto [place, message] = explain_yaml(text, position_of(e.mark), e.msg);
    diagnostics.push_back({file_name, place, std::move(message)});
    root_ = nullptr;
  }
  if (root_ != nullptr && root_->shape == yaml_node::shape::nothing)
    root_ = nullptr; // `---` alone, or `null`: as empty as no text at all
  if (root_ == nullptr)
    return;
  split_dotted_keys(file_name, diagnostics);
  replace_references(file_name, variables, diagnostics);
}

void yaml_document::split_dotted_keys(const std::string& file_name, std::vector<diagnostic>& diagnostics) {
  std::vector<yaml_node::member> members;
  // Sections that several keys share (`commit: {timeout: 1s}` and `commit.interval: 1s`) are copied before they grow:
  // an alias may show the same node elsewhere.
  std::unordered_map<std::string_view, yaml_node*> grown;
  for (const auto& member : root_->members) {
    auto dot = member.key->text.find('.');
    if (dot != std::string::npos && dot != 0 && dot + 1 < member.key->text.size())
      continue;
    auto* copy = &nodes_.emplace_back(*member.value);
    grown.emplace(member.key->text, copy);
    members.push_back({member.key, copy});
  }
  for (const auto& member : root_->members) {
    const auto& whole = member.key->text;
    auto dot = whole.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 >= whole.size())
      continue;
    auto& section_key = nodes_.emplace_back(*member.key);
    section_key.text = section_key.spelled = whole.substr(0, dot);
    auto& field_key = nodes_.emplace_back(*member.key);
    field_key.text = field_key.spelled = whole.substr(dot + 1);
    auto [section, is_new] = grown.try_emplace(section_key.text, nullptr);
    if (is_new) {
      section->second = &nodes_.emplace_back();
      section->second->at = member.key->at;
      members.push_back({&section_key, section->second});
    }
    auto& fields = *section->second;
    if (fields.shape == yaml_node::shape::nothing)
      fields.shape = yaml_node::shape::mapping;
    auto twice = std::any_of(fields.members.begin(), fields.members.end(),
                             [&](const auto& other) { return other.key->text == field_key.text; });
    if (twice || fields.shape != yaml_node::shape::mapping)
      diagnostics.push_back({file_name, member.key->at, "duplicate key '" + whole + "'"});
    else
      fields.members.push_back({&field_key, member.value});
  }
  root_->members = std::move(members);
}

void yaml_document::replace_references(const std::string& file_name, const environment& variables,
                                       std::vector<diagnostic>& diagnostics) {
  std::unordered_set<const yaml_node*> keys;
  for (const auto& node : nodes_)
    for (const auto& member : node.members)
      keys.insert(member.key);
  for (auto& node : nodes_) {
    if (node.shape != yaml_node::shape::scalar || !has_reference(node.text) || keys.contains(&node))
      continue;
    node.hidden = true;
    node.literal = false;
    node.quoted = false; // inside { } a reference needs quotes, whatever its value is
    auto value = substitute(node.text, variables);
    node.unresolved = !value;
    if (value)
      node.text = *std::move(value);
    else
      diagnostics.push_back(
          {file_name, node.at, value.error().what + (value.error().remedy.empty() ? "" : ": " + value.error().remedy)});
  }
}

tl::expected<std::string, diagnostic> read_text(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text(yaml_limits{}.bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.gcount() == 0 && !in.eof()))
    return tl::unexpected{diagnostic{path.string(), {}, std::string{"cannot read the file: "} + std::strerror(errno)}};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

} // namespace weir::config
