// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/joint_counts.h"

#include "kernels/simd/every_target.h"

#include <array>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace quantloupe;

namespace {

const CodeGrid kGrid = CodeGrid::of(1.0f, 0, 0, 255); // bins are codes

/// Of one side as of two; side 0 has 8 offsets and side 1 has 16, or side 0 all of them.
CellShape shapeOf(int sides)
{
    CellShape shape;
    shape.sides = sides;
    shape.offsetsLog2 = sides == 2 ? std::array{3, 4} : std::array{7, 0};
    shape.hotBin = 100;
    return shape;
}

struct Element {
    int bin = 0; ///< of the code
    std::array<int, 2> errors{}; ///< bins
    std::array<int, 2> offsets{}; ///< how many bins the float values lie below the code
};

/// By the definition of the shape's cells.
struct Cells {
    std::vector<std::uint16_t> errors;
    std::vector<std::uint16_t> places;

    void add(const CellShape &shape, const Element &element)
    {
        const bool isTwo = shape.sides == 2;
        const int error = isTwo ? element.errors[0] * CellShape::kErrorBins + element.errors[1] : element.errors[0];
        const int first = element.offsets[0] + shape.middle(0);
        const int offset = isTwo ? first * shape.offsets(1) + element.offsets[1] + shape.middle(1) : first;
        errors.push_back(static_cast<std::uint16_t>(error));
        places.push_back(static_cast<std::uint16_t>(offset * CellShape::kBins + element.bin));
    }
};

struct Drained {
    GridHistogram codes;
    std::array<ErrorHistograms, 2> sides;

    void drain(JointCounts &counts, int sideCount)
    {
        const std::array<ErrorHistograms *, 2> all{&sides[0], &sides[1]};
        counts.drain(codes, std::span(all).first(static_cast<std::size_t>(sideCount)));
    }
    Histogram codeCounts() const { return codes.histogram(kGrid); }
    Histogram errors(std::size_t side) const { return sides[side].errorInLsb.histogram(); }
    Histogram values(std::size_t side) const { return sides[side].floatValues.histogram(kGrid); }

    /// One element at once.
    void define(const Element &element, int sideCount)
    {
        codes.addBin(element.bin, 1);
        for (std::size_t side = 0; side < static_cast<std::size_t>(sideCount); ++side) {
            sides[side].errorInLsb.addCount(element.errors[side], 1);
            sides[side].floatValues.addBin(element.bin - element.offsets[side], 1);
        }
    }
    void expectLike(const Drained &expected) const
    {
        EXPECT_EQ(codeCounts(), expected.codeCounts());
        for (const std::size_t side : {0, 1}) {
            EXPECT_EQ(errors(side), expected.errors(side)) << side;
            EXPECT_EQ(values(side), expected.values(side)) << side;
        }
    }
};

void add(JointCounts &counts, const Cells &cells)
{
    counts.add(cells.errors.size(), cells.errors.data(), cells.places.data());
}

/// An element of any cell of the shape.
Element randomElement(const CellShape &shape, std::mt19937 &random)
{
    const auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
    Element element{.bin = below(CellShape::kBins)};
    for (std::size_t side = 0; side < static_cast<std::size_t>(shape.sides); ++side) {
        element.errors[side] = below(CellShape::kErrorBins);
        element.offsets[side] = below(shape.offsets(side)) - shape.middle(side);
    }
    return element;
}

} // namespace

TEST(JointCounts, putsAnElementOfOneSideInItsBins)
{
    const CellShape shape = shapeOf(1);
    JointCounts counts;
    counts.setShape(shape);
    Cells cells;
    cells.add(shape, {.bin = 200, .errors = {3}, .offsets = {-5}});
    add(counts, cells);
    Drained result;
    result.drain(counts, 1);
    EXPECT_EQ(result.codeCounts().counts[200], 1u);
    EXPECT_EQ(result.errors(0).counts[3], 1u);
    EXPECT_EQ(result.values(0).counts[205], 1u);
    EXPECT_EQ(result.codeCounts().total() + result.errors(0).total() + result.values(0).total(), 3u);
}

