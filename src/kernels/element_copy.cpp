// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"

#include <algorithm>
#include <cstring>

namespace quantloupe {
namespace {

template <typename Element> void copyRuns(const StridedWalk &walk, const std::byte *inBytes, std::byte *outBytes)
{
    const auto *const in = reinterpret_cast<const Element *>(inBytes);
    auto *const out = reinterpret_cast<Element *>(outBytes);
    const StridedWalk::Axis run = walk.run();
    if (run.in == 1 && run.out == 1) {
        walk.forEachRun([&](std::ptrdiff_t from, std::ptrdiff_t to) { std::copy_n(in + from, run.count, out + to); });
        return;
    }
    walk.forEachRun([&](std::ptrdiff_t from, std::ptrdiff_t to) {
        for (std::size_t i = 0; i < run.count; ++i, from += run.in, to += run.out)
            out[to] = in[from];
    });
}

template <typename Element> void fill(std::byte *out, std::size_t count, const std::byte *element)
{
    Element value; // copied: a zero element captured by an operator is bytes at any address
    std::memcpy(&value, element, sizeof value);
    std::fill_n(reinterpret_cast<Element *>(out), count, value);
}

template <typename Element> void copyRunsAmid(const StridedWalk &walk, const std::byte *element, const std::byte *inBytes, std::byte *outBytes, std::size_t count)
{
    const auto *const in = reinterpret_cast<const Element *>(inBytes);
    auto *const out = reinterpret_cast<Element *>(outBytes);
    const std::size_t length = walk.run().count;
    Element value;
    std::memcpy(&value, element, sizeof value);
    Element *next = out; // nothing behind it is written yet
    walk.forEachRun([&](std::ptrdiff_t from, std::ptrdiff_t to) {
        std::fill(next, out + to, value);
        next = std::copy_n(in + from, length, out + to);
    });
    std::fill(next, out + count, value);
}

} // namespace

Result<void> requireMovable(const PrepareContext &context, std::size_t input)
{
    const DataType type = context.input(input).type();
    const std::size_t size = elementSize(type);
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return fail(context.typeError(input, "elements of 1, 2, 4 or 8 bytes"));
    for (std::size_t i = 0; i < context.outputCount(); ++i)
        if (context.output(i).type() != type)
            return fail(context.unsupported("outputs of the input's type", context.typesText()));
    return {};
}

void ElementCopy::operator()(const std::byte *in, std::byte *out) const
{
    switch (m_elementSize) {
    case 1: return copyRuns<std::uint8_t>(m_walk, in, out);
    case 2: return copyRuns<std::uint16_t>(m_walk, in, out);
    case 4: return copyRuns<std::uint32_t>(m_walk, in, out);
    default: return copyRuns<std::uint64_t>(m_walk, in, out);
    }
}

void ElementCopy::copyAmid(const std::byte *element, const std::byte *in, std::byte *out, std::size_t count) const
{
    const StridedWalk::Axis run = m_walk.run();
    if (run.in != 1 || run.out != 1) {
        fillElements(out, count, element, m_elementSize);
        return (*this)(in, out);
    }
    switch (m_elementSize) {
    case 1: return copyRunsAmid<std::uint8_t>(m_walk, element, in, out, count);
    case 2: return copyRunsAmid<std::uint16_t>(m_walk, element, in, out, count);
    case 4: return copyRunsAmid<std::uint32_t>(m_walk, element, in, out, count);
    default: return copyRunsAmid<std::uint64_t>(m_walk, element, in, out, count);
    }
}

EvalFunction copied(DataType type, StridedWalk walk, std::size_t input)
{
    return [copy = ElementCopy(type, std::move(walk)), input](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) { copy(run.input<std::byte>(input, sample), run.output<std::byte>(0, sample)); });
    };
}

EvalFunction copiedAs(PrepareContext &context, const Shape &shape, std::size_t input)
{
    context.setOutputShape(0, shape);
    const StridedWalk::Axis all{static_cast<std::size_t>(shape.elementCount()), 1, 1};
    return copied(context.input(input).type(), StridedWalk({&all, 1}), input);
}

void fillElements(std::byte *out, std::size_t count, const std::byte *element, std::size_t elementSize)
{
    switch (elementSize) {
    case 1: return fill<std::uint8_t>(out, count, element);
    case 2: return fill<std::uint16_t>(out, count, element);
    case 4: return fill<std::uint32_t>(out, count, element);
    default: return fill<std::uint64_t>(out, count, element);
    }
}

} // namespace quantloupe
