// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "style/icons.h"

#include <QAbstractButton>

#include <optional>

namespace quantloupe::ui {

/// A figure worth a glance: its name, the figure large, a line of explanation. Where a click leads somewhere it is a
/// button, otherwise it only speaks.
class FigureTile : public QAbstractButton {
    Q_OBJECT
public:
    explicit FigureTile(const QString &objectName, QWidget *parent = nullptr);

    struct Content {
        QString name;
        QString value;
        QString detail;
        std::optional<Glyph> glyph = {}; ///< beside the value: never colour alone
        QColor color = {};               ///< of the glyph
        bool isLink = false;
    };
    void setContent(const Content &content);
    const Content &content() const { return m_content; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    Content m_content;
};

} // namespace quantloupe::ui
