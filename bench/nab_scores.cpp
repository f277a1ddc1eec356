// What the detector `auto` says of a file of the Numenta Anomaly Benchmark: `nab_scores FILE`. Reads rows of
// `timestamp,value` behind a head line and writes them with a column `anomaly_score`, for bench/nab.py.

#include "core/base/civil_time.hpp"
#include "core/base/read_number.hpp"
#include "core/detect/auto_detector.hpp"

#include <cstdio>
#include <fstream>
#include <string>

int main(int count, char** arguments) {
  std::ifstream file;
  if (count == 2)
    file.open(arguments[1]);
  std::string line;
  if (!file || !std::getline(file, line)) {
    std::fputs("usage: nab_scores FILE, where FILE is a CSV of `timestamp,value`\n", stderr);
    return 64;
  }
  std::puts("timestamp,value,anomaly_score");
  weir::core::auto_detector detector{};
  for (std::size_t row = 2; std::getline(file, line); ++row) {
    if (line.ends_with('\r'))
      line.pop_back();
    const auto comma = line.find(',');
    const auto time = weir::core::parse_timestamp(std::string_view{line}.substr(0, comma));
    const auto value = comma == std::string::npos
                           ? std::nullopt
                           : weir::core::read_number<double>(std::string_view{line}.substr(comma + 1));
    if (!time || !value) {
      std::fprintf(stderr, "nab_scores: %s:%zu: '%s' is no `timestamp,value`\n", arguments[1], row, line.c_str());
      return 65;
    }
    std::printf("%s,%.9g\n", line.c_str(), detector.score(*value, *time).score);
  }
  return 0;
}
