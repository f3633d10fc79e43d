// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <array>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Row {
    ErrorCode code;
    ExitCode exit;
    std::string_view sentence;
};

constexpr std::array kRows{
    Row{ErrorCode::Usage, ExitCode::Usage, "the command line is not understood"},
    Row{ErrorCode::Cancelled, ExitCode::Cancelled, "cancelled"},
    Row{ErrorCode::FileNotReadable, ExitCode::BadInput, "the file cannot be read"},
    Row{ErrorCode::FileNotWritable, ExitCode::BadInput, "the file cannot be written"},
    Row{ErrorCode::FileTooLarge, ExitCode::BadInput, "the file is larger than what is read"},
    Row{ErrorCode::FormatUnknown, ExitCode::BadInput, "the content is of no known format"},
    Row{ErrorCode::ZipDamaged, ExitCode::BadInput, "the zip archive is damaged"},
    Row{ErrorCode::ZipUnsafe, ExitCode::BadInput, "the zip archive is refused as unsafe"},
    Row{ErrorCode::ZipEntryMissing, ExitCode::BadInput, "the zip archive lacks an entry"},
    Row{ErrorCode::ModelDamaged, ExitCode::BadInput, "the model file is damaged"},
    Row{ErrorCode::ModelInvalid, ExitCode::BadInput, "the model contradicts itself"},
    Row{ErrorCode::ShapeInvalid, ExitCode::BadInput, "a shape is not valid"},
    Row{ErrorCode::OperatorInvalid, ExitCode::BadInput, "an operator is not valid"},
    Row{ErrorCode::OperatorUnsupported, ExitCode::Unsupported, "an operator is not supported"},
    Row{ErrorCode::TypeUnsupported, ExitCode::Unsupported, "an operator is not supported for these types"},
    Row{ErrorCode::FeatureUnsupported, ExitCode::Unsupported, "something in the model is not supported"},
    Row{ErrorCode::ValueUnknown, ExitCode::Unsupported, "a value is needed before it is computed"},
    Row{ErrorCode::RuntimeFault, ExitCode::BadInput, "an operator cannot be computed on these values"},
    Row{ErrorCode::ParametersDamaged, ExitCode::BadInput, "the SL_PARAMSv1 parameters are damaged"},
    Row{ErrorCode::ReportDamaged, ExitCode::BadInput, "the report is damaged"},
    Row{ErrorCode::DatasetDamaged, ExitCode::BadInput, "the dataset is damaged"},
    Row{ErrorCode::DatasetPickled, ExitCode::BadInput, "object arrays (pickle) are never loaded"},
    Row{ErrorCode::DatasetUnsupported, ExitCode::BadInput, "the dataset's kind of array is not supported"},
    Row{ErrorCode::DatasetMismatch, ExitCode::BadInput, "the dataset does not fit the model"},
    Row{ErrorCode::DatasetNotFinite, ExitCode::BadInput, "the dataset holds values that are not finite"},
    Row{ErrorCode::NoQuantizedModel, ExitCode::Unsupported, "there is no quantized model"},
    Row{ErrorCode::NoFloatModel, ExitCode::Unsupported, "there is no float model that can be run"},
    Row{ErrorCode::ModelsDiffer, ExitCode::BadInput, "the two models are not the same network"},
    Row{ErrorCode::NothingCompared, ExitCode::Unsupported, "nothing could be compared"},
};

const Row &rowOf(ErrorCode code)
{
    return kRows[static_cast<std::size_t>(code)];
}

constexpr bool rowsAreInOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].code) != i)
            return false;
    return kRows.size() == static_cast<std::size_t>(ErrorCode::NothingCompared) + 1;
}
static_assert(rowsAreInOrder());

} // namespace

std::string Error::message() const
{
    std::string text;
    if (!facts.file.empty())
        text += facts.file + ": ";
    text += rowOf(code).sentence;
    if (!facts.place.empty())
        text += " at " + facts.place;
    if (!facts.expected.empty())
        text += ": expected " + facts.expected + (facts.got.empty() ? "" : ", got " + facts.got);
    else if (!facts.got.empty())
        text += ": " + facts.got;
    return printable(text);
}

ExitCode Error::exitCode() const
{
    return rowOf(code).exit;
}

Error Error::inFile(std::string_view file) const
{
    Error error = *this;
    if (error.facts.file.empty())
        error.facts.file = file;
    return error;
}

Error Error::at(std::string_view place) const
{
    Error error = *this;
    error.facts.place = error.facts.place.empty() ? std::string(place) : fmt::format("{}, {}", place, error.facts.place);
    return error;
}

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = [&](std::size_t n) { return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0u; };
        if (c < 0x20 || c == 0x7f)
            out += fmt::format("\\x{:02x}", c);
        else if (c == 0xc2 && next(1) >= 0x80 && next(1) <= 0x9f) { // C1 controls
            out += fmt::format("\\u{:04x}", next(1));
            i += 1;
        } else if (c == 0xe2 && ((next(1) == 0x80 && next(2) >= 0xaa && next(2) <= 0xae) || (next(1) == 0x81 && next(2) >= 0xa6 && next(2) <= 0xa9))) {
            out += fmt::format("\\u{:04x}", 0x2000 + ((next(1) & 0x3f) << 6) + (next(2) & 0x3f)); // bidi controls
            i += 2;
        } else
            out += text[i];
    }
    return out;
}

} // namespace quantloupe
