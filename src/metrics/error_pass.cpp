// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/error_pass.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace quantloupe {
namespace {

/// False when something was not finite, or so large or small that its square leaves float's range.
bool isExact(const PieceSums &sums, const float *floats, std::size_t count)
{
    constexpr double kSmallest = 1e-28;
    return std::isfinite(sums.diffSquared) && std::isfinite(sums.valueSquared) && (sums.diffSquared > kSmallest || sums.maxAbsDiff == 0.0f)
        && (sums.valueSquared > kSmallest || std::all_of(floats, floats + count, [](float value) { return value == 0.0f; }));
}

template <typename Code> EndCounts countCodes(const Code *codes, std::size_t count, GridHistogram &histogram)
{
    EndCounts ends;
    for (std::size_t i = 0; i < count; ++i) {
        histogram.addBin((codes[i] - std::numeric_limits<Code>::min()) >> kCodesPerBinLog2<Code>, 1);
        ends.min += codes[i] == std::numeric_limits<Code>::min() ? 1 : 0;
        ends.max += codes[i] == std::numeric_limits<Code>::max() ? 1 : 0;
    }
    return ends;
}

} // namespace

/// One call of measure().
template <typename Code> class ErrorPass::Run {
public:
    /// Of `elements` in all samples.
    Run(ErrorPass &pass, const CodeSide<Code> &quantized, std::span<const ErrorSide> sides, std::size_t elements)
        : m_pass(pass), m_quantized(quantized), m_sides(sides), m_isSmall(elements < kFew)
    {
        const CodeGrid &grid = quantized.grid;
        m_scale = static_cast<float>(grid.scale);
        m_inverse = grid.scale > 0.0 ? static_cast<float>(1.0 / grid.scale) : 0.0f;
        m_zeroPoint = static_cast<std::int32_t>(grid.zeroPoint);
        for (std::size_t side = 0; side < sides.size(); ++side)
            m_histograms[side] = sides[side].histograms;
        m_shape.sides = static_cast<int>(sides.size());
        m_shape.hotBin = static_cast<int>(std::clamp<std::int64_t>((grid.zeroPoint - grid.minCode) / grid.codesPerBin, 0, GridHistogram::kBins - 1));
        for (std::size_t side = 0; side < sides.size(); ++side)
            fit(side, 0.0);
        chooseOffsets();
        m_pass.m_counts.setShape(m_shape);
    }
    ~Run() { drain(); }
    Run(const Run &) = delete;
    Run &operator=(const Run &) = delete;

    EndCounts sample(std::size_t place, std::size_t count)
    {
        for (std::size_t side = 0; side < m_sides.size(); ++side) {
            ErrorSums &sums = m_sides[side].sums[place];
            sums = {.atMinCode = sums.atMinCode, .atMaxCode = sums.atMaxCode};
        }
        EndCounts ends;
        for (std::size_t first = 0; first < count; first += kPiece) {
            const EndCounts more = piece(place, first, std::min(kPiece, count - first));
            ends.min += more.min;
            ends.max += more.max;
        }
        return ends;
    }

private:
    EndCounts piece(std::size_t place, std::size_t first, std::size_t count)
    {
        const Code *const codes = m_quantized.codes[place] + first;
        if (m_sides.empty() && !m_quantized.reals.first)
            return countCodes(codes, count, *m_quantized.histogram);
        float *const reals = m_quantized.reals.first ? m_quantized.reals[place] + first : m_pass.m_reals;
        realValues(codes, count, m_scale, m_zeroPoint, reals);
        std::array<PieceSums, 2> sums;
        std::array<float, 2> largest{};
        bool isExactPiece = true;
        for (std::size_t side = 0; side < m_sides.size(); ++side) {
            const float *const floats = m_sides[side].floats[place] + first;
            sums[side] = measurePiece(reals, floats, count, m_inverse * kFinePerStep, m_pass.m_fine[side]);
            largest[side] = sums[side].maxAbsDiff * m_inverse;
            isExactPiece = isExactPiece && isExact(sums[side], floats, count) && largest[side] < kLargestStep && std::isfinite(m_inverse * kFinePerStep);
        }
        if (!isExactPiece || m_sides.empty())
            return oneByOne(codes, reals, place, first, count);
        for (std::size_t side = 0; side < m_sides.size(); ++side) {
            fit(side, static_cast<double>(largest[side]));
            take(sums[side], count, m_sides[side].sums[place]);
        }
        if (m_isSmall)
            return countSmall(codes, count);
        const bool isNarrow = std::max(largest[0], largest[1]) < static_cast<float>(32767 / kFinePerStep);
        const EndCounts ends = placePiece(codes, {m_pass.m_fine[0], m_pass.m_fine[1]}, count, m_shape, isNarrow, m_pass.m_cells);
        const auto fine = static_cast<unsigned>(largest[0] * kFinePerStep);
        m_pass.m_counts.add(count, m_pass.m_cells.errors, m_pass.m_cells.places, (fine >> m_shape.binShift[0]) + 1);
        countStrays();
        return ends;
    }

    /// Into the histograms at once.
    EndCounts countSmall(const Code *codes, std::size_t count)
    {
        const CodeGrid &grid = m_quantized.grid;
        for (std::size_t side = 0; side < m_sides.size(); ++side)
            for (std::size_t i = 0; i < count; ++i) {
                const std::int32_t fine = m_pass.m_fine[side][i];
                m_histograms[side]->errorInLsb.addCount((fine >> m_shape.binShift[side]) + GrowingHistogram::kBinsPerSide, 1);
                m_histograms[side]->floatValues.addCode(grid, codes[i] - wholeSteps(fine));
            }
        return countCodes(codes, count, *m_quantized.histogram);
    }

    void countStrays()
    {
        const PieceCells &cells = m_pass.m_cells;
        for (const Stray &stray : std::span(cells.strays, cells.strayCount)) {
            m_quantized.histogram->addBin(stray.bin, 1);
            for (std::size_t side = 0; side < m_sides.size(); ++side)
                m_histograms[side]->floatValues.addBin(stray.bin - stray.offsets[side], 1);
        }
    }

    static void take(const PieceSums &piece, std::size_t count, ErrorSums &sums)
    {
        sums.count += count;
        sums.diff += piece.diff;
        sums.diffSquared += piece.diffSquared;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, static_cast<double>(piece.maxAbsDiff));
        sums.floatSquared += piece.valueSquared;
    }

    /// What the vectors leave: values that are not finite, or out of the range in which floats can be squared.
    EndCounts oneByOne(const Code *codes, const float *reals, std::size_t place, std::size_t first, std::size_t count)
    {
        drain(); // bins may become wider
        for (const ErrorSide &side : m_sides)
            for (std::size_t i = 0; i < count; ++i)
                addElement(codes[i], reals[i], side.floats[place][first + i], *side.histograms, side.sums[place]);
        for (std::size_t side = 0; side < m_sides.size(); ++side)
            fit(side, 0.0);
        return countCodes(codes, count, *m_quantized.histogram);
    }

    void addElement(Code code, float real, float floatValue, ErrorHistograms &histograms, ErrorSums &sums) const
    {
        const float difference = real - floatValue;
        const auto diff = static_cast<double>(difference);
        const auto value = static_cast<double>(floatValue);
        if (!std::isfinite(diff)) {
            ++sums.notFinite;
            return;
        }
        ++sums.count;
        sums.diff += diff;
        sums.diffSquared += diff * diff;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
        sums.floatSquared += value * value;
        // The inverse of a scale that is nearly 0 is beyond float.
        const double steps = std::isfinite(m_inverse) ? static_cast<double>(difference * m_inverse) : diff / m_quantized.grid.scale;
        histograms.errorInLsb.add(steps);
        const double away = std::floor((std::floor(2.0 * std::clamp(steps, -5e5, 5e5)) + 1.0) / 2.0);
        histograms.floatValues.addCode(m_quantized.grid, code - static_cast<std::int64_t>(away));
    }

    /// Makes the bins of a side wide enough for errors of `largest` steps.
    void fit(std::size_t side, double largest)
    {
        GrowingHistogram &errors = m_histograms[side]->errorInLsb;
        if (const int exponent = errors.exponentFor(largest); exponent != errors.exponent()) {
            drain();
            errors.growTo(exponent);
        }
        m_shape.binShift[side] = std::min(errors.exponent() - GrowingHistogram::kNarrowest, 31);
    }

    /// As many offsets as nearly all elements of before need; where there were none, as a few steps do.
    void chooseOffsets()
    {
        int log2 = 0;
        for (std::size_t side = 0; side < m_sides.size(); ++side) {
            const GrowingHistogram &errors = m_histograms[side]->errorInLsb;
            const double steps = std::min(errors.isEmpty() ? kFirstSteps : errors.reachOfMost(), static_cast<double>(kLargestStep));
            const auto bins = static_cast<unsigned>((steps + 0.5) / m_quantized.grid.codesPerBin) + (sizeof(Code) > 1 ? 1 : 0);
            m_shape.offsetsLog2[side] = static_cast<int>(std::bit_width(bins)) + 1;
            log2 += m_shape.offsetsLog2[side];
        }
        constexpr int kMostLog2 = std::bit_width(unsigned{CellShape::kMostOffsets}) - 1;
        for (; log2 > kMostLog2; --log2)
            --*std::ranges::max_element(m_shape.offsetsLog2);
    }

    void drain() { m_pass.m_counts.drain(*m_quantized.histogram, std::span(m_histograms).first(m_sides.size())); }

    static constexpr double kFirstSteps = 3.0; ///< a guess
    static constexpr std::size_t kFew = 1024; ///< elements that cost less than draining the tables

    ErrorPass &m_pass;
    const CodeSide<Code> &m_quantized;
    std::span<const ErrorSide> m_sides;
    bool m_isSmall;
    float m_scale = 0.0f;
    float m_inverse = 0.0f;
    std::int32_t m_zeroPoint = 0;
    CellShape m_shape;
    std::array<ErrorHistograms *, 2> m_histograms{};
};

template <typename Code> void ErrorPass::measure(const CodeSide<Code> &quantized, std::span<const ErrorSide> sides, std::size_t samples, std::size_t count, EndCounts *atEnds)
{
    Run<Code> run(*this, quantized, sides, samples * count);
    for (std::size_t sample = 0; sample < samples; ++sample)
        atEnds[sample] = run.sample(sample, count);
}

#define QL_OF_CODE(Code) template void ErrorPass::measure(const CodeSide<Code> &, std::span<const ErrorSide>, std::size_t, std::size_t, EndCounts *);
QL_OF_CODE(std::int8_t)
QL_OF_CODE(std::uint8_t)
QL_OF_CODE(std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe
