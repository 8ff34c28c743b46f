/* SPDX-License-Identifier: MIT */
#include "session/session_finish.h"

#include "exchange.h"
#include "tap.h"

static struct arena arena;

static void set_up(void)
{
    struct err e = {0};
    struct journal j;

    hand_out(login_text(1, "u"), true);
    (void)journal_read(session_dir, &arena, &j, &e);
    j.claude_json = arena_strdup(&arena, in_tmp("claude.json"));
    (void)journal_write(session_dir, &j, &e);
    put_file(in_tmp("claude.json"), "{\"a\" : \"h\",\"numStartups\":3}");
    put_file(in_tmp("session/" JOURNAL_BASE), "{\"a\" : \"h\",\"numStartups\":3}");
}

int main(void)
{
    struct strv notes = {0};
    struct err e = {0};

    tmpdir_make();
    set_up();
    ok(session_keep_returned(session_dir, str_c("{\"a\" : \"h\",\"numStartups\":3}"), &e) ==
               0 &&
           !file_exists(in_tmp("session/" JOURNAL_RETURNED)),
       "a returned file without changes is not written");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "a session without changes finishes %s", e.text);
    ok(session_keep_returned(session_dir,
                             str_c("{\"a\":\"s\",\"numStartups\":4,\"mcpServers\":{\"x\":{}}}"),
                             &e) == 0,
       "a returned file with changes is written");
    put_box(login_text(2, "u"));
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "a session with changes finishes %s", e.text);
    is_str(get_file(in_tmp("claude.json")), "{\"a\" : \"h\",\"numStartups\":4}",
           "permitted keys of .claude.json are merged");
    ok(strstr(host_text(), "\"r2\"") != NULL, "the renewed login comes to the host");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "finishing again succeeds");
    is_str(get_file(in_tmp("claude.json")), "{\"a\" : \"h\",\"numStartups\":4}",
           "finishing again changes nothing");
    put_file(in_tmp("session/" JOURNAL_RETURNED), "{ torn");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 1,
       "a file that cannot be merged gives a note: %s", notes.count > 0 ? notes.v[0] : "");
    journal_note(session_dir, "for the user");
    notes = (struct strv){0};
    put_file(in_tmp("session/" JOURNAL_FILE), "{");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0,
       "a session with a broken journal finishes %s", e.text);
    ok(notes.count > 0 && strcmp(notes.v[notes.count - 1], "for the user") == 0,
       "the session's notes are added");
    ok(session_finish(in_tmp("nowhere"), no_env, &arena, &notes, &e) == 0,
       "a missing session directory finishes");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
