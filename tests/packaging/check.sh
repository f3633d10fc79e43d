# Shared by the tests of this folder; sourced.
# shellcheck shell=bash
set -euo pipefail

failures=0
pass() { printf 'ok: %s\n' "$1"; }
flunk() {
    printf 'FAILED: %s\n' "$1"
    failures=$((failures + 1))
}
# equals WHAT EXPECTED GOT
equals() { if [ "$2" = "$3" ]; then pass "$1: $3"; else flunk "$1: expected '$2', got '$3'"; fi; }
# succeeds WHAT COMMAND...
succeeds() {
    local what=$1 output
    shift
    if output=$("$@" 2>&1); then pass "$what"; else flunk "$what: $output"; fi
}
finish() {
    [ "$failures" -eq 0 ] || { printf '%d failed\n' "$failures"; exit 1; }
    exit 0
}
# need PROGRAM... : ctest shows the test as skipped (status 77) when one is not installed.
need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || { printf 'skipped: %s is not installed (packaging/packages.txt, section test)\n' "$program"; exit 77; }
    done
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Nothing of the user's own desktop settings is read or written.
export HOME=$scratch/home XDG_DATA_HOME=$scratch/home/data XDG_CONFIG_HOME=$scratch/home/config XDG_CACHE_HOME=$scratch/home/cache
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
unset DISPLAY WAYLAND_DISPLAY
