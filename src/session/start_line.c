/* SPDX-License-Identifier: MIT */
#include "session/start_line.h"

#include "term/keys.h"

/* Returns the detach sequence as a user types it: "Ctrl-\ d". Returns NULL if there is none. */
static const char *keys_text(const char *spec, struct arena *a)
{
    struct keys k = {.deadline_ms = -1};
    struct err ignored = {0}; /* the option was checked */
    const char *text = "";

    if (keys_parse(&k, spec != NULL ? spec : KEYS_DEFAULT, &ignored) < 0 || k.len == 0) {
        return NULL;
    }
    for (size_t i = 0; i < k.len; i++) {
        const bool ctrl = k.seq[i] < ' ';

        text = arena_printf(a, "%s%s%s%c", text, i > 0 ? " " : "", ctrl ? "Ctrl-" : "",
                            ctrl ? k.seq[i] + '@' : k.seq[i]);
    }
    return text;
}

static const char *place(const struct plan *p, const char *address, struct arena *a)
{
    switch (p->kind) {
    case SANDBOX_NATIVE:
        return "in a native sandbox of this machine";
    case SANDBOX_LANDLOCK_ONLY:
        return "in a native sandbox of this machine, confined by Landlock only";
    case SANDBOX_REMOTE_CONTAINER:
        return arena_printf(a, "in a container of %s on %s", p->image.ref, address);
    case SANDBOX_LOCAL_CONTAINER:
        break;
    }
    return arena_printf(a, "in a container of %s", p->image.ref);
}

const char *start_line(const struct plan *p, const struct opts *o, const char *address,
                       struct arena *a)
{
    const char *where;
    const char *keys;

    if (!p->command.tty || (!p->command.converses && !p->command.login_shell) || o->detach ||
        o->no_start_line || o->quiet) {
        return NULL;
    }
    where = place(p, address, a);
    keys = keys_text(o->detach_keys, a);
    return keys == NULL
               ? where
               : arena_printf(a, "%s; %s leaves it running, cco attach returns", where, keys);
}
