// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/session.h"

#include <QString>
#include <QVariant>

#include <vector>

namespace quantloupe::ui {

/// What a column of the tensor table holds.
enum class Column {
    Number,
    Operator,
    Tensor,
    Verdict,
    Metric,         ///< one per metric and kind of error
    ArchivedMetric, ///< the same row's figure in the archive's own report
    Elements,
    Type,
    Shape,
    Scale,
    ZeroPoint,
    OperatorIndex,
    TensorIndex,
    FloatTensor,
    PairedBy,
    Confidence,
    NotFinite,
    WhyNotCompared,
    JoinedTensor, ///< of a report that was read: the output of the open model's operator that a row is about
    JoinedBy,
    JoinConfidence,
    CsvText, ///< a column of a CSV report that is none of the above
};

struct ColumnSpec {
    Column column;
    int metric = -1;
    ErrorKind kind = ErrorKind::Local;
    int csvColumn = -1;
    bool operator==(const ColumnSpec &) const = default;
};

/// Every column of a report, the ones that are read first at the left.
std::vector<ColumnSpec> columnsOf(const ShownReport &report, ShownKinds kinds);

/// True for metrics that say something of the tensor and nothing of an error: they carry no kind.
bool isOfTensor(int metric);

/// A cell as it is compared and exported: a number (NaN for none) or a text.
QVariant cellValue(const ShownReport &report, int row, const ColumnSpec &spec);
/// The same cell as people read it.
QString cellText(const ShownReport &report, int row, const ColumnSpec &spec);
bool isNumeric(const ShownReport &report, const ColumnSpec &spec);

/// The name a filter expression knows the column by: "rmse/scale", "accumulated.rmse/scale", "op", "elements".
QString filterName(const ColumnSpec &spec, const ShownReport &report);

} // namespace quantloupe::ui
