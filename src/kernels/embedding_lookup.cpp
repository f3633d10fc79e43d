// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/hybrid.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Calls use(slot, row) for every index of one sample, until one is out of range.
template <typename F> void forEachRow(EvalContext &run, std::size_t sample, std::size_t count, std::int64_t rows, F &&use)
{
    const auto *const indices = run.input<std::int32_t>(0, sample);
    for (std::size_t i = 0; i < count; ++i) {
        if (indices[i] < 0 || indices[i] >= rows)
            return run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("indices of 0 to {}", rows - 1), .got = fmt::format("{}", indices[i])}});
        use(i, static_cast<std::size_t>(indices[i]));
    }
}

struct Geometry {
    std::size_t count = 0;
    std::size_t rowElements = 0;
    std::int64_t rows = 0;
};

EvalFunction copiedRows(const Geometry &g, DataType type)
{
    return [g, bytes = g.rowElements * elementSize(type)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            forEachRow(run, sample, g.count, g.rows, [&](std::size_t slot, std::size_t row) {
                std::memcpy(run.output<std::byte>(0, sample) + slot * bytes, run.input<std::byte>(1, sample) + row * bytes, bytes);
            });
        });
    };
}

/// int8 rows to reals, symmetric, with one scale for all or one a row.
Result<EvalFunction> realRows(PrepareContext &context, const Geometry &g)
{
    QL_TRY(auto scales, hybrid::weightScales(context, 1, static_cast<std::size_t>(g.rows)));
    if (context.input(1).quant().isPerChannel() && context.traits().embeddingRowScales != RowScales::Own)
        scales.assign(scales.size(), context.traits().embeddingRowScales == RowScales::First ? scales.front() : 0.0f);
    return [g, scales = std::move(scales)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            forEachRow(run, sample, g.count, g.rows, [&](std::size_t slot, std::size_t row) {
                const std::int8_t *const in = run.input<std::int8_t>(1, sample) + row * g.rowElements;
                float *const out = run.output<float>(0, sample) + slot * g.rowElements;
                for (std::size_t k = 0; k < g.rowElements; ++k)
                    out[k] = static_cast<float>(in[k]) * scales[row];
            });
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const Shape &lookup = context.input(0).shape;
    const Shape &table = context.input(1).shape;
    if (context.input(0).type() != DataType::Int32)
        return fail(context.typeError(0, "int32"));
    if (lookup.rank() != 1 || table.rank() < 1)
        return fail(context.invalid("a vector of indices and a table of rows", fmt::format("{} and {}", lookup.text(), table.text())));
    const Geometry g{static_cast<std::size_t>(lookup[0]), static_cast<std::size_t>(table.product(1, table.rank())), table[0]};
    std::vector<std::int64_t> dims(table.dims().begin(), table.dims().end());
    dims[0] = lookup[0];
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    if (context.input(1).type() == DataType::Int8 && context.output().type() == DataType::Float32)
        return realRows(context, g);
    QL_CHECK(requireMovable(context, 1));
    return copiedRows(g, context.input(1).type());
}

} // namespace

extern const OperatorKernel embedding_lookup_kernel{"EMBEDDING_LOOKUP", prepare, kMovableTypes | kHybrid};

} // namespace quantloupe
