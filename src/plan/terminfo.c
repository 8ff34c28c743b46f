/* SPDX-License-Identifier: MIT */
/* The description of the user's terminal for terminfo(5). */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* Returns true if images that have terminfo at all have this entry: Debian's package
 * ncurses-base, which every Debian has, and its counterparts. */
static bool is_common(const char *name)
{
    static const char *const names[] = {
        "ansi",        "dumb",           "linux",
        "rxvt",        "rxvt-unicode",   "rxvt-unicode-256color",
        "screen",      "screen-bce",     "screen-256color",
        "screen-s",    "screen-w",       "screen-256color-bce",
        "tmux",        "tmux-256color",  "screen.xterm-256color",
        "vt100",       "vt102",          "vt220",
        "xterm",       "xterm-256color", "xterm-color",
        "xterm-mono",  "xterm-r5",       "xterm-r6",
        "xterm-vt220", "xterm-xfree86",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A container has the terminals of its image, and a native sandbox those of this machine's
 * directories of programs. ncurses looks into ~/.terminfo before these. */
void terminfo_build(struct builder *b)
{
    const struct fact_path *entry = &b->f->terminfo;
    const char *name = path_base(entry->path != NULL ? entry->path : "");
    const struct plan_copy *copy;
    const char *target;

    if (entry->type != FACT_FILE || name[0] == '\0' ||
        (!b->f->terminfo_is_own && !plan_is_native(b->p) && is_common(name)) ||
        native_shows(b, entry->physical) || unshared_note(b, entry->physical, entry->path)) {
        return;
    }
    target =
        path_join(b->a, b->p->user.home, arena_printf(b->a, ".terminfo/%c/%s", name[0], name));
    copy = mounts_add_copy(b, COPY_FILE, entry->physical, "terminfo",
                           "the terminal's description");
    mounts_show_copy(b, copy, target)->read_only = true;
}
