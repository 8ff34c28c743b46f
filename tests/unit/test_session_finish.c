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
       "what the sandbox left as it was is not kept");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "nothing to finish %s", e.text);
    ok(session_keep_returned(session_dir,
                             str_c("{\"a\":\"s\",\"numStartups\":4,\"mcpServers\":{\"x\":{}}}"),
                             &e) == 0,
       "what it changed is kept");
    put_box(login_text(2, "u"));
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "finished %s", e.text);
    is_str(get_file(in_tmp("claude.json")), "{\"a\" : \"h\",\"numStartups\":4}",
           ".claude.json has what may come home");
    ok(strstr(host_text(), "\"r2\"") != NULL, "and so has the login");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 0,
       "once more changes nothing");
    is_str(get_file(in_tmp("claude.json")), "{\"a\" : \"h\",\"numStartups\":4}", "indeed");
    put_file(in_tmp("session/" JOURNAL_RETURNED), "{ torn");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0 && notes.count == 1,
       "what cannot be merged is a note: %s", notes.count > 0 ? notes.v[0] : "");
    journal_note(session_dir, "for the user");
    notes = (struct strv){0};
    put_file(in_tmp("session/" JOURNAL_FILE), "{");
    ok(session_finish(session_dir, no_env, &arena, &notes, &e) == 0,
       "a broken journal keeps nothing %s", e.text);
    ok(notes.count > 0 && strcmp(notes.v[notes.count - 1], "for the user") == 0,
       "notes are given");
    ok(session_finish(in_tmp("nowhere"), no_env, &arena, &notes, &e) == 0,
       "nor does a missing directory");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
