#include "config/binding.hpp"
#include "core/base/read_number.hpp"
#include "steps/kinds.hpp"
#include "steps/transform/rows.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

using namespace config;

struct bin_settings {
  column_name of;
  std::vector<located> edges;
  std::vector<located> labels;
  new_column as;
};

constexpr std::array bin_fields{
    field<&bin_settings::of>("bin", "a column of numbers", required),
    field<&bin_settings::edges>("edges",
                                "numbers, ascending: bin 0 is what lies below the first, bin 1 what lies from "
                                "there to below the second, and so on, as numpy.digitize",
                                required),
    field<&bin_settings::labels>("labels", "texts, one more than edges: the column holds these in place of numbers"),
    field<&bin_settings::as>("as", "the new column", required),
};

void complete(bin_settings& s, yaml_section& from) {
  if (!s.labels.empty() && s.labels.size() != s.edges.size() + 1)
    from.report(from.find("labels")->at, std::to_string(s.edges.size()) + " edges part numbers into "
                                             + std::to_string(s.edges.size() + 1) + " bins, there are "
                                             + std::to_string(s.labels.size()) + " labels");
}

/// A null stays one; NaN becomes one.
class to_bins final : public core::transform {
public:
  to_bins(core::column_id from, core::column_id into, std::vector<double> edges, const std::vector<located>& labels) :
      from_{from}, into_{into}, edges_{std::move(edges)} {
    std::vector<std::size_t> ends{0};
    std::string all;
    for (const auto& label : labels) {
      all += label.text;
      ends.push_back(all.size());
    }
    texts_ = std::make_shared<const std::string>(std::move(all));
    for (std::size_t i = 0; i < labels.size(); ++i)
      labels_.push_back(std::string_view{*texts_}.substr(ends[i], ends[i + 1] - ends[i]));
  }

  void apply(core::batch& b) const override {
    const auto& from = b.at(from_);
    auto made = std::make_shared<core::column>();
    const auto rows = b.raw->size();
    made->type = labels_.empty() ? core::column_type::int64 : core::column_type::string;
    made->null = from.null;
    made->null.resize(rows);
    labels_.empty() ? made->i64.resize(rows) : made->text.resize(rows);
    made->arena = texts_;
    const auto fill = [&](const auto& values) {
      for (std::size_t i = 0; i < rows; ++i) {
        const auto value = static_cast<double>(values[i]);
        const auto bin =
            static_cast<std::size_t>(std::upper_bound(edges_.begin(), edges_.end(), value) - edges_.begin());
        if (value != value)
          made->null[i] = 1;
        else if (labels_.empty())
          made->i64[i] = static_cast<std::int64_t>(bin);
        else
          made->text[i] = labels_[bin];
      }
    };
    from.type == core::column_type::float64 ? fill(from.f64) : fill(from.i64);
    core::set_column(b, into_, std::move(made));
  }

private:
  core::column_id from_;
  core::column_id into_;
  std::vector<double> edges_;
  std::shared_ptr<const std::string> texts_;
  std::vector<std::string_view> labels_; ///< views into `texts_`
};

void bind(const bin_settings& s, binding& into) {
  const auto from = into.use(s.of, wanted::number);
  const auto as = into.make(s.as, s.labels.empty() ? core::column_type::int64 : core::column_type::string);
  std::vector<double> edges;
  for (const auto& edge : s.edges) {
    const auto number = core::read_number<double>(edge.text);
    if (!number)
      return into.report(edge.at, "an edge is a number, found '" + edge.text + "'");
    if (!edges.empty() && *number <= edges.back())
      return into.report(edge.at, "edges ascend, " + edge.text + " does not");
    edges.push_back(*number);
  }
  if (from)
    into.add(std::make_unique<to_bins>(*from, as, std::move(edges), s.labels));
}

} // namespace

constexpr step_kind bin = make_kind<bin_settings, bin_fields, bind, complete>(
    "bin", "which of some ranges a number lies in",
    "{ bin: Age, edges: [18, 30, 65], labels: [child, young, grown, old], as: age_group }");

} // namespace weir::steps
