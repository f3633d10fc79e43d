// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/tensor_study.h"

#include <nlohmann/json.hpp>
#include <string>

namespace quantloupe {

/// An element of the report's "details"; docs/report-json.md lists the fields.
nlohmann::ordered_json studyJson(const TensorStudy &study);

/// One line a channel with both errors: "channel,local_rmse,...". RFC 4180, CRLF.
std::string channelsCsv(const TensorStudy &study);
/// One line a channel of every weight: "input,name,channel,scale,zero_point,rmse,...".
std::string weightsCsv(const TensorStudy &study);

} // namespace quantloupe
