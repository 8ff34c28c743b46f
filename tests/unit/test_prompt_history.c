/* SPDX-License-Identifier: MIT */
#include "creds/prompt_history.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

#define MINE(text) "{\"display\":\"" text "\",\"project\":\"/srv/app\"}\n"
#define TWICE                                                                                  \
    "{\"display\":\"twice\",\"project\":\"/srv/app\",\"\\u0070roject\":\"/srv/app2\"}\n"
#define THEIRS "{\"display\":\"t\",\"project\":\"/srv/app2\"}\n"

static struct prompt_history h = {.project = "/srv/app"};

static void run(uint64_t *seen, const char *what)
{
    struct err e = {0};

    ok(prompt_history_exchange(&h, seen, &e) == 0, "%s %s", what, e.text);
}

int main(void)
{
    uint64_t seen = 0;
    char host[128];
    struct err e = {0};

    tmpdir_make();
    (void)mkdir(in_tmp("host"), 0700);
    (void)mkdir(in_tmp("own"), 0700);
    (void)snprintf(host, sizeof(host), "%s/host", tmpdir);
    h.host_path = host;
    h.host = open(h.host_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    h.own = open(in_tmp("own"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    run(&seen, "without files nothing is exchanged");
    ok(!file_exists(in_tmp("own/history.jsonl")), "and no file is made");
    put_file(in_tmp("host/history.jsonl"), MINE("1") THEIRS "not json /srv/app\n" MINE("2"));
    run(&seen, "lines come from the host");
    is_str(get_file(in_tmp("own/history.jsonl")), MINE("1") MINE("2"), "only the project's");
    put_file(in_tmp("host/history.jsonl"), THEIRS);
    run(&seen, "lines that came from the host and were removed there");
    is_str(get_file(in_tmp("host/history.jsonl")), THEIRS, "do not return");
    put_file(in_tmp("host/history.jsonl"), MINE("1") THEIRS "not json /srv/app\n" MINE("2"));
    run(&seen, "a second exchange");
    is_str(get_file(in_tmp("own/history.jsonl")), MINE("1") MINE("2"), "changes nothing");
    put_file(in_tmp("own/history.jsonl"), MINE("1") MINE("2") THEIRS "[1]\n" MINE("3"));
    run(&seen, "lines go to the host");
    is_str(get_file(in_tmp("host/history.jsonl")),
           MINE("1") THEIRS "not json /srv/app\n" MINE("2") MINE("3"),
           "only new ones of the project");
    ok(!file_exists(in_tmp("host/history.jsonl.lock")), "claude's lock is released");
    put_file(in_tmp("own/history.jsonl"), MINE("1") MINE("2") THEIRS "[1]\n" MINE("3") TWICE);
    run(&seen, "a line with two projects, of which claude takes the last one");
    ok(strstr(get_file(in_tmp("host/history.jsonl")), "twice") == NULL, "belongs to neither");
    put_file(in_tmp("host/history.jsonl"), MINE("4") "{\"torn\":");
    put_file(in_tmp("own/history.jsonl"),
             MINE("1") MINE("2") THEIRS "[1]\n" MINE("3") TWICE MINE("5"));
    run(&seen, "lines that were removed on the host");
    is_str(get_file(in_tmp("host/history.jsonl")), MINE("4") "{\"torn\":\n" MINE("5"),
           "do not return; a torn line is ended first");
    put_file(in_tmp("secret"), "secret");
    (void)unlink(in_tmp("host/history.jsonl"));
    (void)symlink(in_tmp("secret"), in_tmp("host/history.jsonl"));
    put_file(in_tmp("own/history.jsonl"), MINE("6"));
    ok(prompt_history_exchange(&h, &seen, &e) < 0, "a link on the host is an error: %s",
       e.text);
    is_str(get_file(in_tmp("secret")), "secret", "and not followed");
    fd_close(&h.host);
    fd_close(&h.own);
    tmpdir_remove();
    return done_testing();
}
