// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/rnn_trace.h"

#include <nlohmann/json.hpp>

namespace quantloupe {

nlohmann::ordered_json rnnTraceJson(const RnnTrace &trace);
/// The inverse. Throws the library's exceptions: its caller is the one that catches them.
RnnTrace rnnTraceOf(const nlohmann::ordered_json &json);

} // namespace quantloupe
