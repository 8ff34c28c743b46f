/* SPDX-License-Identifier: MIT */
#include "engine/ssh_args.h"

#include "base/list.h"

#include <string.h>

/* Options of both kinds of ssh. They switch off settings of the user's configuration that are
 * made for logins at a terminal: commands, the forwarding of agents and displays. The user's
 * other forwardings stay configured, and another ssh may already listen at their ports, so that
 * a forwarding that fails must not end ssh. */
static const char *const common[] = {
    "-T",
    "-x",
    "-a",
    "-o",
    "ClearAllForwardings=no",
    "-o",
    "ExitOnForwardFailure=no",
    "-o",
    "PermitLocalCommand=no",
    "-o",
    "RemoteCommand=none",
    "-o",
    TUNNEL_CONTROL,
};

/* Options of the ssh that forwards the socket. With ServerAlive*, it notices within 15 seconds
 * that the server cannot be reached any more. */
static const char *const tunnel_only[] = {
    "-N",
    "-o",
    "ControlMaster=yes",
    "-o",
    "ControlPersist=no",
    "-o",
    "StreamLocalBindUnlink=yes",
    "-o",
    "StreamLocalBindMask=0177",
    "-o",
    "ServerAliveInterval=5",
    "-o",
    "ServerAliveCountMax=3",
    "-o",
    "ConnectTimeout=30",
};

static void add_all(struct strv *l, const char *const *v, size_t count, struct arena *a)
{
    for (size_t i = 0; i < count; i++) {
        strv_add(l, a, v[i]);
    }
}

static void add_target(struct strv *l, const struct endpoint *ep, struct arena *a)
{
    if (ep->user != NULL) {
        strv_add(l, a, "-l");
        strv_add(l, a, ep->user);
    }
    if (ep->port != 0) {
        strv_add(l, a, "-p");
        strv_add(l, a, arena_printf(a, "%u", ep->port));
    }
    strv_add(l, a, "--");
    strv_add(l, a, ep->host);
}

static const char *const *finish(struct strv *l, struct arena *a)
{
    const char **argv = arena_array(a, l->count + 1, sizeof(*argv));

    memcpy(argv, l->v, l->count * sizeof(*argv));
    argv[l->count] = NULL;
    return argv;
}

/* Escapes a path for -L, which takes ':' for a separator and '%' for the beginning of a
 * token. */
static const char *forward_path(const char *path, struct arena *a)
{
    char *out = arena_alloc(a, 2 * strlen(path) + 1);
    size_t len = 0;

    for (; *path != '\0'; path++) {
        if (*path == ':' || *path == '\\') {
            out[len++] = '\\';
        } else if (*path == '%') {
            out[len++] = '%';
        }
        out[len++] = *path;
    }
    out[len] = '\0';
    return out;
}

const char *const *tunnel_args(const struct endpoint *ep, bool batch, struct arena *a)
{
    struct strv l = {0};

    strv_add(&l, a, "ssh");
    add_all(&l, common, sizeof(common) / sizeof(common[0]), a);
    add_all(&l, tunnel_only, sizeof(tunnel_only) / sizeof(tunnel_only[0]), a);
    strv_add(&l, a, "-o");
    strv_add(&l, a, batch ? "BatchMode=yes" : "BatchMode=no");
    strv_add(&l, a, "-L");
    strv_add(&l, a, arena_printf(a, "./" TUNNEL_SOCKET ":%s", forward_path(ep->path, a)));
    add_target(&l, ep, a);
    return finish(&l, a);
}

/* Quotes a text so that the shell on the other machine reads it as one word. */
static const char *quoted(const char *text, struct arena *a)
{
    char *out = arena_alloc(a, 4 * strlen(text) + 3);
    size_t len = 0;

    out[len++] = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            memcpy(out + len, "'\\''", 4);
            len += 4;
        } else {
            out[len++] = *text;
        }
    }
    out[len++] = '\'';
    out[len] = '\0';
    return out;
}

const char *const *tunnel_dial_args(const struct endpoint *ep, struct arena *a)
{
    struct strv l = {0};

    strv_add(&l, a, "ssh");
    add_all(&l, common, sizeof(common) / sizeof(common[0]), a);
    strv_add(&l, a, "-o");
    strv_add(&l, a, "ControlMaster=no");
    strv_add(&l, a, "-o");
    strv_add(&l, a, "BatchMode=yes");
    add_target(&l, ep, a);
    if (strcmp(ep->path, ENDPOINT_REMOTE_SOCKET) == 0) {
        strv_add(&l, a, "docker system dial-stdio");
    } else {
        const char *host = quoted(arena_printf(a, "unix://%s", ep->path), a);

        strv_add(&l, a, arena_printf(a, "docker --host=%s system dial-stdio", host));
    }
    return finish(&l, a);
}

char *const *tunnel_env(char *const *env, struct arena *a)
{
    static char force[] = "SSH_ASKPASS_REQUIRE=force";
    size_t count = 0;
    size_t kept = 0;
    char **out;

    while (env[count] != NULL) {
        count++;
    }
    out = arena_array(a, count + 2, sizeof(*out));
    for (size_t i = 0; i < count; i++) {
        if (strncmp(env[i], force, strlen("SSH_ASKPASS_REQUIRE=")) != 0) {
            out[kept++] = env[i];
        }
    }
    out[kept++] = force;
    out[kept] = NULL;
    return out;
}
