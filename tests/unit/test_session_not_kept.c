/* SPDX-License-Identifier: MIT */
#include "session/session_not_kept.h"

#include "base/buf.h"
#include "creds/journal.h"
#include "tap.h"
#include "tmpdir.h"
#include "wire/frame.h"

static struct arena a;
static struct buf frames;

static void copy(const char *name, const char *bytes)
{
    struct buf payload;

    buf_init(&payload, FRAME_MAX);
    (void)buf_add_c(&payload, name);
    (void)buf_add_byte(&payload, '\0');
    (void)buf_add_c(&payload, bytes);
    (void)frame_add(&frames, FRAME_COPY, buf_str(&payload));
    buf_release(&payload);
}

/* Returns the lines, with newlines between them. */
static const char *lines_of(const char *state, bool interactive)
{
    struct strv list = {0};
    const char *text = "";

    session_not_kept(tmpdir, str_c(state), buf_str(&frames), interactive, &a, &list);
    for (size_t i = 0; i < list.count; i++) {
        text = arena_printf(&a, "%s%s\n", text, list.v[i]);
    }
    buf_reset(&frames);
    return text;
}

static const char *lines(const char *state)
{
    return lines_of(state, true);
}

static void returned_files_are_compared(void)
{
    copy("settings.json", "{\"theme\":\"dark\"}\n");
    copy("CLAUDE.md", "be kind");
    is_str(lines("{}"), "", "unchanged files give no line");
    is_str(lines(""), "", "nothing was returned");
    copy("settings.json", "{\"the");
    copy("CLAUDE.md", "be ");
    copy("settings.json", "me\":\"light\"}\n");
    copy("CLAUDE.md", "strict");
    ok(strstr(lines("{\"mcpServers\":{\"srv\":{}}}"), "MCP servers (srv)") != NULL,
       "servers are compared");
    copy("settings.json", "{\"the");
    copy("settings.json", "me\":\"light\"}\n");
    ok(strstr(lines(""), "settings (theme)") != NULL, "a file may come in pieces");
    copy("settings.json", "{\"theme\":\"light\"}\n");
    copy("CLAUDE.md", "be strict");
    is_str(
        lines_of("{}", false),
        "not kept: changes of CLAUDE.md in ~/.claude, which claude on this machine obeys. To "
        "keep them, change the files outside of cco\n",
        "without a dialog with claude, settings are not named, but files are");
    copy("CLAUDE.md", "be strict");
    ok(strstr(lines(""), "changes of CLAUDE.md in") != NULL, "other files are compared");
}

static void unknown_frames_are_ignored(void)
{
    copy("../../etc/passwd", "x");
    copy("journal", "x");
    copy("keybindings.json", "{}"); /* the session has no copy of it */
    (void)frame_add(&frames, FRAME_COPY, str_c("CLAUDE.md"));
    (void)frame_add(&frames, FRAME_COPY, str_n(NULL, 0));
    (void)buf_add_c(&frames, "a part");
    is_str(lines(""), "", "frames with other names or without a name are ignored");
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("files"), 0700);
    put_file(in_tmp(JOURNAL_BASE), "{}");
    put_file(in_tmp("files/settings.json"), "{\"theme\":\"dark\"}\n");
    put_file(in_tmp("files/CLAUDE.md"), "be kind");
    buf_init(&frames, 1 << 20);
    returned_files_are_compared();
    unknown_frames_are_ignored();
    buf_release(&frames);
    arena_release(&a);
    tmpdir_remove();
    return done_testing();
}
