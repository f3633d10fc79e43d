// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace quantloupe {

/// Whose arithmetic is reproduced.
enum class KernelProfile {
    Litert,    ///< LiteRT 2.x and TensorFlow 2.15+ reference kernels (BUILTIN_REF)
    Tflite214, ///< tflite-runtime 2.14.0 reference kernels
    Tflm,      ///< TensorFlow Lite Micro: what a device computes
};

/// What CAST makes of a real that the integer type does not hold.
enum class OutOfRange {
    Saturated,          ///< the nearest value; NaN is the largest
    SaturatedNanIs0,    ///< the nearest value; NaN is 0
    AsX86,              ///< the lowest of int32 (int64 for wider types), cut to the type's bits
};

/// What scales the rows of an int8 table with a scale each.
enum class RowScales { Own, First, Zero };

/// Every difference between the profiles, and nothing else: kernels ask for the trait, never for the profile.
/// docs/numerics.md explains each with an example.
struct ProfileTraits {
    bool fullyConnectedInDouble;     ///< FULLY_CONNECTED requantizes with a double factor instead of the fixed-point one
    bool fullyConnectedScalesInFloat; ///< FULLY_CONNECTED multiplies input and weight scale in float before widening
    bool multipliersInDouble;        ///< MUL, DIV, RELU, LEAKY_RELU, ABS, PRELU, RSQRT, SOFTMAX int16: scales widened before dividing
    bool softmaxTablesInDouble;      ///< SOFTMAX int16: its tables are made in double instead of float
    bool lstmByTables;               ///< integer LSTM as TFLM writes it: table sigmoid/tanh, no skipped tanh(cell)
    bool lstmKnowsTanhOnly;          ///< LSTM: an activation other than TANH leaves the cell gate as it is; the cell's is TANH always
    bool int8LogisticInFixedPoint;   ///< LOGISTIC and TANH int8 by gemmlowp fixed point instead of a float table
    bool standaloneRelu6Rescales;    ///< RELU6 and RELU_N1_TO_1 requantize from the input's to the output's scale
    bool sumReadsUnsigned;           ///< SUM int8/int16 treats its data as uint8 (a defect of the reference)
    bool int16RsqrtByTable;          ///< RSQRT int16 by a 513-entry table instead of fixed point
    bool concatenationNeedsOneScale; ///< CONCATENATION int8 refuses inputs of another scale than the output's
    bool variablesStartAtZeroPoint;  ///< resource variables are readable before their first assignment
    bool dequantizesPerChannel;      ///< DEQUANTIZE uses every channel's scale instead of the first channel's for all
    bool integerAddClamps;           ///< ADD of plain integers applies its fused activation (SUB always does)
    bool addShiftsPowersOfTwo;       ///< ADD and SUB int16 of power-of-two scales shift one input instead of multiplying
    bool missingBiasIsNarrow;        ///< FULLY_CONNECTED and TRANSPOSE_CONV int16 without a bias sum in 32 bits
    bool perChannelHybridFullyConnected; ///< FULLY_CONNECTED hybrid knows per-channel scales; else all read as 0
    bool hybridRoundsBeforeZeroPoint; ///< asymmetric hybrid inputs: the zero point is added after rounding
    bool stridedSliceHasNewAxes;     ///< STRIDED_SLICE heeds new_axis_mask and ellipsis_mask
    bool reversesAllAxes;            ///< REVERSE_V2 reverses every axis named instead of the first alone
    RowScales embeddingRowScales;    ///< EMBEDDING_LOOKUP of int8 rows to float32
    OutOfRange castOutOfRange;       ///< CAST of float32 to integers
    bool int16EqualityRescales;      ///< EQUAL and NOT_EQUAL int16 compare scaled values, so coarsely that nearly all are equal
    bool comparesScalesAboveOne;     ///< quantized comparisons take scales above 1, and shift by negative counts then, instead of refusing
    bool biasTypeFromTensor;         ///< 16x8: the bias tensor's type, not the quantized_bias_type option, picks the accumulator
};

const ProfileTraits &traitsOf(KernelProfile profile);
std::string_view name(KernelProfile profile);
std::optional<KernelProfile> kernelProfile(std::string_view name);

} // namespace quantloupe
