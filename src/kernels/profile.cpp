// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/profile.h"

#include <array>

namespace quantloupe {
namespace {

struct Row {
    std::string_view name;
    ProfileTraits traits;
};

constexpr ProfileTraits kLitert{
    .fullyConnectedInDouble = true,
    .fullyConnectedScalesInFloat = false,
    .multipliersInDouble = false,
    .softmaxTablesInDouble = true,
    .lstmByTables = false,
    .lstmKnowsTanhOnly = false,
    .int8LogisticInFixedPoint = false,
    .standaloneRelu6Rescales = true,
    .sumReadsUnsigned = true,
    .int16RsqrtByTable = true,
    .concatenationNeedsOneScale = true,
    .variablesStartAtZeroPoint = false,
    .dequantizesPerChannel = true,
    .integerAddClamps = true,
    .addShiftsPowersOfTwo = true,
    .missingBiasIsNarrow = false,
    .perChannelHybridFullyConnected = true,
    .hybridRoundsBeforeZeroPoint = true,
    .stridedSliceHasNewAxes = true,
    .reversesAllAxes = true,
    .embeddingRowScales = RowScales::Own,
    .castOutOfRange = OutOfRange::Saturated,
    .int16EqualityRescales = true,
    .comparesScalesAboveOne = true,
    .biasTypeFromTensor = false,
};

constexpr ProfileTraits kTflite214 = [] {
    ProfileTraits traits = kLitert;
    traits.fullyConnectedInDouble = false;
    traits.fullyConnectedScalesInFloat = true;
    traits.int16EqualityRescales = false;
    traits.missingBiasIsNarrow = true;
    traits.perChannelHybridFullyConnected = false;
    traits.hybridRoundsBeforeZeroPoint = false;
    traits.reversesAllAxes = false;
    traits.embeddingRowScales = RowScales::Zero;
    traits.castOutOfRange = OutOfRange::AsX86;
    return traits;
}();

constexpr ProfileTraits kTflm{
    .fullyConnectedInDouble = false,
    .fullyConnectedScalesInFloat = false,
    .multipliersInDouble = true,
    .softmaxTablesInDouble = false,
    .lstmByTables = true,
    .lstmKnowsTanhOnly = true,
    .int8LogisticInFixedPoint = true,
    .standaloneRelu6Rescales = false,
    .sumReadsUnsigned = false,
    .int16RsqrtByTable = false,
    .concatenationNeedsOneScale = false,
    .variablesStartAtZeroPoint = true,
    .dequantizesPerChannel = false,
    .integerAddClamps = false,
    .addShiftsPowersOfTwo = false,
    .missingBiasIsNarrow = false,
    .perChannelHybridFullyConnected = true,
    .hybridRoundsBeforeZeroPoint = true,
    .stridedSliceHasNewAxes = false,
    .reversesAllAxes = true,
    .embeddingRowScales = RowScales::First,
    .castOutOfRange = OutOfRange::SaturatedNanIs0,
    .int16EqualityRescales = false,
    .comparesScalesAboveOne = false,
    .biasTypeFromTensor = true,
};

// In the order of KernelProfile.
constexpr std::array kRows{Row{"litert", kLitert}, Row{"tflite-2.14", kTflite214}, Row{"tflm", kTflm}};

} // namespace

const ProfileTraits &traitsOf(KernelProfile profile)
{
    return kRows[static_cast<std::size_t>(profile)].traits;
}

std::string_view name(KernelProfile profile)
{
    return kRows[static_cast<std::size_t>(profile)].name;
}

std::optional<KernelProfile> kernelProfile(std::string_view name)
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (kRows[i].name == name)
            return static_cast<KernelProfile>(i);
    return std::nullopt;
}

} // namespace quantloupe
