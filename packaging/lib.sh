# Shared by packaging/run and packaging/test; sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
started=$SECONDS

step() { printf '\n==> [%02d:%02d] %s\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# packages SECTION... : the names listed in those sections of packages.txt, one a line.
packages() {
    local wanted=" $* " section='' line
    while IFS= read -r line; do
        line=${line%%#*}
        line=${line//[[:space:]]/}
        case $line in
            '') ;;
            '['*']') section=${line:1:-1} ;;
            *) [[ $wanted != *" $section "* ]] || echo "$line" ;;
        esac
    done <"$root/packaging/packages.txt"
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]; }

# install_packages SECTION... : installs what is missing, and does not touch apt when nothing is.
install_packages() {
    step "Packages: $*"
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null \
        || fail "this is not a Debian system: dpkg and apt-get are not here" "Install what packaging/packages.txt names by other means, then use the presets (CONTRIBUTING.md)."
    local all=() missing=() name
    while IFS= read -r name; do
        all+=("$name")
        is_installed "$name" || missing+=("$name")
    done < <(packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        note "all ${#all[@]} are installed"
        return
    fi
    note "${#missing[@]} of ${#all[@]} are missing: ${missing[*]}"

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "packages are missing, and this is neither root nor is sudo here" "As root, run:" "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" "and start this again."
        as_root=(sudo)
        if [ ! -t 0 ]; then
            as_root=(sudo -n)
            sudo -n true 2>/dev/null || fail "packages are missing, and sudo asks for a password but there is no terminal to type it" "Run in a terminal:" "  sudo apt-get install --no-install-recommends ${missing[*]}"
        fi
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    local log=/dev/stdout
    if [ -z "${QUANTLOUPE_VERBOSE:-}" ]; then
        log=$(mktemp)
    fi
    note "apt-get update"
    "${apt[@]}" update </dev/null >"$log" 2>&1 || { [ "$log" = /dev/stdout ] || cat "$log" >&2; fail "apt-get update failed"; }
    note "apt-get install (some minutes on a fresh machine)"
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >"$log" 2>&1 || { [ "$log" = /dev/stdout ] || tail -n 40 "$log" >&2; fail "apt-get install failed"; }
    [ "$log" = /dev/stdout ] || rm -f "$log"
    note "installed"
}

# use_ccache : a cache shared by all presets and by clones in other folders, when ccache is there.
use_ccache() {
    command -v ccache >/dev/null || return 0
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    # The tests share a precompiled header: these two make it cacheable (ccache's manual, "Precompiled headers").
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
}

# build PRESET [OPTION...] [-- TARGET...] : configures with these options and builds everything or these targets.
build() {
    local preset=$1 options=() targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -eq 0 ] || targets=(--target "${@:2}")
    step "Configure and build: $preset"
    (
        cd "$root"
        cmake --preset "$preset" "${options[@]}" >"build/$preset-configure.log" 2>&1 || { cat "build/$preset-configure.log" >&2; exit 1; }
        cmake --build --preset "$preset" "${targets[@]}"
    ) || fail "the build of preset $preset failed"
}
