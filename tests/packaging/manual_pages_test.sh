#!/bin/bash
# Every option that a program's --help names stands in its manual page.
#   manual_pages_test.sh SOURCE_DIR BIN_DIR
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
source_dir=$1 bin=$2
export QT_QPA_PLATFORM=offscreen

# options COMMAND... : the long options in the first column of its help.
options() { "$@" --help | sed -nE 's/^ +(-[a-z], ?)?(--[a-z-]+).*/\2/p' | sort -u; }

page() { sed 's/\\-/-/g' "$source_dir/packaging/man/$1.1"; }

compare() {
    local name=$1 option
    shift
    while IFS= read -r option; do
        if grep -qE -- "$option(\$|[^a-z-])" < <(page "$name"); then pass "$* $option"; else flunk "$* $option is not in $name.1"; fi
    done < <(options "$@")
}

for command in inspect run report evaluate compare list; do
    compare quantloupe-cli "$bin/quantloupe-cli" "$command"
done
if [ -x "$bin/quantloupe" ]; then
    compare quantloupe "$bin/quantloupe"
fi
finish
