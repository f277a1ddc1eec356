#pragma once

namespace weir::core {

// Tails of the distributions that tests are made of, by Boost.Math. None throws; of arguments that mean nothing (a NaN,
// no degree of freedom) each is 1: nothing that one would act on.

/// P(X >= x) of chi-square.
double chi_square_tail(double x, double degrees_of_freedom);
/// The x of which chi_square_tail() is so much. @param tail above 0 and below 1
double chi_square_critical(double tail, double degrees_of_freedom);
/// P(|T| >= |t|) of Student's t.
double student_two_sided(double t, double degrees_of_freedom);
/// P(|Z| >= |z|) of the standard normal.
double normal_two_sided(double z);
/// P(X >= x) of F.
double f_tail(double x, double of_numerator, double of_denominator);

} // namespace weir::core
