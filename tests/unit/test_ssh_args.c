/* SPDX-License-Identifier: MIT */
#include "engine/ssh_args.h"

#include "tap.h"

static struct arena arena;
static char joined[4096];

static const char *join(const char *const *argv)
{
    joined[0] = '\0';
    for (; *argv != NULL; argv++) {
        (void)snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), " %s", *argv);
    }
    return joined;
}

static bool ends(const char *text, const char *tail)
{
    size_t len = strlen(text);

    return len >= strlen(tail) && strcmp(text + len - strlen(tail), tail) == 0;
}

int main(void)
{
    const struct endpoint plain = {
        .kind = ENDPOINT_SSH, .path = ENDPOINT_REMOTE_SOCKET, .host = "h"};
    const struct endpoint full = {.kind = ENDPOINT_SSH,
                                  .path = "/a b/x:1%2\\3'4.sock",
                                  .host = "h",
                                  .user = "me",
                                  .port = 22};
    static char one[] = "A=1";
    static char require[] = "SSH_ASKPASS_REQUIRE=never";
    char *env[] = {one, require, NULL};
    char *const *forced;
    const char *text = join(tunnel_args(&plain, false, &arena));

    ok(strstr(text, " -N ") != NULL && strstr(text, " -o BatchMode=no ") != NULL,
       "a tunnel without batch mode may ask");
    ok(ends(text, " -L ./s:/var/run/docker.sock -- h"), "the default socket is forwarded: %s",
       text);
    text = join(tunnel_args(&full, true, &arena));
    ok(strstr(text, " -o BatchMode=yes ") != NULL, "a tunnel in batch mode may not ask");
    ok(ends(text, " -L ./s:/a b/x\\:1%%2\\\\3'4.sock -l me -p 22 -- h"),
       "a path is escaped, and user and port are given: %s", text);
    text = join(tunnel_dial_args(&plain, &arena));
    ok(strstr(text, " -N ") == NULL && strstr(text, " -o ControlPath=./c ") != NULL,
       "dial-stdio uses the same login, and runs a command");
    ok(ends(text, " -- h docker system dial-stdio"), "the default socket needs no option: %s",
       text);
    text = join(tunnel_dial_args(&full, &arena));
    ok(ends(text, " -l me -p 22 -- h docker --host='unix:///a b/x:1%2\\3'\\''4.sock' system "
                  "dial-stdio"),
       "another socket is quoted for the shell: %s", text);
    forced = tunnel_env(env, &arena);
    ok(strcmp(forced[0], "A=1") == 0 && strcmp(forced[1], "SSH_ASKPASS_REQUIRE=force") == 0 &&
           forced[2] == NULL,
       "SSH_ASKPASS_REQUIRE is replaced by force");
    arena_release(&arena);
    return done_testing();
}
