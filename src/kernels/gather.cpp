// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Input [batches, outer, length, inner] by indices [batches, count] to [batches, outer, count, inner].
struct Plan {
    std::size_t batches = 1;
    std::size_t outer = 1;
    std::int64_t length = 0;
    std::size_t count = 0;
    std::size_t innerBytes = 0;
};

Result<Plan> plan(PrepareContext &context)
{
    const Shape &input = context.input(0).shape;
    const Shape &indices = context.input(1).shape;
    QL_TRY(const int axis, normalizedAxis(context, context.options().integer("axis"), input.rank()));
    std::int64_t batchDims = context.options().integer("batch_dims");
    if (batchDims < 0 && batchDims >= -indices.rank())
        batchDims += indices.rank();
    if (batchDims < 0 || batchDims > indices.rank() || batchDims > axis)
        return fail(context.invalid(fmt::format("batch_dims of 0 to {}", std::min(indices.rank(), axis)), fmt::format("{}", batchDims)));
    const auto shared = static_cast<int>(batchDims);
    std::vector<std::int64_t> dims;
    for (int i = 0; i < axis; ++i) {
        dims.push_back(input[i]);
        if (i < shared && input[i] != indices[i])
            return fail(context.invalid(fmt::format("indices that begin like {}", input.text()), indices.text()));
    }
    for (int i = shared; i < indices.rank(); ++i)
        dims.push_back(indices[i]);
    for (int i = axis + 1; i < input.rank(); ++i)
        dims.push_back(input[i]);
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    return Plan{static_cast<std::size_t>(input.product(0, shared)), static_cast<std::size_t>(input.product(shared, axis)), input[axis],
                static_cast<std::size_t>(indices.product(shared, indices.rank())),
                static_cast<std::size_t>(input.product(axis + 1, input.rank())) * elementSize(context.input(0).type())};
}

template <typename Index> bool isWithin(EvalContext &run, const Index *indices, std::size_t count, std::int64_t length)
{
    for (std::size_t i = 0; i < count; ++i) {
        if (indices[i] < 0 || indices[i] >= length) {
            run.fail(Error{ErrorCode::RuntimeFault, {.expected = fmt::format("indices of 0 to {}", length - 1), .got = fmt::format("{}", indices[i])}});
            return false;
        }
    }
    return true;
}

template <typename Index> EvalFunction gathered(const Plan &p)
{
    return [p](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::byte *in = run.input<std::byte>(0, sample);
            const Index *indices = run.input<Index>(1, sample);
            std::byte *out = run.output<std::byte>(0, sample);
            if (!isWithin(run, indices, p.batches * p.count, p.length) || p.innerBytes == 0)
                return;
            for (std::size_t batch = 0; batch < p.batches; ++batch, indices += p.count) {
                for (std::size_t o = 0; o < p.outer; ++o, in += static_cast<std::size_t>(p.length) * p.innerBytes)
                    for (std::size_t i = 0; i < p.count; ++i, out += p.innerBytes)
                        std::memcpy(out, in + static_cast<std::size_t>(indices[i]) * p.innerBytes, p.innerBytes);
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    QL_TRY(const Plan p, plan(context));
    switch (context.input(1).type()) {
    case DataType::Int16: return gathered<std::int16_t>(p);
    case DataType::Int32: return gathered<std::int32_t>(p);
    case DataType::Int64: return gathered<std::int64_t>(p);
    default: return fail(context.typeError(1, "int16, int32 or int64"));
    }
}

} // namespace

extern const OperatorKernel gather_kernel{"GATHER", prepare, kMovableTypes};

} // namespace quantloupe
