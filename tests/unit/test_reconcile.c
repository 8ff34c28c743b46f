/* SPDX-License-Identifier: MIT */
#include "sync/reconcile.h"

#include "sync/listing.h"
#include "tap.h"

#include <stdlib.h>

enum { MAX = 1 << 20 };

/* Writes a listing from a text "PATH=KIND ...", in order. The kinds: a to f are states of a
 * small file, w and x states with other sizes, A to F states of a large file of one size; an
 * 'm' behind the letter changes only the mode; 'd' with 1 or 2 is a directory with one of two
 * modes; 'l' with a digit is a link; '-' is left alone. */
static struct sync_entry entry_of(const char *kind)
{
    struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644, .size = 10, .mtime = kind[0]};

    if (kind[0] == 'd' && kind[1] != '\0') {
        return (struct sync_entry){
            .type = SYNC_DIR, .mode = kind[1] == '1' ? 0755 : 0700, .mtime = kind[1]};
    }
    if (kind[0] == 'l') {
        entry.type = SYNC_LINK;
        entry.target = str_n(kind + 1, 1);
        return entry;
    }
    if (kind[0] == '-') {
        return (struct sync_entry){.type = SYNC_LEFT};
    }
    if (kind[0] >= 'A' && kind[0] <= 'Z') {
        entry.size = 1 << 20;
    }
    if (kind[0] >= 'w') { /* w and x have different sizes */
        entry.size = (uint64_t)kind[0];
    }
    if (kind[1] == 'm') { /* only the mode differs */
        entry.mode = 0755;
    }
    return entry;
}

static void list(const char *text, struct buf *out)
{
    struct synclist_w w;
    struct err e = {0};
    struct str rest = str_c(text);
    static char kinds[64][4];
    static unsigned at;

    buf_init(out, MAX);
    synclist_w_init(&w, out);
    while (rest.len > 0) {
        struct str item;
        struct str path;
        struct sync_entry entry;
        char *kind = kinds[at++ % 64];

        (void)str_cut(&rest, ' ', &item);
        (void)str_cut(&item, '=', &path);
        (void)snprintf(kind, 4, "%.*s", (int)item.len, item.p);
        entry = entry_of(kind);
        if (synclist_add(&w, path, &entry, &e) < 0) {
            abort();
        }
    }
    synclist_w_release(&w);
}

static const char *const verbs[] = {
    "leave",      "touch",       "record",     "forget",   "push",   "fetch",  "meta-remote",
    "meta-local", "drop-remote", "drop-local", "conflict", "rescue", "compare"};

static const char *plan_text(const struct sync_plan *p)
{
    static char text[4096];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < p->count; i++) {
        const struct sync_item *it = &p->v[i];

        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s:%s", i > 0 ? " " : "",
                                (int)it->path.len, it->path.p, verbs[it->verb]);
        if (it->verb == VERB_COMPARE) {
            len += (size_t)snprintf(text + len, sizeof(text) - len, "(%s,%s)", verbs[it->same],
                                    verbs[it->differ]);
        }
    }
    return text;
}

