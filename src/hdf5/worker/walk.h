// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "hdf5/wire.h"
#include "hdf5/worker/attributes.h"
#include "hdf5/worker/elements.h"

#include <set>
#include <string>
#include <vector>

namespace quantloupe {

struct WalkedObject {
    wire::ObjectKind kind = wire::ObjectKind::Group;
    std::string path;
    std::vector<ReadAttribute> attributes;
    ArrayHead array;
    std::uint64_t elementBytes = 0; ///< that are to be read; 0 for none
};

/// Lists what a file holds, depth first, names in order, along hard links. A group that leads back into one above it is
/// not entered again.
class Walk {
public:
    Walk(hid_t file, const wire::Request &request) : m_file(file), m_request(request), m_elementBytesLeft(request.maxElementBytes) {}

    Result<std::vector<WalkedObject>> run();

private:
    Result<void> addGroup(hid_t group, const std::string &path, int depth);
    Result<void> addMembers(hid_t group, const std::string &path, int depth);
    Result<void> addMember(hid_t group, const std::string &path, int depth);
    Result<void> addArray(hid_t dataset, const std::string &path);
    Result<WalkedObject *> add(wire::ObjectKind kind, const std::string &path);
    bool isWanted(const std::string &path) const;
    bool isSkipped(const std::string &path) const;

    hid_t m_file;
    const wire::Request &m_request;
    std::vector<WalkedObject> m_objects;
    std::set<haddr_t> m_groups; ///< by their address: those that were entered
    std::uint64_t m_textBytesLeft = wire::kMaxTextBytes;
    std::uint64_t m_elementBytesLeft;
};

} // namespace quantloupe
