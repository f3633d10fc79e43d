// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/feedback.h"
#include "interpreter/interpreter.h"

namespace quantloupe {

/// Every fed input of the samples 0..batch-1 to the real value 0: what a sequence starts with.
void startFeedback(const Feedback &feedback, Interpreter &interpreter, std::size_t batch);

/// Outputs of the run before to the inputs of the next, for every link. Codes go over unchanged where both ends have one
/// scale and zero point, else to the nearest code of the same real value (ties to even), kept within the type.
/// Fails with RuntimeFault where an output is missing or came in another shape.
Result<void> carryFeedback(const Feedback &feedback, Interpreter &interpreter, std::size_t batch);

} // namespace quantloupe
