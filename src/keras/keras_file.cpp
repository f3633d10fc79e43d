// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/keras_file.h"

#include "archive/zip_archive.h"
#include "hdf5/hdf5_file.h"
#include "keras/keras_readers.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {

bool looksLikeKeras(std::span<const std::byte> bytes)
{
    if (looksLikeHdf5(bytes))
        return true;
    if (!looksLikeZip(bytes))
        return false;
    const auto entries = readZipLayout(bytes);
    const auto has = [&](std::string_view name) { return std::ranges::find(*entries, name, &ZipEntry::name) != entries->end(); };
    return entries && has(kKerasConfigEntry) && has(kKerasWeightsEntry);
}

Result<KerasFile> readKerasFile(std::span<const std::byte> bytes, std::string_view name)
{
    if (looksLikeHdf5(bytes))
        return readKerasH5(bytes, std::string(name));
    if (looksLikeKeras(bytes))
        return readKerasZip(bytes, std::string(name));
    return fail(ErrorCode::FormatUnknown, {.file = std::string(name), .expected = "a Keras model as .h5 or .keras"});
}

Result<void> checkConfig(std::string_view config, const std::string &name)
{
    constexpr std::size_t kMaxBytes = std::size_t{32} << 20;
    constexpr int kMaxDepth = 512;
    if (config.size() > kMaxBytes)
        return fail(ErrorCode::FileTooLarge, {.file = name, .expected = fmt::format("at most {} bytes of configuration", kMaxBytes), .got = fmt::format("{}", config.size())});
    int depth = 0;
    bool isText = false;
    for (std::size_t i = 0; i < config.size(); ++i) {
        const char c = config[i];
        if (c == '\\' && isText)
            ++i;
        else if (c == '"')
            isText = !isText;
        else if (!isText && (c == '[' || c == '{') && ++depth > kMaxDepth)
            return fail(ErrorCode::ModelDamaged, {.file = name, .expected = fmt::format("a configuration no deeper than {}", kMaxDepth), .got = "a deeper one"});
        else if (!isText && (c == ']' || c == '}'))
            --depth;
    }
    return {};
}

Result<KerasWeight> kerasWeight(const Hdf5File &file, const std::string &arrayPath, std::string path)
{
    QL_TRY(const Hdf5Array *const array, file.arrayAt(arrayPath));
    if (!array->type)
        return fail(ErrorCode::ModelDamaged, {.file = file.file, .place = arrayPath, .expected = "numbers", .got = array->typeText});
    std::vector<std::int32_t> dims;
    for (const std::uint64_t dim : array->shape)
        dims.push_back(static_cast<std::int32_t>(std::min<std::uint64_t>(dim, std::numeric_limits<std::int32_t>::max())));
    auto shape = Shape::make(dims);
    if (!shape)
        return fail(shape.error().inFile(file.file).at(arrayPath));
    return KerasWeight{.path = std::move(path), .type = *array->type, .shape = *shape, .bytes = array->elements};
}

} // namespace quantloupe
