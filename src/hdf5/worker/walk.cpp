// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker/walk.h"

#include "hdf5/worker/library.h"

#include <algorithm>

namespace quantloupe {
namespace {

constexpr int kMaxDepth = 64; ///< models in models and wrappers in wrappers take three groups each

struct Link {
    std::string name;
    bool isHard = false;
};

/// The links of one group. A hostile name must not become a path of its own.
Result<std::vector<Link>> linksOf(hid_t group, const std::string &path)
{
    std::vector<Link> links;
    const auto collect = [](hid_t, const char *name, const H5L_info_t *info, void *list) -> herr_t {
        auto &names = *static_cast<std::vector<Link> *>(list);
        if (names.size() >= wire::kMaxObjects)
            return -1;
        names.push_back({name, info->type == H5L_TYPE_HARD});
        return 0;
    };
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &links) < 0)
        return links.size() >= wire::kMaxObjects ? unsafe(path, "at most 100000 objects", "more") : broken(path);
    for (const Link &link : links)
        if (link.name.empty() || link.name == "." || link.name.find('/') != std::string::npos)
            return unsafe(path, "names without a slash", "\"" + link.name + "\"");
    return links;
}

} // namespace

Result<std::vector<WalkedObject>> Walk::run()
{
    const Handle root(H5Gopen2(m_file, "/", H5P_DEFAULT), H5Gclose);
    if (!root)
        return broken("/");
    QL_CHECK(addGroup(root, "/", 0));
    return std::move(m_objects);
}

Result<void> Walk::addGroup(hid_t group, const std::string &path, int depth)
{
    H5O_info_t info{};
    if (H5Oget_info2(group, &info, H5O_INFO_BASIC) < 0)
        return broken(path);
    if (!m_groups.insert(info.addr).second)
        return {};
    if (depth > kMaxDepth)
        return unsafe(path, "groups no deeper than 64", "deeper ones");
    QL_TRY(WalkedObject *const object, add(wire::ObjectKind::Group, path));
    QL_TRY(object->attributes, readAttributes(group, path, m_textBytesLeft));
    return addMembers(group, path, depth);
}

Result<void> Walk::addMembers(hid_t group, const std::string &path, int depth)
{
    QL_TRY(const auto links, linksOf(group, path));
    for (const Link &link : links) {
        const std::string member = (path == "/" ? path : path + "/") + link.name;
        if (isSkipped(member))
            continue;
        if (!link.isHard) {
            QL_CHECK(add(wire::ObjectKind::Link, member));
            continue;
        }
        if (const auto added = addMember(group, member, depth + 1); !added)
            return added;
    }
    return {};
}

Result<void> Walk::addMember(hid_t group, const std::string &path, int depth)
{
    const std::string name = path.substr(path.rfind('/') + 1);
    const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object)
        return broken(path);
    switch (H5Iget_type(object)) {
    case H5I_GROUP: return addGroup(object, path, depth);
    case H5I_DATASET: return addArray(object, path);
    default: return {}; // a named type is nothing to read
    }
}

Result<void> Walk::addArray(hid_t dataset, const std::string &path)
{
    QL_TRY(WalkedObject *const object, add(wire::ObjectKind::Array, path));
    QL_TRY(object->array, readArrayHead(dataset, path));
    QL_TRY(object->attributes, readAttributes(dataset, path, m_textBytesLeft));
    if (!m_request.hasElements || !isWanted(path))
        return {};
    const auto bytes = byteCount(object->array, m_elementBytesLeft);
    if (!bytes)
        return unsafe(path, "at most " + std::to_string(m_request.maxElementBytes) + " bytes of elements from a file of " + std::to_string(m_request.imageBytes), "more");
    object->elementBytes = *bytes;
    m_elementBytesLeft -= *bytes;
    return {};
}

Result<WalkedObject *> Walk::add(wire::ObjectKind kind, const std::string &path)
{
    if (m_objects.size() >= wire::kMaxObjects)
        return unsafe(path, "at most 100000 objects", "more");
    if (!takeText(m_textBytesLeft, path.size() + 320)) // 320: what else an object takes on the wire
        return unsafe(path, "names of a model", "more text than a model has");
    m_objects.push_back({.kind = kind, .path = path, .attributes = {}, .array = {}});
    return &m_objects.back();
}

bool Walk::isWanted(const std::string &path) const
{
    return m_request.only.empty() || std::ranges::find(m_request.only, path) != m_request.only.end();
}

bool Walk::isSkipped(const std::string &path) const
{
    return std::ranges::any_of(m_request.without, [&](const std::string &group) { return path == "/" + group; });
}

} // namespace quantloupe
