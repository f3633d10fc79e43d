// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "interpreter/interpreter.h"

#include <map>
#include <span>
#include <vector>

namespace quantloupe {

/// Follows an error through the float model: what becomes of its outputs when one operator's results are changed and all
/// else stays as it was in the interpreter's last run of one sample.
class ErrorInjection {
public:
    explicit ErrorInjection(const Interpreter &floats);

    /// Before every run of the interpreter: variables as they were are needed again.
    void keepState();

    /// Root mean square difference of all float outputs of the model together. NaN where an operator on the way cannot be
    /// run again by itself: one of dynamic shape, or with subgraphs or variables.
    double outputRmse(const std::map<TensorIndex, std::vector<float>> &changed);

private:
    bool rerun(OperatorIndex op);
    std::byte *placeFor(TensorIndex tensor);

    const Interpreter &m_floats;
    std::map<TensorIndex, std::vector<std::byte>> m_kept;  ///< variables before the run
    std::vector<AlignedBuffer> m_places;                   ///< by tensor
    std::vector<bool> m_isChanged;                         ///< by tensor
    AlignedBuffer m_scratch;
};

} // namespace quantloupe
