// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/flexbuffer_options.h"

#include <algorithm>
#include <flatbuffers/flexbuffers.h>

namespace quantloupe {
namespace {

// Far beyond what custom operators have; files are hostile, and entries may share one list.
constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kMostOptions = 256;
constexpr std::size_t kMostElements = 4096;

bool isWhole(const flexbuffers::Reference &value)
{
    return value.IsInt() || value.IsUInt() || value.IsBool();
}

template <typename List> void setList(Options &options, std::string_view name, const List &list)
{
    if (list.size() > kMostElements)
        return;
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const flexbuffers::Reference element = list[i];
        if (isWhole(element))
            integers.push_back(element.AsInt64());
        else if (element.IsFloat())
            reals.push_back(element.AsDouble());
        else
            return; // lists of other things have no use yet
    }
    if (reals.empty())
        options.set(name, std::move(integers));
    else if (integers.empty())
        options.set(name, std::move(reals));
}

} // namespace

Options readFlexbufferOptions(std::span<const std::byte> bytes)
{
    Options options;
    const auto *const data = reinterpret_cast<const std::uint8_t *>(bytes.data());
    std::vector<std::uint8_t> seen; // keeps the verifier from going through shared parts again and again
    constexpr std::size_t kShortest = 3; // a value, its type and its width
    if (bytes.size() < kShortest || bytes.size() > kMostBytes || !flexbuffers::VerifyBuffer(data, bytes.size(), &seen))
        return options;
    const flexbuffers::Reference root = flexbuffers::GetRoot(data, bytes.size());
    if (!root.IsMap())
        return options;
    const flexbuffers::Map map = root.AsMap();
    const flexbuffers::TypedVector keys = map.Keys();
    const flexbuffers::Vector values = map.Values();
    for (std::size_t i = 0; i < std::min({keys.size(), values.size(), kMostOptions}); ++i) {
        const std::string_view name = keys[i].AsKey();
        const flexbuffers::Reference value = values[i];
        if (isWhole(value))
            options.set(name, value.AsInt64());
        else if (value.IsFloat())
            options.set(name, value.AsDouble());
        else if (value.IsString())
            options.set(name, value.AsString().str());
        else if (value.IsTypedVector())
            setList(options, name, value.AsTypedVector());
        else if (value.IsVector())
            setList(options, name, value.AsVector());
    }
    return options;
}

} // namespace quantloupe
