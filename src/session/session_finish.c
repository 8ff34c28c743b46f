/* SPDX-License-Identifier: MIT */
#include "session/session_finish.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/claude_merge.h"
#include "creds/exchange.h"
#include "creds/journal.h"
#include "creds/parts.h"
#include "creds/planted.h"

int session_keep_returned(const char *dir, struct str returned_file, struct err *e)
{
    struct arena a = {0};
    struct buf base;
    struct err ignored = {0};
    const char *path = path_join(&a, dir, JOURNAL_RETURNED);
    int rc = 0;

    buf_init(&base, LIMIT_CLAUDE_JSON);
    if (file_read(path_join(&a, dir, JOURNAL_BASE), &base, &ignored) == 0 &&
        !str_eq(buf_str(&base), returned_file)) {
        rc = file_replace(path, arena_printf(&a, "%s.new", path), returned_file, 0600, e);
    }
    buf_wipe(&base);
    arena_release(&a);
    return rc;
}

/* Merges .claude.json. Returns 0 on success, also if there is nothing to merge, and -1 on
 * error. */
static int merge(const char *dir, struct arena *a, struct err *e)
{
    struct journal j;
    struct buf base;
    struct buf other;
    struct err none = {0};
    bool changed = false;
    int rc = -1;

    if (!file_exists(path_join(a, dir, JOURNAL_RETURNED)) ||
        journal_read(dir, a, &j, &none) < 0 || j.claude_json == NULL) {
        return 0;
    }
    buf_init(&base, LIMIT_CLAUDE_JSON);
    buf_init(&other, LIMIT_CLAUDE_JSON);
    if (file_read(path_join(a, dir, JOURNAL_BASE), &base, e) == 0 &&
        file_read(path_join(a, dir, JOURNAL_RETURNED), &other, e) == 0) {
        rc = claude_merge_file(j.claude_json, buf_str(&base), buf_str(&other), j.project,
                               &changed, e);
    }
    buf_wipe(&base);
    buf_wipe(&other);
    return rc;
}

/* Brings the state of the session's conversations to the host. */
static int bring_parts(const char *dir, struct arena *a, struct err *e)
{
    struct journal j;
    struct err none = {0};

    if (journal_read(dir, a, &j, &none) < 0 || j.transcripts == NULL || j.claude_dir == NULL ||
        j.own == NULL) {
        return 0;
    }
    return parts_exchange(&(struct parts){j.cwd, j.transcripts, j.claude_dir, j.own}, e);
}

/* Removes the links that the session has left in the state that the host's claude reads. *e is
 * only a place for errors, which become notes. */
static void remove_planted(const char *dir, struct arena *a, struct strv *notes, struct err *e)
{
    struct journal j;

    if (journal_read(dir, a, &j, e) < 0 || j.started_ms == 0) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        const char *state = i == 0 ? j.transcripts : j.memory;
        size_t removed = 0;

        if (state != NULL && planted_remove(state, j.started_ms, &removed, e) < 0) {
            strv_add(notes, a,
                     arena_printf(a,
                                  "links of the session may be left, and claude would follow "
                                  "them: %s",
                                  e->text));
            err_reset(e);
        }
        if (removed > 0) {
            strv_add(
                notes, a,
                arena_printf(a,
                             "%s: removed %zu link%s or other special files of the session, "
                             "which claude would have followed",
                             state, removed, removed == 1 ? "" : "s"));
        }
    }
}

/* Adds the session's notes. */
static void add_notes(const char *dir, struct arena *a, struct strv *notes)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};

    buf_init(&text, LIMIT_FILE_SMALL);
    (void)file_read(path_join(a, dir, JOURNAL_NOTES), &text, &ignored); /* may not exist */
    rest = buf_str(&text);
    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        if (line.len > 0) {
            strv_add(notes, a, arena_str(a, line));
        }
    }
    buf_release(&text);
}

int session_finish(const char *dir, char *const *env, struct arena *a, struct strv *notes,
                   struct err *e)
{
    struct err second = {0};
    int rc = exchange_finish(dir, env, e);

    if (rc < 0 && e->kind == ERR_FORMAT) {
        err_reset(e); /* without a readable journal it is not known what has to come back */
        rc = 0;
    }
    if (merge(dir, a, &second) < 0) {
        strv_add(
            notes, a,
            arena_printf(a, "the session's changes of .claude.json are lost: %s", second.text));
    }
    err_reset(&second);
    if (bring_parts(dir, a, &second) < 0) {
        strv_add(
            notes, a,
            arena_printf(a, "%s. The next session in the project tries again.", second.text));
    }
    err_reset(&second);
    remove_planted(dir, a, notes, &second);
    add_notes(dir, a, notes);
    return rc < 0 ? -1 : 0;
}
