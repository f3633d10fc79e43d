// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/hdf5_arrays.h"

#include "base/file.h"
#include "dataset/dataset.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// The worker calls what it cannot read a model; here it is a dataset.
Error ofDataset(Error error)
{
    if (error.code == ErrorCode::ModelDamaged)
        error.code = ErrorCode::DatasetDamaged;
    return error;
}

} // namespace

bool holdsSamples(const std::filesystem::path &path)
{
    // Keras writes its attributes before the weights; and a program that only asks what was dropped on it must not wait.
    constexpr std::uint64_t kLookedAt = std::uint64_t{16} << 20;
    const auto file = File::open(path);
    if (!file)
        return false;
    std::string start(static_cast<std::size_t>(std::min(kLookedAt, file->size())), '\0');
    const auto bytes = std::as_writable_bytes(std::span(start));
    if (!file->read(0, bytes) || !looksLikeHdf5(bytes))
        return false;
    return start.find("model_config") == start.npos && start.find("layer_names") == start.npos;
}

Result<Hdf5Arrays> Hdf5Arrays::open(const std::filesystem::path &path)
{
    QL_TRY(SharedBytes bytes, readWhole(path));
    auto listing = readHdf5(bytes, path.string(), {.hasElements = false});
    if (!listing)
        return fail(ofDataset(listing.error()));
    return Hdf5Arrays(std::move(bytes), std::move(*listing));
}

std::vector<std::string> Hdf5Arrays::names() const
{
    std::vector<std::string> names;
    for (const auto &[path, array] : m_listing.arrays)
        names.push_back(path.substr(1));
    return names;
}

std::optional<std::string> Hdf5Arrays::onlyArray() const
{
    std::optional<std::string> only;
    for (const auto &[path, array] : m_listing.arrays) {
        if (!array.type || path == "/y")
            continue;
        if (only)
            return std::nullopt;
        only = path.substr(1);
    }
    return only;
}

Result<NpyArray> Hdf5Arrays::array(std::string_view name) const
{
    const std::string path = pathOf(name);
    auto file = readHdf5(m_bytes, m_listing.file, {.only = {path}});
    if (!file)
        return fail(ofDataset(file.error()));
    const auto found = file->arrayAt(path);
    if (!found)
        return fail(ofDataset(found.error()));
    const Hdf5Array &array = **found;
    const std::string place = fmt::format("{}:{}", m_listing.file, name);
    if (!array.type)
        return fail(ErrorCode::DatasetUnsupported, {.file = place, .expected = "numbers", .got = array.typeText});
    return NpyArray::fromElements(*array.type, array.shape, array.elements, place);
}

} // namespace quantloupe
