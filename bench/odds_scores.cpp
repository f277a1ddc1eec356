// What detectors over several inputs say of the rows of a CSV file, and what a row costs:
//   odds_scores FILE.csv SCORES.csv [SEED]
// The file has a header and numbers, the last of each line a label that is not looked at. SCORES.csv has a column for
// each detector, nothing where it is still warming up. A line of JSON says the nanoseconds a row of each, of the
// processor's time.

#include "models/online/half_space_trees.hpp"
#include "models/online/isolation_forest.hpp"
#include "models/online/k_nearest_neighbours.hpp"
#include "models/online/one_class_svm.hpp"
#include "models/online/random_cut_forest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace weir::models::online;

struct table {
  std::size_t inputs = 0;
  std::vector<double> numbers;
  std::size_t rows() const { return inputs == 0 ? 0 : numbers.size() / inputs; }
};

table read_table(const char* path) {
  std::ifstream file{path};
  table made;
  std::string line;
  if (!std::getline(file, line))
    return made;
  made.inputs = static_cast<std::size_t>(std::ranges::count(line, ','));
  while (std::getline(file, line)) {
    const char* at = line.c_str();
    for (std::size_t i = 0; i < made.inputs; ++i) {
      char* end = nullptr;
      made.numbers.push_back(std::strtod(at, &end));
      at = end + 1; // behind the comma
    }
  }
  return made;
}

struct said {
  std::string name;
  std::vector<double> scores;
  double ns_row = 0;
  std::size_t state_bytes = 0;
};

said score(const std::string& name, const outlier_learner_ptr& by, const table& rows) {
  struct alignas(16) words {
    double value[2]{};
  };
  constexpr std::size_t block_rows = 256;
  std::vector<words> state((by->first_size() + sizeof(words) - 1) / sizeof(words));
  const auto bytes = std::as_writable_bytes(std::span{state}).first(by->first_size());
  std::vector<double> scratch(by->scratch_size());
  std::vector<state_range> changed;
  said made{.name = name, .scores = std::vector<double>(rows.rows()), .state_bytes = by->first_size()};
  const auto begin = std::clock(); // of the processor: the machine may be busy
  for (std::size_t row = 0; row < rows.rows(); row += block_rows) {
    changed.clear();
    by->run(bytes, {.rows = std::min(block_rows, rows.rows() - row),
                    .inputs = rows.numbers.data() + row * rows.inputs,
                    .predicted = made.scores.data() + row,
                    .scratch = scratch.data(),
                    .changed = &changed});
  }
  const auto seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  made.ns_row = seconds * 1e9 / static_cast<double>(rows.rows());
  return made;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3 && count != 4) {
    std::fprintf(stderr, "usage: odds_scores FILE.csv SCORES.csv [SEED]\n");
    return 2;
  }
  const auto rows = read_table(arguments[1]);
  if (rows.rows() == 0) {
    std::fprintf(stderr, "odds_scores: no rows in %s\n", arguments[1]);
    return 1;
  }
  std::vector<said> all;
  const auto seed = count == 4 ? std::strtoull(arguments[3], nullptr, 10) : 1;
  all.push_back(score("half_space_trees", half_space_trees(rows.inputs, {.seed = seed}), rows));
  all.push_back(score("half_space_trees 10 x 8",
                      half_space_trees(rows.inputs, {.n_trees = 10, .height = 8, .seed = seed}), rows));
  all.push_back(score("isolation_forest", isolation_forest(rows.inputs, {.seed = seed}), rows));
  all.push_back(score("k_nearest_neighbours", k_nearest_neighbours(rows.inputs, {}), rows));
  all.push_back(score("one_class_svm", one_class_svm(rows.inputs, {}), rows));
  all.push_back(score("random_cut_forest", random_cut_forest(rows.inputs, {.seed = seed}), rows));
  std::ofstream out{arguments[2]};
  out.precision(17);
  for (std::size_t d = 0; d < all.size(); ++d)
    out << (d == 0 ? "" : ",") << all[d].name;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    for (std::size_t d = 0; d < all.size(); ++d) {
      out << (d == 0 ? '\n' : ',');
      if (!std::isnan(all[d].scores[i]))
        out << all[d].scores[i];
    }
  out << '\n';
  std::printf("{");
  for (std::size_t d = 0; d < all.size(); ++d)
    std::printf("%s\"%s\": {\"ns_row\": %.1f, \"state_bytes\": %zu}", d == 0 ? "" : ", ", all[d].name.c_str(),
                all[d].ns_row, all[d].state_bytes);
  std::printf("}\n");
  return out ? 0 : 1;
}
