// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/row_product.h"

#include "kernels/gemm.h"

namespace quantloupe {

RowProduct::Scratch RowProduct::scratch(ScratchLayout &layout, std::size_t depth, std::size_t columns)
{
    Scratch scratch;
    scratch.codes = layout.add<std::int8_t>(depth);
    scratch.row = layout.add<std::int16_t>(depth);
    scratch.sums = layout.add<std::int32_t>(columns);
    return scratch;
}

Result<RowProduct> RowProduct::make(const PrepareContext &context, std::span<const std::size_t> inputs)
{
    RowProduct product;
    const OperandDesc &first = context.input(inputs.front());
    const auto units = static_cast<std::size_t>(first.shape[0]);
    product.m_depth = static_cast<std::size_t>(first.shape[1]);
    product.m_columns = units * inputs.size();
    product.m_isHybrid = first.type() == DataType::Int8;
    product.m_traits = &context.traits();
    product.m_isAsymmetric = context.options().boolean("asymmetric_quantize_inputs");
    std::vector<float> stacked;
    for (const std::size_t input : inputs) {
        if (context.input(input).type() != first.type())
            return fail(context.typeError(input, name(first.type())));
        if (product.m_isHybrid) {
            QL_TRY(const auto codes, context.values<std::int8_t>(input));
            product.m_codes.insert(product.m_codes.end(), codes.begin(), codes.end());
            product.m_scales.insert(product.m_scales.end(), units, context.input(input).scale());
        } else {
            QL_TRY(const auto values, context.values<float>(input));
            stacked.insert(stacked.end(), values.begin(), values.end());
        }
    }
    if (!product.m_isHybrid) {
        product.m_weights.resize(stacked.size());
        gemm::transpose(stacked.data(), product.m_columns, product.m_depth, product.m_weights.data());
    }
    return product;
}

void RowProduct::operator()(const float *rows, std::size_t count, float *out, const Scratch &scratch, std::byte *memory) const
{
    if (!m_isHybrid)
        return gemm::multiply(rows, count, m_weights.data(), m_columns, m_depth, out);
    std::int8_t *const codes = scratch.codes.in(memory);
    std::int16_t *const row = scratch.row.in(memory);
    std::int32_t *const sums = scratch.sums.in(memory);
    for (std::size_t r = 0; r < count; ++r) {
        const float *const in = rows + r * m_depth;
        const hybrid::Scaling scaling = m_isAsymmetric ? hybrid::quantizeAsymmetric(*m_traits, in, m_depth, codes) : hybrid::quantizeSymmetric(in, m_depth, codes);
        for (std::size_t k = 0; k < m_depth; ++k)
            row[k] = static_cast<std::int16_t>(codes[k] - scaling.zeroPoint);
        gemm::multiply(row, 1, m_codes.data(), m_columns, m_depth, sums);
        for (std::size_t c = 0; c < m_columns; ++c)
            out[r * m_columns + c] = static_cast<float>(sums[c]) * (m_scales[c] * scaling.scale);
    }
}

} // namespace quantloupe
