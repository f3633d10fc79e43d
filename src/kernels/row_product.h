// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/hybrid.h"
#include "kernels/scratch_layout.h"

#include <span>
#include <vector>

namespace quantloupe {

/// Float rows [count, depth] x the constant weights of recurrent operators: float32, or int8 that meet rows quantized on
/// the spot (hybrid). Several weight tensors [units, depth] lie side by side in the result's columns.
class RowProduct {
public:
    struct Scratch {
        ScratchPlace<std::int8_t> codes;
        ScratchPlace<std::int16_t> row;
        ScratchPlace<std::int32_t> sums;
    };
    /// For products of at most that depth and number of columns.
    static Scratch scratch(ScratchLayout &layout, std::size_t depth, std::size_t columns);

    /// `inputs` are the weights' positions, all of one type and shape.
    static Result<RowProduct> make(const PrepareContext &context, std::span<const std::size_t> inputs);

    std::size_t depth() const { return m_depth; }
    std::size_t columns() const { return m_columns; }

    /// `out` is [count, columns].
    void operator()(const float *rows, std::size_t count, float *out, const Scratch &scratch, std::byte *memory) const;

private:
    std::size_t m_depth = 0;
    std::size_t m_columns = 0;
    bool m_isHybrid = false;
    bool m_isAsymmetric = false;
    const ProfileTraits *m_traits = nullptr;
    std::vector<float> m_weights;      ///< [depth, columns]
    std::vector<std::int16_t> m_codes; ///< [columns, depth]
    std::vector<float> m_scales;       ///< of each column
};

} // namespace quantloupe
