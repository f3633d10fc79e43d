// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace quantloupe {

/// What went wrong. Its sentence and exit code stand in one table (error.cpp).
enum class ErrorCode {
    Usage,
    Cancelled,
    FileNotReadable,
    FileNotWritable,
    FileTooLarge,
    FormatUnknown,
    ZipDamaged,
    ZipUnsafe,
    ZipEntryMissing,
    ModelDamaged,
    ModelInvalid,
    ShapeInvalid,
    OperatorInvalid,
    OperatorUnsupported,
    TypeUnsupported,
    FeatureUnsupported,
    ValueUnknown,
    RuntimeFault,
    ParametersDamaged,
    ReportDamaged,
    DatasetDamaged,
    DatasetPickled,
    DatasetUnsupported,
    DatasetMismatch,
    DatasetNotFinite,
    NoQuantizedModel,
    NoFloatModel,
    ModelsDiffer,
    NothingCompared,
};

/// Exit codes of quantloupe-cli (DESIGN, the command-line contract).
enum class ExitCode : int { Done = 0, ThresholdPassed = 1, Usage = 2, BadInput = 3, Unsupported = 4, Cancelled = 130 };

/// The facts of one failure. Every field may be empty; empty ones are left out of the sentence.
struct ErrorFacts {
    std::string file = {};     ///< path of the file, with the archive's entry after a colon
    std::string place = {};    ///< where in the file: "tensor 5 (conv/kernel)", "operator 3 CONV_2D", "byte 712"
    std::string expected = {}; ///< what would have been right
    std::string got = {};      ///< what was there
};

struct Error {
    ErrorCode code;
    ErrorFacts facts;

    /// One sentence: "FILE: what is wrong at PLACE: expected X, got Y". Control characters are made visible, since
    /// names come from files that anybody may have written.
    std::string message() const;
    ExitCode exitCode() const;

    Error inFile(std::string_view file) const;
    Error at(std::string_view place) const;
};

/// Replaces control and bidirectional-override characters so that text from a file cannot steer a terminal.
std::string printable(std::string_view text);

} // namespace quantloupe
