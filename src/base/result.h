// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <tl/expected.hpp>

namespace quantloupe {

/// What can fail by input returns a Result; what can fail only by our own bug is an assert.
template <typename T> using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, ErrorFacts facts = {})
{
    return tl::unexpected<Error>(Error{code, std::move(facts)});
}
inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace quantloupe

#define QL_CONCAT_INNER(a, b) a##b
#define QL_CONCAT(a, b) QL_CONCAT_INNER(a, b)
/// QL_TRY(auto x, f()) declares x from a Result or returns its error.
#define QL_TRY(declaration, expression)                                                                                \
    auto QL_CONCAT(qlResult, __LINE__) = (expression);                                                                 \
    if (!QL_CONCAT(qlResult, __LINE__))                                                                                \
        return ::tl::unexpected(std::move(QL_CONCAT(qlResult, __LINE__)).error());                                     \
    declaration = std::move(*QL_CONCAT(qlResult, __LINE__))
/// QL_CHECK(f()) returns the error of a Result<void>.
#define QL_CHECK(expression)                                                                                           \
    if (auto qlChecked = (expression); !qlChecked)                                                                     \
    return ::tl::unexpected(std::move(qlChecked).error())
