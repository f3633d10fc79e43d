// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/chart_program.h"

#include "report/export.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char **environ;

namespace quantloupe {
namespace {

std::filesystem::path desktopApp()
{
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return self.parent_path() / "quantloupe";
}

/// Runs a program without a display and returns its exit code, -1 when it could not be started or was ended by a signal.
int runOffscreen(const std::vector<std::string> &arguments)
{
    std::vector<char *> argv;
    for (const std::string &argument : arguments)
        argv.push_back(const_cast<char *>(argument.c_str()));
    argv.push_back(nullptr);
    std::string platform = "QT_QPA_PLATFORM=offscreen";
    std::vector<char *> environment{platform.data()};
    for (char **entry = environ; *entry; ++entry)
        if (std::string_view(*entry).substr(0, 16) != "QT_QPA_PLATFORM=")
            environment.push_back(*entry);
    environment.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawn(&child, argv.front(), nullptr, nullptr, argv.data(), environment.data()) != 0)
        return -1;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

Result<void> writeCharts(const Report &report, const std::filesystem::path &folder)
{
    const auto app = desktopApp();
    if (access(app.c_str(), X_OK) != 0)
        return fail(ErrorCode::FeatureUnsupported, {.file = folder.string(), .expected = "the desktop app, which draws the charts, beside quantloupe-cli", .got = "no " + app.string()});
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::FileNotWritable, {.file = folder.string(), .got = error.message()});
    const auto json = folder / fmt::format(".report-{}.json", getpid());
    QL_CHECK(writeWhole(json, findExporter("json")->text(report, ErrorKind::Local)));
    const int code = runOffscreen({app.string(), "--charts-from", json.string(), "--png", folder.string()});
    std::filesystem::remove(json, error);
    if (code != 0)
        return fail(ErrorCode::FileNotWritable, {.file = folder.string(), .expected = "charts from " + app.string(), .got = fmt::format("its exit code {}", code)});
    return {};
}

} // namespace quantloupe
