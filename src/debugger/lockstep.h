// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/prepared_model.h"
#include "interpreter/tensor_memory.h"
#include "pairing/pairing.h"

#include <cstddef>
#include <vector>

namespace quantloupe {

/// The order in which both models run side by side, so that what one operator makes is compared and read on while it is in the
/// cache: an operator of the quantized model, behind the float model's operators up to its counterpart. A batch of samples goes
/// through it in parts, as small as the widest tensors of a stretch of operators demand.
struct Lockstep {
    struct Step {
        OperatorIndex quantized; ///< invalid: none, for float operators behind the last pair
        std::size_t floatEnd = 0; ///< float operators before this position have run
    };
    struct Stretch {
        std::size_t firstStep = 0;
        std::size_t endStep = 0;
        std::size_t samples = 1; ///< of a part
    };
    std::vector<Step> steps;
    std::vector<Stretch> stretches;
    // When each tensor is needed, in steps; of what does not leave its stretch, a part at a time.
    std::vector<TensorLife> quantizedLives;
    std::vector<TensorLife> floatLives;

    /// With `keepsAll` every tensor stays, of a whole batch.
    static Lockstep plan(const PreparedModel &quantized, const PreparedModel &floats, const Pairing &pairing, bool keepsAll);
};

} // namespace quantloupe
