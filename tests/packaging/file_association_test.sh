#!/bin/bash
# Installs into a temporary prefix and asks the desktop's own tools which program opens a .mltk.zip.
#   file_association_test.sh CMAKE BUILD_DIR SAMPLE
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
cmake=$1 build=$2 sample=$3
need update-mime-database update-desktop-database desktop-file-validate xdg-mime mimetype

prefix=$scratch/prefix
"$cmake" --install "$build" --prefix "$prefix" >/dev/null
applications=$prefix/share/applications
succeeds "the desktop file is valid" desktop-file-validate "$applications/quantloupe.desktop"
export XDG_DATA_DIRS=$prefix/share:/usr/share PATH=$prefix/bin:$PATH
succeeds "the MIME database takes the new types" update-mime-database "$prefix/share/mime"
succeeds "the desktop database takes the new program" update-desktop-database "$applications"

plain="$scratch/plain.zip"
cp "$sample" "$plain"
printf '\0\0\0\0TFL3\0\0\0\0' >"$scratch/model.tflite"
printf '\0\0\0\0TFL3\0\0\0\0' >"$scratch/no_suffix"
cp "$sample" "$scratch/model.keras"
printf '\211HDF\r\n\032\n' >"$scratch/model.h5"
names=("spoken.mltk.zip" "with space é.mltk.zip" "UPPER.MLTK.ZIP" "two.dots.mltk.zip")
for name in "${names[@]}"; do
    cp "$sample" "$scratch/$name"
done

# Bare X session (File::MimeInfo answers), then a desktop (GIO answers).
for desktop in '' GNOME; do
    [ -z "$desktop" ] || command -v gio >/dev/null || { printf 'left out: no gio\n'; continue; }
    export XDG_CURRENT_DESKTOP=$desktop
    for name in "${names[@]}"; do
        equals "filetype of '$name' (${desktop:-no desktop})" application/x-mltk-archive "$(xdg-mime query filetype "$scratch/$name")"
    done
    equals "filetype of a plain zip (${desktop:-no desktop})" application/zip "$(xdg-mime query filetype "$plain")"
    equals "filetype of a .tflite (${desktop:-no desktop})" application/x-tflite "$(xdg-mime query filetype "$scratch/model.tflite")"
    equals "filetype by content (${desktop:-no desktop})" application/x-tflite "$(xdg-mime query filetype "$scratch/no_suffix")"
    equals "filetype of a .keras (${desktop:-no desktop})" application/x-keras "$(xdg-mime query filetype "$scratch/model.keras")"
    hdf=$(xdg-mime query filetype "$scratch/model.h5")
    equals "program for a .keras (${desktop:-no desktop})" quantloupe.desktop "$(xdg-mime query default application/x-keras)"
    equals "program for a .h5 (${desktop:-no desktop})" quantloupe.desktop "$(xdg-mime query default "$hdf")"
    equals "program for an archive (${desktop:-no desktop})" quantloupe.desktop "$(xdg-mime query default application/x-mltk-archive)"
    equals "program for a .tflite (${desktop:-no desktop})" quantloupe.desktop "$(xdg-mime query default application/x-tflite)"
    if [ "$(xdg-mime query default application/zip)" = quantloupe.desktop ]; then flunk "plain zip files would open in Quantloupe"; else pass "plain zip files are left alone"; fi
done

exec_line=$(sed -n 's/^Exec=//p' "$applications/quantloupe.desktop")
equals "what the desktop file starts takes several files" "quantloupe %F" "$exec_line"
succeeds "the program is installed" test -x "$prefix/bin/${exec_line%% *}"
succeeds "the program's icon is installed" test -s "$prefix/share/icons/hicolor/scalable/apps/$(sed -n 's/^Icon=//p' "$applications/quantloupe.desktop").svg"
succeeds "the file type's icon is installed" test -s "$prefix/share/icons/hicolor/scalable/mimetypes/application-x-mltk-archive.svg"

metainfo=$(echo "$prefix"/share/metainfo/*.metainfo.xml)
launchable=$(sed -n 's/.*<launchable type="desktop-id">\(.*\)<\/launchable>.*/\1/p' "$metainfo")
succeeds "the launchable $launchable is an installed desktop file" test -f "$applications/$launchable"
equals "the metainfo file is named by its id" "$(basename "$metainfo" .metainfo.xml)" "$(sed -n 's/.*<id>\(.*\)<\/id>.*/\1/p' "$metainfo")"
if command -v appstreamcli >/dev/null; then
    succeeds "the metainfo is valid" appstreamcli validate --no-net "$metainfo"
fi
finish
