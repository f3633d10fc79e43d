// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/contents_page.h"

#include "style/icons.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QHeaderView>

namespace quantloupe::ui {
namespace {

Glyph glyphOf(const std::string &role)
{
    if (role.find("model") != std::string::npos)
        return Glyph::Model;
    return role.find("report") != std::string::npos ? Glyph::Table : Glyph::File;
}

QTreeWidgetItem *addItem(QTreeWidgetItem *parent, const QString &name, const QString &value, Glyph glyph)
{
    auto *item = new QTreeWidgetItem(parent, {name, value});
    item->setIcon(0, icon(glyph));
    item->setToolTip(0, plainToolTip(name));
    item->setToolTip(1, plainToolTip(value));
    return item;
}

/// "/folder/archive.mltk.zip:folder/entry.tflite" is an entry, and then only its own name counts.
QString entryName(const std::string &file)
{
    return plainText(file).section(QLatin1Char('/'), -1).section(QLatin1Char(':'), -1);
}

void addFact(QTreeWidgetItem *parent, const QString &name, const QString &value)
{
    auto *item = new QTreeWidgetItem(parent, {name, value});
    item->setToolTip(0, plainToolTip(name));
    item->setToolTip(1, plainToolTip(value));
}

QString tensorText(const Subgraph &graph, TensorIndex index)
{
    const Tensor &tensor = graph.tensor(index);
    QString text = QStringLiteral("%1 %2").arg(plainText(name(tensor.type)), QString::fromStdString(tensor.shape.text()));
    if (tensor.quant.isQuantized())
        text += QStringLiteral(", %1 · (q − %2)").arg(figureText(static_cast<double>(tensor.quant.scale()))).arg(tensor.quant.zeroPoint());
    return text;
}

} // namespace

ContentsPage::ContentsPage(const Session &session, QWidget *parent) : QTreeWidget(parent), m_session(session)
{
    setObjectName(QStringLiteral("contents"));
    setAccessibleName(tr("Contents of what was opened"));
    setColumnCount(2);
    setHeaderLabels({tr("Name"), tr("What it is")});
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(14);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(220);
    connect(&session, &Session::subjectChanged, this, &ContentsPage::refresh);
    connect(&session, &Session::tableChanged, this, &ContentsPage::refresh);
    refresh();
}

QTreeWidgetItem *ContentsPage::addSection(const QString &title, int count)
{
    auto *section = new QTreeWidgetItem(this, {title, count > 0 ? countText(count) : QString()});
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    section->setFont(0, bold);
    section->setExpanded(true);
    return section;
}

void ContentsPage::addModel(QTreeWidgetItem *section, const QString &role, const Model &model)
{
    const QString kind = plainText(name(kindOf(model)));
    auto *item = addItem(section, role, tr("%1, %2").arg(kind, bytesText(model.fileSize)), Glyph::Model);
    const Subgraph &graph = model.main();
    addFact(item, tr("File"), entryName(model.file));
    addFact(item, tr("Operators"), countText(static_cast<double>(graph.operators.size())));
    addFact(item, tr("Tensors"), countText(static_cast<double>(graph.tensors.size())));
    for (const TensorIndex input : graph.inputs)
        addFact(item, tr("Input"), tensorText(graph, input));
    for (const TensorIndex output : graph.outputs)
        addFact(item, tr("Output"), tensorText(graph, output));
    if (!model.description.empty())
        addFact(item, tr("Description"), plainText(model.description));
}

void ContentsPage::refresh()
{
    clear();
    const auto &subject = m_session.subject();
    if (!subject)
        return;
    auto *models = addSection(tr("Models"), (subject->quantizedModel ? 1 : 0) + (subject->floatModel ? 1 : 0));
    if (subject->quantizedModel)
        addModel(models, tr("Quantized"), *subject->quantizedModel);
    if (subject->floatModel)
        addModel(models, tr("Float"), *subject->floatModel);
    if (subject->archivedReport) {
        auto *report = addSection(tr("Report"), 0);
        addItem(report, entryName(subject->archivedReport->file), tr("rows: %1").arg(countText(static_cast<double>(subject->archivedReport->rowCount()))), Glyph::Table);
    }
    if (!subject->entries.empty()) {
        auto *files = addSection(tr("Files"), static_cast<int>(subject->entries.size()));
        for (const SubjectEntry &entry : subject->entries)
            addItem(files, plainText(entry.name), plainText(entry.role), glyphOf(entry.role))->setToolTip(0, plainToolTip(tr("%1\n%2").arg(plainText(entry.name), bytesText(entry.bytes))));
    }
    if (!subject->parameters.empty()) {
        auto *parameters = addSection(tr("Parameters"), static_cast<int>(subject->parameters.size()));
        for (const Parameter &parameter : subject->parameters)
            addItem(parameters, plainText(parameter.name), plainText(parameter.text()), Glyph::Parameter);
    }
    sizeColumns();
}

/// Names whole as far as what they are keeps a third of the room.
void ContentsPage::sizeColumns()
{
    header()->resizeSection(0, std::min(sizeHintForColumn(0) + 6, viewport()->width() * 2 / 3));
}

void ContentsPage::resizeEvent(QResizeEvent *event)
{
    QTreeWidget::resizeEvent(event);
    sizeColumns();
}

} // namespace quantloupe::ui
