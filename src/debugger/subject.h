// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "formats/report_csv.h"
#include "formats/sl_params.h"
#include "graph/model.h"
#include "pairing/pairing.h"
#include "report/archived_evaluation.h"
#include "report/finding.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// One thing that lies in the opened archive.
struct SubjectEntry {
    std::string name;
    std::uint64_t bytes = 0;
    std::string role; ///< "quantized model", "float model", "dynamic-range model", "Keras model", "quantization report", "other"
};

/// What was opened: everything that is known without running anything.
struct Subject {
    std::string path; ///< as given; of a pair the quantized model's
    std::string name; ///< for titles: "spoken_digits"
    std::vector<SubjectEntry> entries;
    std::shared_ptr<const Model> floatModel;          ///< null when there is none that can be run
    std::shared_ptr<const Pairing> pairing;           ///< known where the float side was made to fit (a Keras model); else null
    std::shared_ptr<const Model> quantizedModel;      ///< null when only a report was opened
    std::vector<Parameter> parameters;                ///< SL_PARAMSv1 of the quantized model
    std::shared_ptr<const ReportTable> archivedReport; ///< the archive's own quantization_report.csv
    std::optional<Error> floatFailure;                ///< why the float side that is there cannot be used
    std::vector<ArchivedEvaluation> evaluations;      ///< the archive's own eval-results.json
    std::vector<Finding> findings;                    ///< what can be said without a run

    /// Why a comparison cannot run, or nothing when it can.
    std::optional<Error> whyNotComparable() const;
};

/// Opens one .mltk.zip, one .tflite, one quantization_report.csv, or a float + quantized pair in any order (told apart
/// by content). Fails when nothing usable is inside.
Result<Subject> openSubject(std::span<const std::filesystem::path> paths);

/// File name patterns for dialogs and `list formats`: "*.mltk.zip", "*.tflite", ...
std::span<const std::string_view> subjectPatterns();

} // namespace quantloupe
