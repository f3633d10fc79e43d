// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

namespace quantloupe::test {

/// A small report of two rows with figures chosen to be awkward to print: a NaN, a tiny number, whole numbers.
Report sampleReport();
/// The same with an evaluation and causes.
Report sampleReportWithPasses();

} // namespace quantloupe::test