TEST(JointCounts, putsAnElementOfTwoSidesInItsBins)
{
    const CellShape shape = shapeOf(2);
    JointCounts counts;
    counts.setShape(shape);
    Cells cells;
    cells.add(shape, {.bin = 200, .errors = {3, 127}, .offsets = {-4, 7}});
    add(counts, cells);
    Drained result;
    result.drain(counts, 2);
    EXPECT_EQ(result.codeCounts().counts[200], 1u);
    EXPECT_EQ(result.errors(0).counts[3], 1u);
    EXPECT_EQ(result.errors(1).counts[127], 1u);
    EXPECT_EQ(result.values(0).counts[204], 1u);
    EXPECT_EQ(result.values(1).counts[193], 1u);
    EXPECT_EQ(result.codeCounts().total() + result.errors(0).total() + result.errors(1).total() + result.values(0).total() + result.values(1).total(), 5u);
}

TEST(JointCounts, sumsAnyElementsOnEveryTarget)
{
    std::mt19937 random(3); // fixed: the test says one thing every time
    for (const int sides : {1, 2})
        for (const std::size_t count : {1, 3, 4, 5, 1023, 1024, 20000}) {
            const CellShape shape = shapeOf(sides);
            Cells cells;
            Drained expected;
            for (std::size_t i = 0; i < count; ++i) {
                const Element element = randomElement(shape, random);
                cells.add(shape, element);
                expected.define(element, sides);
            }
            test::onEveryTarget([&] {
                SCOPED_TRACE(testing::Message() << count << " elements of " << sides << " sides");
                JointCounts counts;
                counts.setShape(shape);
                add(counts, cells);
                Drained result;
                result.drain(counts, sides);
                result.expectLike(expected);
            });
        }
}

TEST(JointCounts, countsSpareCellsAsTheHotOnes)
{
    for (const int sides : {1, 2}) {
        const CellShape shape = shapeOf(sides);
        Cells cells;
        cells.add(shape, {.bin = shape.hotBin, .errors = {64, 64}}); // the hot cells themselves
        EXPECT_EQ(cells.errors.back(), shape.hotError());
        EXPECT_EQ(cells.places.back(), shape.hotPlace());
        for (int spare = 0; spare < CellShape::kSpareCells; ++spare) {
            cells.errors.push_back(static_cast<std::uint16_t>(CellShape::kErrorCells + spare));
            cells.places.push_back(static_cast<std::uint16_t>(CellShape::kPlaceCells + spare));
        }
        JointCounts counts;
        counts.setShape(shape);
        add(counts, cells);
        Drained result;
        result.drain(counts, sides);
        constexpr std::uint64_t kAll = CellShape::kSpareCells + 1;
        EXPECT_EQ(result.codeCounts().counts[100], kAll);
        EXPECT_EQ(result.codeCounts().total(), kAll);
        for (std::size_t side = 0; side < static_cast<std::size_t>(sides); ++side) {
            EXPECT_EQ(result.errors(side).counts[GrowingHistogram::kBinsPerSide], kAll);
            EXPECT_EQ(result.errors(side).total(), kAll);
            EXPECT_EQ(result.values(side).counts[100], kAll);
            EXPECT_EQ(result.values(side).total(), kAll);
        }
    }
}

TEST(JointCounts, takesValuesOutsideOfTheGridAsBelowOrAbove)
{
    const CellShape one = shapeOf(1);
    JointCounts counts;
    counts.setShape(one);
    Cells cells;
    for (const int bin : {0, 62, 63})
        cells.add(one, {.bin = bin, .offsets = {63}});
    for (const int bin : {191, 192, 255})
        cells.add(one, {.bin = bin, .offsets = {-64}});
    cells.add(one, {.bin = 255, .offsets = {-1}});
    add(counts, cells);
    Drained result;
    result.drain(counts, 1);
    EXPECT_EQ(result.values(0).below, 2u);
    EXPECT_EQ(result.values(0).above, 3u);
    EXPECT_EQ(result.values(0).counts[0], 1u);
    EXPECT_EQ(result.values(0).counts[255], 1u);
    EXPECT_EQ(result.codeCounts().below + result.codeCounts().above, 0u);
}

