#!/bin/bash
# packaging/lib.sh without touching the machine: apt-get, dpkg-query, sudo and id are stand-ins that record what is asked of them.
#   scripts_test.sh SOURCE_DIR
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
source_dir=$1
stand_ins=$scratch/stand_ins
mkdir "$stand_ins"

stand_in() {
    printf '#!/bin/bash\n%s\n' "$2" >"$stand_ins/$1"
    chmod +x "$stand_ins/$1"
}
# install INSTALLED UID SUDO(works|asks|none): the standard output and error of install_packages build; calls are in $scratch/calls
install() {
    : >"$scratch/calls"
    stand_in dpkg-query "case $1 in all) echo installed;; none) exit 1;; but-cmake) [ \"\${@: -1}\" = cmake ] && exit 1; echo installed;; esac"
    stand_in id "echo $2"
    stand_in apt-get "echo apt-get \"\$@\" >>'$scratch/calls'"
    rm -f "$stand_ins/sudo"
    case $3 in
        works) stand_in sudo 'while [[ $1 == -* ]]; do shift; done; exec "$@"' ;;
        asks) stand_in sudo 'exit 1' ;;
    esac
    local tool
    for tool in bash env head dirname mktemp rm tail cat true; do
        ln -sf "$(type -P "$tool")" "$stand_ins/$tool"
    done
    PATH=$stand_ins bash -c ". '$source_dir/packaging/lib.sh'; install_packages build" </dev/null 2>&1
}

output=$(install all 1000 none)
equals "nothing is missing: apt is not asked" '' "$(cat "$scratch/calls")"
succeeds "and that is said" grep -q 'are installed' <<<"$output"

install but-cmake 0 none >/dev/null
equals "root, one missing: updated, then installed" "apt-get update
apt-get install -y --no-install-recommends cmake" "$(sed 's/ -q -o [^ ]* -o [^ ]*//' "$scratch/calls")"

install but-cmake 1000 works >/dev/null
equals "sudo, one missing: the same" 2 "$(wc -l <"$scratch/calls")"

if output=$(install but-cmake 1000 none); then flunk "neither root nor sudo succeeded"; else pass "neither root nor sudo fails"; fi
succeeds "and says what to do" grep -q 'apt-get install --no-install-recommends cmake' <<<"$output"
equals "and asks nothing of apt" '' "$(cat "$scratch/calls")"

if output=$(install but-cmake 1000 asks); then flunk "sudo that wants a password succeeded"; else pass "sudo that wants a password fails without a terminal"; fi
succeeds "and says so" grep -q 'password' <<<"$output"

succeeds "each package is listed once" test -z "$(. "$source_dir/packaging/lib.sh" && packages build ui test | sort | uniq -d)"
succeeds "the list has three sections" test "$(grep -c '^\[' "$source_dir/packaging/packages.txt")" = 3
finish
