// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the operators share that move elements without looking at them: any type whose elements are whole bytes.
#pragma once

#include "kernels/kernel.h"
#include "kernels/strided_walk.h"

namespace quantloupe {

inline constexpr unsigned kMovableTypes = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool;

/// Fails unless every output has the type of input `input`, and its elements are of 1, 2, 4 or 8 bytes.
Result<void> requireMovable(const PrepareContext &context, std::size_t input = 0);

/// Copies elements along a walk.
class ElementCopy {
public:
    ElementCopy(DataType type, StridedWalk walk) : m_walk(std::move(walk)), m_elementSize(quantloupe::elementSize(type)) {}

    void operator()(const std::byte *in, std::byte *out) const;
    /// The same, and `element` wherever else in the `count` elements of `out`. For walks that go forwards in `out`.
    void copyAmid(const std::byte *element, const std::byte *in, std::byte *out, std::size_t count) const;

private:
    StridedWalk m_walk;
    std::size_t m_elementSize;
};

/// An operator whose output 0 is elements of input `input` copied along a walk.
EvalFunction copied(DataType type, StridedWalk walk, std::size_t input = 0);
/// An operator whose output is its input in another shape, which it sets.
EvalFunction copiedAs(PrepareContext &context, const Shape &shape, std::size_t input = 0);

/// The element at `element`, repeated.
void fillElements(std::byte *out, std::size_t count, const std::byte *element, std::size_t elementSize);

} // namespace quantloupe
