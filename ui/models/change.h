// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

namespace quantloupe::ui {

/// Something the user changed in what is shown, with the way back. It has happened already.
struct Change {
    QString text; ///< "hide column rmse"
    std::function<void()> undo;
    std::function<void()> redo;
};

} // namespace quantloupe::ui
