// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantloupe::bench {

/// What this machine can do at best, measured once: multiplications with accumulation per second on registers alone.
double floatPeak();   ///< of float32
double integerPeak(); ///< of int8 codes, by the widest exact instruction that the kernels use here
/// Bytes per second that memcpy reads and writes together, in the first-level cache.
double copyPeak();

} // namespace quantloupe::bench