TEST(JointCounts, takesEachSideOutsideOfTheGridAlone)
{
    const CellShape two = shapeOf(2);
    JointCounts counts;
    counts.setShape(two);
    Cells cells;
    cells.add(two, {.bin = 1, .offsets = {2, 1}});
    cells.add(two, {.bin = 254, .offsets = {-1, -8}});
    add(counts, cells);
    Drained result;
    result.drain(counts, 2);
    EXPECT_EQ(result.values(0).below, 1u);
    EXPECT_EQ(result.values(0).above, 0u);
    EXPECT_EQ(result.values(0).counts[255], 1u);
    EXPECT_EQ(result.values(1).below, 0u);
    EXPECT_EQ(result.values(1).above, 1u);
    EXPECT_EQ(result.values(1).counts[0], 1u);
}

TEST(JointCounts, leavesStraysToOthersButForTheirErrors)
{
    const CellShape shape = shapeOf(1);
    JointCounts counts;
    counts.setShape(shape);
    const std::uint16_t errors[] = {5, 5, 6};
    const std::uint16_t places[] = {CellShape::kStrayPlace, CellShape::kStrayPlace, CellShape::kStrayPlace};
    counts.add(3, errors, places);
    Drained result;
    result.drain(counts, 1);
    EXPECT_EQ(result.errors(0).counts[5], 2u);
    EXPECT_EQ(result.errors(0).counts[6], 1u);
    EXPECT_EQ(result.codeCounts().total(), 0u);
    EXPECT_EQ(result.values(0).total(), 0u);
}

TEST(JointCounts, leavesNothingOnceDrained)
{
    std::mt19937 random(5); // fixed: the test says one thing every time
    for (const int sides : {1, 2}) {
        const CellShape shape = shapeOf(sides);
        Cells cells;
        for (int i = 0; i < 5000; ++i)
            cells.add(shape, randomElement(shape, random));
        for (int spare = 0; spare < CellShape::kSpareCells; ++spare) {
            cells.errors.push_back(static_cast<std::uint16_t>(CellShape::kErrorCells + spare));
            cells.places.push_back(static_cast<std::uint16_t>(CellShape::kPlaceCells + spare));
        }
        test::onEveryTarget([&] {
            JointCounts counts;
            counts.setShape(shape);
            add(counts, cells);
            Drained first;
            first.drain(counts, sides);
            Drained nothing;
            nothing.drain(counts, sides);
            nothing.expectLike({});
            const Element element{.bin = 9, .errors = {1, 2}};
            Cells one;
            one.add(shape, element);
            add(counts, one); // drains what is left in the tables, were there any
            Drained second;
            second.drain(counts, sides);
            Drained expected;
            expected.define(element, sides);
            second.expectLike(expected);
        });
    }
}

TEST(JointCounts, addsToWhatTheHistogramsHold)
{
    const CellShape shape = shapeOf(2);
    const Element element{.bin = 9, .errors = {1, 2}, .offsets = {3, -3}};
    Cells cells;
    cells.add(shape, element);
    JointCounts counts;
    counts.setShape(shape);
    Drained result;
    Drained expected;
    for (int time = 0; time < 3; ++time) {
        add(counts, cells);
        add(counts, cells); // several between two drains
        result.drain(counts, 2);
        expected.define(element, 2);
        expected.define(element, 2);
    }
    result.expectLike(expected);
}

TEST(JointCounts, takesAnotherShapeAfterADrain)
{
    std::mt19937 random(7); // fixed: the test says one thing every time
    JointCounts counts;
    Drained result;
    Drained expected;
    for (int time = 0; time < 50; ++time) {
        CellShape shape;
        shape.sides = 1 + static_cast<int>(random() % 2);
        shape.offsetsLog2[0] = 1 + static_cast<int>(random() % 6);
        shape.offsetsLog2[1] = shape.sides == 2 ? 1 + static_cast<int>(random() % static_cast<unsigned>(7 - shape.offsetsLog2[0])) : 0;
        shape.hotBin = static_cast<int>(random() % CellShape::kBins);
        counts.setShape(shape);
        Cells cells;
        for (int i = 0; i < 300; ++i) {
            const Element element = randomElement(shape, random);
            cells.add(shape, element);
            expected.define(element, shape.sides);
        }
        cells.errors.push_back(CellShape::kErrorCells + 63); // counts for the hot cells of this shape
        cells.places.push_back(CellShape::kPlaceCells + 63);
        expected.define({.bin = shape.hotBin, .errors = {64, 64}}, shape.sides);
        add(counts, cells);
        result.drain(counts, shape.sides);
    }
    result.expectLike(expected);
}
