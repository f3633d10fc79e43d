// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "archive/zip_archive.h"
#include "debugger/subject.h"
#include "keras/keras_file.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// "spoken_digits" of "/a/spoken_digits.mltk.zip" and of "spoken_digits.float32.tflite".
std::string stemOf(const std::string &path);

/// Gathers what files and entries hold; finish() decides what is compared with what.
class Opening {
public:
    explicit Opening(Subject &subject) : m_subject(subject) {}

    Result<void> addFile(const std::filesystem::path &path);
    Result<void> finish();

private:
    using Models = std::vector<std::shared_ptr<const Model>>;

    void addEntry(std::string name, std::uint64_t bytes, std::string role) { m_subject.entries.push_back({std::move(name), bytes, std::move(role)}); }

    Result<void> addModel(const SharedBytes &bytes, const std::string &entry, const std::string &file);
    Result<void> addKeras(const SharedBytes &bytes, const std::string &entry, const std::string &file);
    Result<void> addReport(const SharedBytes &bytes, const std::string &entry, const std::string &file);
    Result<void> addArchive(const SharedBytes &bytes, const std::string &file);
    Result<void> addArchiveEntry(const ZipArchive &archive, const ZipEntry &entry);
    Result<void> addEvaluation(const SharedBytes &bytes, const std::string &entry, const std::string &file);
    /// One damaged entry does not take the others away.
    void noteFailure(const ZipEntry &entry, const Error &error);
    /// Several models of a kind: true floats stand before dynamic-range ones, then the one named like the archive; the
    /// others are noted.
    void choose(Models &models);
    /// The Keras model becomes the float side where no true float .tflite is.
    void useKeras();
    std::string whatIsThere() const;
    void addParameters();
    /// What the comparison would rest on.
    void addReferenceFinding();

    Subject &m_subject;
    Models m_quantized;
    Models m_floats; ///< dynamic-range ones too
    std::optional<Error> m_firstFailure;
    bool m_isArchive = false;
    struct KerasEntry {
        std::string file;
        SharedBytes bytes;
    };
    std::vector<KerasEntry> m_keras; ///< unread: a .h5 is read only when it is needed
};

} // namespace quantloupe
