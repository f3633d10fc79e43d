#!/bin/bash
# Opens an archive as a double-click does, through xdg-open with only what was installed, and waits for the window that shows it.
#   double_click_test.sh CMAKE BUILD_DIR SAMPLE
if [ -z "${INSIDE_XVFB:-}" ] && command -v xvfb-run >/dev/null && command -v xauth >/dev/null; then
    INSIDE_XVFB=1 exec xvfb-run -a -s '-screen 0 1280x900x24' bash "${BASH_SOURCE[0]}" "$@"
fi
display=${DISPLAY:-}
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
cmake=$1 build=$2 sample=$3
need xvfb-run xauth xdotool xdg-open update-mime-database update-desktop-database mimetype

prefix=$scratch/prefix
"$cmake" --install "$build" --prefix "$prefix" >/dev/null
mkdir -m 700 "$scratch/runtime"
export XDG_DATA_DIRS=$prefix/share:/usr/share PATH=$prefix/bin:$PATH DISPLAY=$display XDG_RUNTIME_DIR=$scratch/runtime QT_QPA_PLATFORM=xcb
unset XDG_CURRENT_DESKTOP BROWSER
update-mime-database "$prefix/share/mime"
update-desktop-database "$prefix/share/applications"

file="$scratch/double click é.mltk.zip"
cp "$sample" "$file"
# Without a desktop environment xdg-open stays until the program ends.
xdg-open "$file" >"$scratch/output" 2>&1 &
opener=$!
window=
for _ in $(seq 150); do
    window=$(xdotool search --onlyvisible --name 'double click' 2>/dev/null | head -n 1) && [ -n "$window" ] && break
    kill -0 "$opener" 2>/dev/null || break
    sleep 0.1
done
if [ -z "$window" ]; then
    flunk "no window shows the archive: $(cat "$scratch/output")"
    kill "$opener" 2>/dev/null || true
    finish
fi
pass "a window shows the archive: $(xdotool getwindowname "$window")"
process=$(xdotool getwindowpid "$window")
equals "the program that was started" "$(realpath "$prefix/bin/quantloupe")" "$(realpath "/proc/$process/exe")"
equals "its only argument is the file" "$file" "$(tr '\0' '\n' <"/proc/$process/cmdline" | sed 1d)"
kill "$process"
wait "$opener" || true
finish
