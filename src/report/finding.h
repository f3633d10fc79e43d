// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/index.h"

#include <string>
#include <vector>

namespace quantloupe {

enum class Severity { Note, Warning, Problem };
std::string_view name(Severity severity);

/// Something the user should know, with what it rests on.
struct Finding {
    std::string id = {};       ///< stable, for scripts: "dynamic-range-reference"
    Severity severity = Severity::Note;
    std::string title = {};    ///< one short sentence
    std::string evidence = {}; ///< the figures: what was seen, where, against which threshold
    std::string remedy = {};   ///< what to do; may be empty
    std::string subject = {};  ///< "quantized model", "float model", "dataset"
    OperatorIndex op = {};     ///< of the quantized model, where it is about one
    TensorIndex tensor = {};
    std::string threshold = {};   ///< of an advice: the condition that it fired on, "rmse/scale above 0.7"
    std::string source = {};      ///< who recommends the remedy
    std::size_t samples = 0;      ///< how many samples the evidence rests on; 0: none, it stands in the file
};

} // namespace quantloupe
