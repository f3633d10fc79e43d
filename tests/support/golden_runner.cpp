// SPDX-License-Identifier: GPL-3.0-or-later
//
// golden_runner FILE...: judges golden containers, one line per container and profile; exit 1 when anything differs.
// tests/oracle/fuzz.py calls it on fresh cases.
#include "support/golden.h"

#include <fmt/format.h>

int main(int argc, char **argv)
{
    using namespace quantloupe;
    bool allEqual = true;
    for (int i = 1; i < argc; ++i) {
        const auto cases = golden::readContainer(argv[i]);
        if (!cases) {
            fmt::print(stderr, "{}\n", cases.error().message());
            return static_cast<int>(cases.error().exitCode());
        }
        for (const KernelProfile profile : {KernelProfile::Litert, KernelProfile::Tflite214, KernelProfile::Tflm}) {
            const golden::Verdict verdict = golden::judge(*cases, profile);
            fmt::print("{} {}: {} equal, {} different, {} refused by the reference\n", argv[i], name(profile), verdict.equal, verdict.different, verdict.refused);
            fmt::print("{}", verdict.text);
            allEqual &= verdict.different == 0;
        }
    }
    return allEqual ? 0 : 1;
}
