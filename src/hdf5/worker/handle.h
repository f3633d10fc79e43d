// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>
#include <utility>

namespace quantloupe {

/// An identifier of libhdf5 and the function that gives it back.
class Handle {
public:
    using Close = herr_t (*)(hid_t);

    Handle(hid_t id, Close close) : m_id(id), m_close(close) {}
    Handle(Handle &&other) noexcept : m_id(std::exchange(other.m_id, H5I_INVALID_HID)), m_close(other.m_close) {}
    Handle &operator=(Handle &&) = delete;
    ~Handle()
    {
        if (m_id >= 0)
            m_close(m_id);
    }

    explicit operator bool() const { return m_id >= 0; }
    operator hid_t() const { return m_id; }

private:
    hid_t m_id;
    Close m_close;
};

} // namespace quantloupe
