// SPDX-License-Identifier: GPL-3.0-or-later
#include "hdf5/worker/library.h"

namespace quantloupe {

bool quietLibrary()
{
    return H5open() >= 0 && H5PLset_loading_state(0) >= 0 && H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
}

tl::unexpected<Error> broken(const std::string &path)
{
    std::string reason;
    const auto takeFirst = [](unsigned number, const H5E_error2_t *error, void *reasonText) -> herr_t {
        if (number == 0 && error->desc)
            *static_cast<std::string *>(reasonText) = error->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, takeFirst, &reason); // upward: the most specific one is the first
    return fail(ErrorCode::ModelDamaged, {.place = path, .got = reason.empty() ? "nothing that can be read" : reason});
}

tl::unexpected<Error> unsafe(const std::string &path, std::string expected, std::string got)
{
    return fail(ErrorCode::FileNotReadable, {.place = path, .expected = std::move(expected), .got = std::move(got)});
}

} // namespace quantloupe
