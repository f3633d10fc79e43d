// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/interpreter.h"

namespace quantloupe {

Interpreter::Interpreter(std::shared_ptr<const PreparedModel> model, std::vector<TensorLife> lives)
    : m_model(std::move(model)), m_main(m_model->plan(), std::move(lives)), m_control(m_model->subgraphs())
{
}

Result<void> Interpreter::invoke(std::size_t batch, OperatorObserver *observer, std::stop_token stop)
{
    start(stop);
    if (auto done = m_main.invoke(batch, {.surroundings = m_control.surroundings(), .observer = observer, .internals = m_internals, .stop = stop}); !done)
        return fail(done.error().inFile(m_model->model().file));
    return {};
}

void Interpreter::start(std::stop_token stop)
{
    m_stop = stop;
    m_control.begin(stop);
}

Result<void> Interpreter::invoke(OperatorIndex op, SampleRange samples)
{
    if (auto done = m_main.invoke(op, samples, {.surroundings = m_control.surroundings(), .internals = m_internals, .stop = m_stop}); !done)
        return fail(done.error().inFile(m_model->model().file));
    return {};
}

void Interpreter::resetState()
{
    m_main.resetState();
    m_control.resetState();
}

} // namespace quantloupe
