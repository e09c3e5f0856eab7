#!/usr/bin/env bash
# Each public header compiles alone, as C99 and as C++, with nothing before it; and so does the
# template plugin, as an author of either language would write it.
#
#   headers_alone.sh SOURCE_ROOT
set -euo pipefail
source_root=$1
include=$source_root/include
strict=(-I"$include" -pedantic -Wall -Wextra -Werror -fsyntax-only)
count=0

compile() { # COMPILER STANDARD LANGUAGE, the code on standard input
    if ! "$1" -std="$2" -x "$3" "${strict[@]}" -; then
        echo "does not compile as $2" >&2
        exit 1
    fi
    count=$((count + 1))
}

have_cxx=yes
if ! command -v "${CXX:-c++}" >/dev/null; then
    have_cxx=no
    echo "no C++ compiler (package g++): the C++ half is left out"
fi

for header in "$include"/taxon/*.h; do
    line="#include <taxon/$(basename "$header")>"
    # Twice: a header may be included again.
    compile "${CC:-cc}" c99 c <<<"$line"$'\n'"$line"
    if [ $have_cxx = yes ]; then
        compile "${CXX:-c++}" c++17 c++ <<<"$line"$'\n'"$line"
    fi
done
template=$source_root/plugins/template/template.c
compile "${CC:-cc}" c99 c <"$template"
if [ $have_cxx = yes ]; then
    compile "${CXX:-c++}" c++11 c++ <"$template"
    compile "${CXX:-c++}" c++17 c++ <"$template"
fi
[ $count -ge 8 ] # seven headers and the template, or nothing was found
echo "$count compilations"
