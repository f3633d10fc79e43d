// SPDX-License-Identifier: GPL-3.0-or-later
//
// Graphs of several operators against the references, on every tensor: random ones, and what the converter makes of Keras
// models.
#include "support/golden.h"

#include <gtest/gtest.h>

QL_GOLDEN_TESTS(graphs_convnet)
QL_GOLDEN_TESTS(graphs_converted)
QL_GOLDEN_TESTS(graphs_elementwise)
QL_GOLDEN_TESTS(graphs_layernorm)
QL_GOLDEN_TESTS(graphs_lstm)
QL_GOLDEN_TESTS(graphs_unrolled_gru)
QL_GOLDEN_TESTS(graphs_unrolled_lstm)
QL_GOLDEN_TESTS(graphs_while)