static const struct {
    const char *name, *base, *local, *remote;
    const char *both, *push, *pull;
} table[] = {
    {"nothing anywhere", "", "", "", "", "", ""},
    {"unchanged", "a=a", "a=a", "a=a", "", "", ""},
    {"new locally", "", "a=a", "", "a:push", "a:push", ""},
    {"new remotely", "", "", "a=a", "a:fetch", "a:drop-remote", "a:fetch"},
    {"new and the same on both", "", "a=a", "a=a", "a:record", "a:record", "a:record"},
    {"changed locally", "a=a", "a=w", "a=a", "a:push", "a:push", ""},
    {"changed remotely", "a=a", "a=a", "a=w", "a:fetch", "a:push", "a:fetch"},
    {"changed alike", "a=a", "a=b", "a=b", "a:record", "a:record", "a:record"},
    {"changed differently", "a=a", "a=w", "a=x", "a:conflict", "a:push", "a:conflict"},
    {"changed, of one size", "a=a", "a=b", "a=c", "a:compare(meta-remote,conflict)", "a:push",
     "a:compare(meta-local,conflict)"},
    {"large, changed locally", "a=A", "a=B", "a=A", "a:compare(meta-remote,push)",
     "a:compare(meta-remote,push)", ""},
    {"large, changed remotely", "a=A", "a=A", "a=B", "a:compare(meta-local,fetch)",
     "a:compare(meta-remote,push)", "a:compare(meta-local,fetch)"},
    {"only the mode, locally", "a=a", "a=am", "a=a", "a:meta-remote", "a:meta-remote", ""},
    {"only the mode, remotely", "a=a", "a=a", "a=am", "a:meta-local", "a:meta-remote",
     "a:meta-local"},
    {"removed locally", "a=a", "", "a=a", "a:drop-remote", "a:drop-remote", ""},
    {"removed remotely", "a=a", "a=a", "", "a:drop-local", "a:push", "a:drop-local"},
    {"removed on both", "a=a", "", "", "a:record", "a:record", "a:record"},
    {"removed locally, changed remotely", "a=a", "", "a=w", "a:fetch", "a:drop-remote",
     "a:fetch"},
    {"changed locally, removed remotely", "a=a", "a=w", "", "a:push", "a:push", ""},
    {"no base, different", "", "a=w", "a=x", "a:conflict", "a:push", "a:conflict"},
    {"links", "a=l1", "a=l2", "a=l1", "a:push", "a:push", ""},
    {"links that differ", "a=l1", "a=l2", "a=l3", "a:conflict", "a:push", "a:conflict"},
    {"a link for a file", "a=a", "a=a", "a=l1", "a:fetch", "a:push", "a:fetch"},
    {"modes of directories", "d=d1", "d=d1", "d=d2", "d:meta-local", "d:meta-remote",
     "d:meta-local"},
    {"of both, the host's", "d=d1", "d=d2", "d=d1", "d:meta-remote", "d:meta-remote", ""},
    {"in a directory", "d=d1 d/a=a", "d=d1 d/a=a d/b=b", "d=d1 d/a=a", "d:touch d/b:push",
     "d:touch d/b:push", ""},
    {"deep inside, and behind", "d=d1 d/e=d1 d/e/a=a d/z=a", "d=d1 d/e=d1 d/e/a=w d/z=w",
     "d=d1 d/e=d1 d/e/a=a d/z=a", "d:touch d/e:touch d/e/a:push d/z:push",
     "d:touch d/e:touch d/e/a:push d/z:push", ""},
    {"left alone locally", "a=a", "a=-", "a=a", "a:forget", "a:forget", "a:forget"},
    {"left alone remotely", "", "a=a", "a=-", "", "", ""},
    {"below what is left alone", "d=d1 d/a=a", "d=-", "d=d1 d/a=w d/b=b", "d:forget d/a:forget",
     "d:forget d/a:forget", "d:forget d/a:forget"},
    {"behind what is left alone", "", "d=- e=a", "", "e:push", "e:push", ""},
    {"a directory removed locally", "d=d1 d/a=a", "", "d=d1 d/a=a",
     "d:drop-remote d/a:drop-remote", "d:drop-remote d/a:drop-remote", ""},
    {"... in which something changed", "d=d1 d/a=a d/b=b", "", "d=d1 d/a=w d/b=b",
     "d:fetch d/a:fetch d/b:drop-remote", "d:drop-remote d/a:drop-remote d/b:drop-remote",
     "d:fetch d/a:fetch"},
    {"a directory removed remotely, in which something changed", "d=d1 d/a=a d/b=b",
     "d=d1 d/a=w d/b=b", "", "d:push d/a:push d/b:drop-local", "d:push d/a:push d/b:push",
     "d:drop-local d/b:drop-local"},
    {"a file for a directory that changed remotely", "d=d1 d/a=a", "d=a", "d=d1 d/a=w",
     "d:conflict d/a:rescue", "d:push d/a:drop-remote", "d:conflict d/a:rescue"},
    {"a remote file for a directory that changed locally", "d=d1 d/a=a", "d=d1 d/a=w", "d=a",
     "d:conflict d/a:push", "d:push d/a:push", "d:fetch"},
    {"a remote file for a directory", "d=d1 d/a=a", "d=d1 d/a=a", "d=a",
     "d:fetch d/a:drop-local", "d:push d/a:push", "d:fetch d/a:drop-local"},
    {"without a base, a file and a directory", "", "d=a", "d=d1 d/e=d1 d/e/a=a",
     "d:conflict d/e:rescue d/e/a:rescue", "d:push d/e:drop-remote d/e/a:drop-remote",
     "d:conflict d/e:rescue d/e/a:rescue"},
    {"names around a slash", "", "d=d1 d/x=a d-=a d.=a", "", "d:push d/x:push d-:push d.:push",
     "d:push d/x:push d-:push d.:push", ""},
};

static void decisions(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const char *const want[] = {table[i].push, table[i].pull, table[i].both};
        static const char *const ways[] = {"push only", "pull only", "both ways"};
        struct buf base;
        struct buf local;
        struct buf remote;

        list(table[i].base, &base);
        list(table[i].local, &local);
        list(table[i].remote, &remote);
        for (size_t way = 0; way < 3; way++) {
            struct sync_states s = {buf_str(&base), buf_str(&local), buf_str(&remote),
                                    (enum sync_way)way};
            struct sync_plan p = {0};
            struct err e = {0};
            char name[160];

            (void)snprintf(name, sizeof(name), "%s, %s", table[i].name, ways[way]);
            is_int(reconcile(&s, &p, &e), 0, name);
            reconcile_structure(&p);
            is_str(plan_text(&p), want[way], name);
            sync_plan_release(&p);
        }
        buf_release(&base);
        buf_release(&local);
        buf_release(&remote);
    }
}

int main(void)
{
    decisions();
    return done_testing();
}
