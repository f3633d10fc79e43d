// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/shape.h"
#include "graph/feedback.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// Debug samples in real values, one array per model input, leading axis = samples. Reading is thread-safe.
class Dataset {
public:
    virtual ~Dataset() = default;

    virtual std::size_t sampleCount() const = 0;
    virtual std::size_t inputCount() const = 0;
    /// Elements of one sample of an input.
    virtual std::size_t elementCount(std::size_t input) const = 0;
    /// Writes one sample as float32; `out` has elementCount(input) elements.
    virtual Result<void> read(std::size_t sample, std::size_t input, std::span<float> out) const = 0;
    /// Time steps of every sample; 1 without feedback.
    virtual std::size_t stepCount() const { return 1; }
    /// False for a fed input whose state starts at 0.
    virtual bool hasInput(std::size_t) const { return true; }
    /// One time step of a sample; of a fed input the state that its sequence starts with, whatever the step.
    virtual Result<void> readStep(std::size_t sample, std::size_t, std::size_t input, std::span<float> out) const { return read(sample, input, out); }
    /// One class per sample; empty where the dataset has none.
    virtual std::span<const std::int64_t> labels() const { return {}; }
    /// For the report: "spoken_digits_debug.npz, 100 samples", "random, seed 1".
    virtual std::string description() const = 0;
};

/// Opens a debug dataset for the given model inputs. `spec` is a path (.npz or .h5 with `x` or the inputs' names,
/// and `y`; .npy; .h5 of one array) or "random:N[:SEED]" for N samples of standard normal values. Shapes are checked against `graph`'s inputs:
/// each sample has the input's shape, with or without its batch axis of 1. With feedback each sample is a sequence: its
/// time steps are one axis more (random data has kRandomSteps), and fed inputs need no data.
Result<std::shared_ptr<const Dataset>> openDataset(const std::string &spec, const Subgraph &graph, const Feedback &feedback = {});
inline constexpr std::size_t kRandomSteps = 32;

/// For what looks at each sample's one run: fails with DatasetMismatch where samples are sequences.
Result<void> requireSingleSteps(const Dataset &dataset);

/// For a file whose name is one of both: true for HDF5 without the marks of a Keras model. By content, nothing is opened.
bool holdsSamples(const std::filesystem::path &path);

/// File name patterns of what openDataset reads ("*.npz", ...), for dialogs and `list formats`.
std::span<const std::string_view> datasetPatterns();

} // namespace quantloupe
