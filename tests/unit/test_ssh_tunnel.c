/* SPDX-License-Identifier: MIT */
/* Errors before a server is connected, with a script that takes the place of ssh. The
 * end-to-end tests use ssh. */
#include "engine/ssh_tunnel.h"

#include "base/clock.h"
#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>

static char path_variable[512];
static char *env[] = {path_variable, NULL};

static struct tunnel *open_tunnel(const char *script, struct err *e)
{
    static const struct endpoint ep = {.kind = ENDPOINT_SSH,
                                       .path = ENDPOINT_REMOTE_SOCKET,
                                       .host = "there.example",
                                       .port = 2022};
    const struct tunnel_setup s = {&ep, env, in_tmp("run")};
    const struct net_wait w = {.deadline_ms = clock_ms() + 20000};

    err_reset(e);
    (void)unlink(in_tmp("ssh"));
    if (script != NULL) {
        put_file(in_tmp("ssh"), script);
        (void)chmod(in_tmp("ssh"), 0755);
    }
    return tunnel_open(&s, &w, e);
}

static size_t left_behind(void)
{
    DIR *d = opendir(in_tmp("run"));
    size_t count = 0;
    const struct dirent *entry;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        count += entry->d_name[0] != '.' ? 1U : 0U;
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return count;
}

int main(void)
{
    struct err e = {0};

    tmpdir_make();
    (void)snprintf(path_variable, sizeof(path_variable), "PATH=%s", tmpdir);
    ok(open_tunnel(NULL, &e) == NULL && e.kind == ERR_NOT_FOUND &&
           strstr(e.hint, "openssh-client") != NULL,
       "a missing ssh is an error with a hint: %s", e.text);
    ok(open_tunnel("#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n", &e) ==
               NULL &&
           e.kind == ERR_ENGINE && strstr(e.hint, "ssh -p 2022 there.example") != NULL,
       "a failed login is an error with a hint: %s", e.text);
    ok(open_tunnel("#!/nonexistent\n", &e) == NULL && e.kind == ERR_SYS,
       "an ssh that cannot be executed is an error: %s", e.text);
    is_int((long long)left_behind(), 0, "no directory is left");
    (void)chmod(tmpdir, 0700);
    (void)rmdir(in_tmp("run"));
    (void)!symlink("/", in_tmp("run"));
    ok(open_tunnel("#!/bin/sh\n", &e) == NULL && e.kind == ERR_REFUSED,
       "a runtime directory that is a link is refused: %s", e.text);
    tunnel_close(NULL);
    tunnel_abandon(NULL);
    tmpdir_remove();
    return done_testing();
}
