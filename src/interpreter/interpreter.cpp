// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/interpreter.h"

namespace quantloupe {

Interpreter::Interpreter(std::shared_ptr<const PreparedModel> model) : m_model(std::move(model)), m_main(m_model->plan()), m_control(m_model->subgraphs()) {}

Result<void> Interpreter::invoke(std::size_t batch, OperatorObserver *observer, std::stop_token stop)
{
    m_control.begin(stop);
    if (auto done = m_main.invoke(batch, {.surroundings = m_control.surroundings(), .observer = observer, .internals = m_internals, .stop = stop}); !done)
        return fail(done.error().inFile(m_model->model().file));
    return {};
}

void Interpreter::resetState()
{
    m_main.resetState();
    m_control.resetState();
}

} // namespace quantloupe
