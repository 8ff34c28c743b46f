/* SPDX-License-Identifier: MIT */
/* What `cco info` has found out, and how it is drawn: for people on one screen, or as JSON.
 *
 * The JSON is one object: "ready" (what the exit status says) and eight sections, always there, in this order: "cco",
 * "engine", "confinement", "image", "credentials", "project", "claude", "config". Each has
 *   ready  true, or false where a session could not start, or not as it should
 *   text   one line for people
 *   next   the one command that advice it, or is the next step; null: nothing to do
 *   note   what to know about that command; null: nothing
 * and members of its own, null where something is not known. Names are in snake_case and stay; members may be added.
 * Times are RFC 3339 in UTC, sizes bytes, durations seconds.
 *   cco          version, path
 *   engine       name, address, chosen_by, api, rootless, user_namespaces, host_network, files ("here": it sees this machine's;
 *                "remote": they are sent to it); passed_over: the sockets that
 *                were looked at before it, each with address and reason
 *   walls        of cco's own sandbox: in_use (there is no other engine, or none is to be used), sandbox ("full"; "bare":
 *                Landlock and the filter alone; "none"), list: each with name ("namespaces", "processes", "network",
 *                "landlock", "filter", "mount_api", "memory", "cpus", "pids", "subids", "yama"), stands, text (what it is, or why not), next
 *   image        reference, own (cco builds it), present, id, created, size, claude_version, packages; changed: what made
 *                the image that there was stale ("packages", "certificates", "dockerfile")
 *   credentials  source ("file", "keychain", "api_key", "auth_token", "helper", "oauth_token", "cloud", "none"), detail (where
 *                it is; never the thing itself), account, expires_at, expires_in, can_refresh
 *   project      path, git_common_dir, mounts (how many there would be); sessions: each with name, state, here (in
 *                this project)
 *   claude       directory, present; settings: what is there of them, and the sandbox gets to see
 *   config       file, dockerfile (the user's own ones) */
#ifndef CLI_INFO_H
#define CLI_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/list.h"
#include "plan/facts.h"

struct arena;
struct engine;
struct err;
struct native_probe;
struct sessions;

struct info_part {
    bool ready;
    const char *text;
    struct strv more; /* further lines for people */
    const char *next;
    const char *note;
};

struct info {
    struct info_part cco, engine, confinement, image, credentials, project, claude, config;
    const struct facts *facts;        /* what is not known of it is NULL or 0 */
    const struct engine *found;       /* NULL: none was found */
    const struct engine *looked;      /* with what was passed over */
    const struct sessions *sessions;  /* NULL: not known */
    const struct native_probe *probe; /* of walls; NULL: not known */
    bool native;                      /* cco's own sandbox is what is used */
    const char *version, *path;
    const char *image_ref; /* NULL: not known */
    bool own_image;
    const char *changed;
    const char *account;
    size_t mounts;
    bool planned; /* the project can be one, and mounts counts */
    bool claude_present;
    struct strv settings; /* names of claude's */
    const char *config_file, *dockerfile;
};

/* Notes an error as what is wrong with a part. */
struct app;
void info_fail(struct app *app, struct info_part *p, const struct err *e);

/* What an engine that answers is and can do, in a line. Pure. */
const char *info_engine_text(const struct fact_engine *en, struct arena *a);

/* True where every part is. */
bool info_ready(const struct info *i);

/* One screen: a part has at most four lines and what advice it. `colour` marks what is not ready. */
void info_text(const struct info *i, bool colour, struct buf *out);

/* ERR_LIMIT past out's maximum. */
int info_json(const struct info *i, struct buf *out, struct err *e);

#endif
