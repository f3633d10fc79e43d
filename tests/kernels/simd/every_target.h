// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace quantloupe::test {

/// Runs `body` once on every instruction set that this machine has, from the widest down; the trace says which.
inline void onEveryTarget(const std::function<void()> &body)
{
    const std::int64_t all = hwy::SupportedTargets();
    for (std::int64_t left = all; left != 0; left &= left - 1) { // the widest has the lowest bit
        hwy::SetSupportedTargetsForTest(left);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        SCOPED_TRACE(hwy::TargetName(left & -left));
        body();
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

} // namespace quantloupe::test
