// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker/attributes.h"

#include "hdf5/worker/library.h"

#include <cstring>
#include <new>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::size_t kMaxAttributes = 4096; ///< of one object
constexpr std::uint64_t kMaxTexts = 1'000'000;

std::string tooMuchText()
{
    return "more text than a model has";
}

/// A fixed string ends at its first zero, or at its last character that is no padding.
std::string_view withoutPadding(std::string_view text, H5T_str_t padding)
{
    text = text.substr(0, text.find('\0'));
    if (padding == H5T_STR_SPACEPAD)
        text = text.substr(0, text.find_last_not_of(' ') + 1);
    return text;
}

Result<std::vector<std::string>> readFixed(hid_t attribute, hid_t type, std::uint64_t count, const std::string &path, std::uint64_t &textBytes)
{
    const std::size_t size = H5Tget_size(type);
    if (size == 0 || count > textBytes / size || !takeText(textBytes, count * (size + sizeof(std::uint32_t))))
        return unsafe(path, "attributes of a model", tooMuchText());
    std::string bytes(static_cast<std::size_t>(count) * size, '\0');
    if (H5Aread(attribute, type, bytes.data()) < 0)
        return broken(path);
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < bytes.size(); at += size)
        texts.emplace_back(withoutPadding(std::string_view(bytes).substr(at, size), H5Tget_strpad(type)));
    return texts;
}

Result<std::vector<std::string>> readVariable(hid_t attribute, hid_t type, hid_t space, std::uint64_t count, const std::string &path, std::uint64_t &textBytes)
{
    std::vector<char *> pointers(static_cast<std::size_t>(count), nullptr);
    if (H5Aread(attribute, type, pointers.data()) < 0)
        return broken(path);
    std::vector<std::string> texts;
    bool fits = true;
    for (const char *pointer : pointers) {
        const std::size_t length = pointer ? std::strlen(pointer) : 0;
        fits = fits && takeText(textBytes, length + sizeof(std::uint32_t));
        if (fits)
            texts.emplace_back(pointer ? pointer : "", length);
    }
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
    if (!fits)
        return unsafe(path, "attributes of a model", tooMuchText());
    return texts;
}

Result<std::vector<std::string>> readTexts(hid_t attribute, const std::string &path, std::uint64_t &textBytes)
{
    const Handle type(H5Aget_type(attribute), H5Tclose);
    if (!type)
        return broken(path);
    if (H5Tget_class(type) != H5T_STRING)
        return std::vector<std::string>();
    const Handle space(H5Aget_space(attribute), H5Sclose);
    const hssize_t count = space ? H5Sget_simple_extent_npoints(space) : -1;
    const htri_t isVariable = H5Tis_variable_str(type);
    if (count < 0 || isVariable < 0)
        return broken(path);
    if (static_cast<std::uint64_t>(count) > kMaxTexts)
        return unsafe(path, "attributes of a model", tooMuchText());
    if (count == 0)
        return std::vector<std::string>();
    return isVariable > 0 ? readVariable(attribute, type, space, static_cast<std::uint64_t>(count), path, textBytes)
                          : readFixed(attribute, type, static_cast<std::uint64_t>(count), path, textBytes);
}

} // namespace

bool takeText(std::uint64_t &textBytes, std::uint64_t size)
{
    if (size > textBytes)
        return false;
    textBytes -= size;
    return true;
}

Result<std::vector<ReadAttribute>> readAttributes(hid_t object, const std::string &path, std::uint64_t &textBytes)
{
    std::vector<ReadAttribute> attributes;
    const auto collect = [](hid_t, const char *name, const H5A_info_t *, void *list) -> herr_t {
        auto &names = *static_cast<std::vector<ReadAttribute> *>(list);
        if (names.size() >= kMaxAttributes)
            return -1;
        names.push_back({name, {}});
        return 0;
    };
    if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &attributes) < 0)
        return attributes.size() >= kMaxAttributes ? unsafe(path, "at most 4096 attributes", "more") : broken(path);
    for (ReadAttribute &attribute : attributes) {
        const std::string place = path + " attribute " + attribute.name;
        if (!takeText(textBytes, attribute.name.size() + 2 * sizeof(std::uint32_t)))
            return unsafe(place, "attributes of a model", tooMuchText());
        const Handle handle(H5Aopen(object, attribute.name.c_str(), H5P_DEFAULT), H5Aclose);
        if (!handle)
            return broken(place);
        QL_TRY(attribute.texts, readTexts(handle, place, textBytes));
    }
    return attributes;
}

} // namespace quantloupe
