// SPDX-License-Identifier: GPL-3.0-or-later
//
// Golden containers of tests/oracle/keras_models.py: Keras models and what each of their layers gives.
#pragma once

#include "keras/lower.h"

#include <string>
#include <vector>

namespace quantloupe::golden {

/// The results of the layers of one model for a few samples, by layer ("dense", "sequential/dense", "gru:1" for a second
/// output, "dense@1" for the second call of a shared layer).
struct KerasCase {
    std::string name; ///< "conv2d_same.h5"
    KerasFile file;
    struct Array {
        std::string name;
        std::size_t perSample = 0;
        std::vector<float> values; ///< all samples
    };
    std::vector<Array> inputs;
    std::vector<Array> outputs;
    std::size_t samples = 0;
};

Result<std::vector<KerasCase>> readKerasCases(const std::string &container);

/// What differs by more than 1e-5 of a layer's largest magnitude, one line a layer; empty when nothing does.
std::string differences(const KerasCase &golden);

/// gtest expectations over tests/goldens/keras/<family>.zip.
void expectEqualLayers(const std::string &family);

} // namespace quantloupe::golden
