#!/usr/bin/env bash
# What somebody does who has taxond installed and not its sources: builds a plugin with the command
# that the documentation gives, from the text that the README gives, against an installation in a
# temporary folder; and loads it.
#
#   outside_author.sh BUILD_ROOT SOURCE_ROOT
set -euo pipefail
build_root=$1
source_root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

meson install -C "$build_root" --no-rebuild --tags devel --destdir "$work/installed" \
    >"$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
pc=$(find "$work/installed" -name taxon.pc)
[ -n "$pc" ] || { echo "taxon.pc was not installed" >&2; exit 1; }
# The folder stands in for /; with a prefix of /usr, its include folder would be left out as known.
export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$work/installed
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1

cat >"$work/load.c" <<'C'
#include <taxon/plugin.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const struct taxon_descriptor *(*entry)(void);
    void *object = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *symbol = object == NULL ? NULL : dlsym(object, "taxon_plugin_v1");

    if (symbol == NULL) {
        const char *why = dlerror();
        fprintf(stderr, "%s\n", why == NULL ? "usage: load PLUGIN NAME" : why);
        return 1;
    }
    memcpy(&entry, &symbol, sizeof symbol);
    const struct taxon_descriptor *descriptor = entry();
    printf("%s %s: %s\n", descriptor->name, descriptor->version, descriptor->summary);
    return descriptor->struct_size != sizeof *descriptor || descriptor->classify == NULL ||
           descriptor->kind != TAXON_KIND_CLASSIFIER || strcmp(descriptor->name, argv[2]) != 0;
}
C
cc $(pkg-config --cflags taxon) "$work/load.c" -o "$work/load" -ldl

try() { # NAME: builds $work/NAME.c as documented, loads it, looks at what it exports
    local name=$1 exported
    (cd "$work" && cc $(pkg-config --cflags taxon) -shared -fPIC -o "$name.so" "$name.c")
    "$work/load" "$work/$name.so" "$name"
    exported=$(nm -D --defined-only "$work/$name.so" | awk '{print $3}')
    if [ "$exported" != taxon_plugin_v1 ]; then
        echo "$name exports more than the one symbol: $exported" >&2
        exit 1
    fi
}

cp "$source_root/plugins/template/template.c" "$work/template.c"
try template

readme=$source_root/README.md
if [ ! -f "$readme" ]; then
    echo "no README.md: its plugin is left out"
    exit 0
fi
# The block of C that includes taxon/easy.h.
awk '/^```c$/ {inside = 1; block = ""; next}
     /^```$/ {if (inside && block ~ /taxon\/easy.h/) {printf "%s", block; exit} inside = 0}
     inside {block = block $0 "\n"}' "$readme" >"$work/readme.c"
[ -s "$work/readme.c" ] || { echo "README.md shows no plugin" >&2; exit 1; }
if [ "$(grep -c . "$work/readme.c")" -gt 6 ]; then
    echo "the plugin in README.md has more than six lines" >&2
    exit 1
fi
name=$(sed -n 's/^TAXON_CLASSIFIER(\([a-z0-9_]*\),.*/\1/p' "$work/readme.c")
mv "$work/readme.c" "$work/$name.c"
if [ "$name" != template ]; then
    try "$name"
fi
# People copy the one or the other: but for the name they are the same.
sed "s/\\b$name\\b/NAME/g" "$work/$name.c" >"$work/from-readme"
sed "s/\\btemplate\\b/NAME/g" "$source_root/plugins/template/template.c" >"$work/from-template"
diff "$work/from-template" "$work/from-readme"
