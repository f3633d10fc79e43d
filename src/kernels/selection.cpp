// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/selection.h"

#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

template <typename Element> class Selection {
public:
    explicit Selection(std::vector<SelectionAxis> axes) : m_axes(std::move(axes)) {}

    void operator()(EvalContext &run) const
    {
        forEachSample(run, [&](std::size_t sample) {
            Element *out = run.output<Element>(0, sample);
            walk(0, run.input<bool>(0, sample), run.input<Element>(1, sample), run.input<Element>(2, sample), out);
        });
    }

private:
    void walk(std::size_t level, const bool *condition, const Element *first, const Element *second, Element *&out) const
    {
        const auto [count, steps] = m_axes[level];
        const bool isInnermost = level + 1 == m_axes.size();
        for (std::size_t i = 0; i < count; ++i, condition += steps[0], first += steps[1], second += steps[2]) {
            if (isInnermost)
                *out++ = *condition ? *first : *second;
            else
                walk(level + 1, condition, first, second, out);
        }
    }

    std::vector<SelectionAxis> m_axes;
};

} // namespace

Result<void> requireSelection(const PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    QL_CHECK(requireMovable(context, 1));
    if (context.input(0).type() != DataType::Bool || context.input(1).type() != context.input(2).type())
        return fail(context.unsupported("bool and two inputs of one type", context.typesText()));
    return {};
}

EvalFunction selected(DataType type, std::vector<SelectionAxis> axes)
{
    if (axes.empty())
        axes.emplace_back();
    switch (elementSize(type)) {
    case 1: return Selection<std::uint8_t>(std::move(axes));
    case 2: return Selection<std::uint16_t>(std::move(axes));
    case 4: return Selection<std::uint32_t>(std::move(axes));
    default: return Selection<std::uint64_t>(std::move(axes));
    }
}

} // namespace quantloupe
