#pragma once

#include <cstdint>
#include <string>

namespace weir::core {

/// What one of two models has done since both have been there.
struct contest_side {
  std::uint64_t rows = 0;        ///< that it was given
  std::uint64_t refused = 0;     ///< of these: it has no result for them
  std::uint64_t nanoseconds = 0; ///< for all of them
  std::uint64_t truths = 0;      ///< rows whose true value the record holds
  std::uint64_t correct = 0;     ///< of these, of a classifier
  double absolute_error = 0;     ///< added up over them, of a regressor
  double square_error = 0;

  contest_side& operator+=(const contest_side& other) noexcept {
    rows += other.rows;
    refused += other.refused;
    nanoseconds += other.nanoseconds;
    truths += other.truths;
    correct += other.correct;
    absolute_error += other.absolute_error;
    square_error += other.square_error;
    return *this;
  }
  bool operator==(const contest_side&) const = default;
};

/// A model and the one that may take its place.
struct contest_figures {
  contest_side champion;
  contest_side challenger;
  std::uint64_t compared = 0;     ///< rows that both have a result for
  std::uint64_t different = 0;    ///< of these: the results are not equal
  double absolute_difference = 0; ///< added up over them, of regressors

  contest_figures& operator+=(const contest_figures& other) noexcept {
    champion += other.champion;
    challenger += other.challenger;
    compared += other.compared;
    different += other.different;
    absolute_difference += other.absolute_difference;
    return *this;
  }
  bool operator==(const contest_figures&) const = default;
};

/// The contest at one step of `infer`, as a node has counted it.
struct contest_report {
  std::string step;
  contest_figures figures;

  bool operator==(const contest_report&) const = default;
};

} // namespace weir::core
