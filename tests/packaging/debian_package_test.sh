#!/bin/bash
# Makes the .deb and looks at what is in it.
#   debian_package_test.sh CPACK BUILD_DIR UI(ON|OFF)
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
cpack=$1 build=$2 ui=$3
need dpkg-deb dpkg-shlibdeps file

if [ "$ui" = ON ]; then package=quantloupe; else package=quantloupe-cli; fi
"$cpack" --config "$build/CPackConfig.cmake" -G DEB -B "$scratch" >"$scratch/log" 2>&1 || { cat "$scratch/log"; flunk "cpack"; finish; }
debs=("$scratch"/*.deb)
equals "number of packages" 1 "${#debs[@]}"
deb=${debs[0]}
equals "package name" "$package" "$(dpkg-deb -f "$deb" Package)"
equals "file name" "${package}_$(dpkg-deb -f "$deb" Version)_$(dpkg-deb -f "$deb" Architecture).deb" "$(basename "$deb")"

expected=$(sort <<END
usr/bin/quantloupe-cli
usr/libexec/quantloupe/quantloupe-h5
usr/share/doc/$package/changelog.Debian.gz
usr/share/doc/$package/changelog.gz
usr/share/doc/$package/copyright
usr/share/doc/$package/guide.md
usr/share/man/man1/quantloupe-cli.1.gz
usr/share/quantloupe/samples/spoken_digits_plain.mltk.zip
usr/share/quantloupe/samples/spoken_digits_plain_debug.npz
$([ "$ui" = OFF ] || cat <<UI
usr/bin/quantloupe
usr/share/applications/quantloupe.desktop
usr/share/icons/hicolor/scalable/apps/quantloupe.svg
usr/share/icons/hicolor/scalable/mimetypes/application-x-mltk-archive.svg
usr/share/man/man1/quantloupe.1.gz
usr/share/metainfo/org.quantloupe.quantloupe.metainfo.xml
usr/share/mime/packages/quantloupe.xml
UI
)
END
)
expected=$(sed '/^$/d' <<<"$expected")
got=$(dpkg-deb -c "$deb" | awk '$1 !~ /^d/ {print $6}' | sed 's/^\.\///' | sort)
if [ "$expected" = "$got" ]; then
    pass "contents: $(wc -l <<<"$got") files"
else
    flunk "contents ('<' expected, '>' got): $(diff <(echo "$expected") <(echo "$got") || true)"
fi
if dpkg-deb -c "$deb" | awk '{print $2}' | grep -qv '^root/root$'; then flunk "files that are not root's"; else pass "all files are root's"; fi

depends=$(dpkg-deb -f "$deb" Depends)
for library in libc6 libstdc++6 libzip4 libhdf5-103 libseccomp2; do
    if grep -q "\b$library\b" <<<"${depends//+/_}" || grep -qF "$library" <<<"$depends"; then pass "depends on $library"; else flunk "does not depend on $library: $depends"; fi
done
if [ "$ui" = ON ]; then
    if grep -q libqt6charts6 <<<"$depends"; then pass "depends on libqt6charts6"; else flunk "does not depend on libqt6charts6: $depends"; fi
elif grep -qi qt <<<"$depends"; then
    flunk "the command line depends on Qt: $depends"
else
    pass "no Qt"
fi

mkdir "$scratch/root"
dpkg-deb -x "$deb" "$scratch/root"
equals "the packaged command line runs" "$("$build/bin/quantloupe-cli" --version)" "$("$scratch/root/usr/bin/quantloupe-cli" --version)"
if command -v man >/dev/null; then
    for page in "$scratch"/root/usr/share/man/man1/*.gz; do
        equals "warnings in $(basename "$page")" '' "$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
    done
fi
# This closes no bug of Debian's because it is not in Debian.
if command -v lintian >/dev/null; then
    equals "lintian" '' "$(lintian --allow-root --suppress-tags initial-upload-closes-no-bugs --fail-on none "$deb" 2>&1 | grep '^[EW]:' || true)"
fi
finish
