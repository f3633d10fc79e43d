// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/change.h"

#include <QUndoCommand>

namespace quantloupe::ui {

/// A change on the undo stack.
class ChangeCommand : public QUndoCommand {
public:
    explicit ChangeCommand(const Change &change) : QUndoCommand(change.text), m_change(change) {}

    void undo() override { m_change.undo(); }
    void redo() override
    {
        if (m_isDone)
            m_change.redo();
        m_isDone = true; // the stack redoes once when it is given a command
    }

private:
    Change m_change;
    bool m_isDone = false;
};

} // namespace quantloupe::ui
