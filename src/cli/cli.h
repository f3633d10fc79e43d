// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantloupe {

/// The whole of quantloupe-cli; main() only calls it. SIGINT cancels (exit code 130) and leaves no partial file.
int runCli(int argc, char **argv);

} // namespace quantloupe
