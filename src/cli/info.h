/* SPDX-License-Identifier: MIT */
/* What `cco info` has found out, and how it is printed: for people on one screen, or as JSON.
 * Each section is a row of the table in info.c. A field of a section is a member of struct info
 * and the lines of that section's two functions.
 *
 * The JSON is one object: "ready", which corresponds to the exit status, and one object for
 * each section. All sections are always there, in the order of this list. Each has ready  true,
 * or false if a session could not start or would not run as asked text   one line for people
 *   next   the one command that solves the problem or is the next step; null: nothing to do
 *   note   a remark about that command; null: none
 * and members of its own, which are null if something is not known. Names are in snake_case and
 * stay; members may be added. Times are RFC 3339 in UTC, sizes are bytes, durations are
 * seconds. cco          version, path engine       name, address, chosen_by, context, api,
 * rootless, user_namespaces, host_network, files ("local": the engine sees this machine's;
 * "remote": they are sent to it); passed_over: the sockets that were tried before it, each with
 * address and reason confinement  of cco's own sandbox: in_use (it is the engine that a session
 * would use), sandbox ("full"; "landlock-only": Landlock and the system-call filter alone;
 * "none"), list: each with name
 *                ("namespaces", "processes", "network", "landlock", "filter", "mount_api",
 * "memory", "cpus", "pids", "subids", "yama"), works, text (a description, or why it does not
 * work), next image        reference, own (cco builds it), present, id, created, size,
 * claude_version, packages; changed: why the existing image is out of date ("packages",
 * "certificates", "dockerfile") credentials  source ("file", "keychain", "api_key",
 * "auth_token", "helper", "oauth_token", "cloud", "none"), detail (where it is; never the
 * secret), account, expires_at, expires_in, can_refresh project      path, git_common_dir,
 * mounts (how many a session would have); sessions: each with name, state, here (true if it
 * belongs to this project) claude       directory, present; settings: the names of the settings
 * that the sandbox can see config       file, dockerfile (the user's own ones) */
#ifndef CLI_INFO_H
#define CLI_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "plan/facts.h"

struct app;
struct arena;
struct engine;
struct err;
struct json_w;
struct native_probe;
struct sessions;

enum info_name {
    INFO_CCO,
    INFO_ENGINE,
    INFO_CONFINEMENT,
    INFO_IMAGE,
    INFO_CREDENTIALS,
    INFO_PROJECT,
    INFO_CLAUDE,
    INFO_CONFIG,
    INFO_SECTIONS
};

struct info_section {
    bool ready;
    const char *text;
    struct strv more; /* further lines for people */
    const char *next;
    const char *note;
};

struct info {
    struct info_section sections[INFO_SECTIONS];
    const struct facts *facts; /* unknown facts are NULL or 0 */
    const struct err
        *no_facts; /* why the facts of this machine are not known; NULL: they are */

    const char *version, *path; /* of cco */

    const struct engine *found;  /* NULL: none was found */
    const struct engine *looked; /* with the addresses that were passed over */
    bool native;                 /* a session would use cco's own sandbox */

    const struct native_probe *probe; /* of confinement; NULL: not known */

    const char *image_ref; /* NULL: not known */
    bool own_image;
    const char *changed;

    const char *account;

    const struct sessions *sessions; /* NULL: not known */
    size_t mounts;
    bool planned; /* a session is possible here, and mounts counts */

    bool claude_present;
    struct strv settings; /* names of claude's */

    const char *config_file, *dockerfile;
};

/* The functions of the table, two for each section. info_collect_x() sets *own and the members
 * of *i that belong to x; it may use what the sections before it have set. It reports problems
 * in *own and cannot fail. info_json_x() adds the members of x's own. */
void info_collect_cco(struct app *app, struct info *i, struct info_section *own);
void info_json_cco(const struct info *i, struct json_w *w);
void info_collect_engine(struct app *app, struct info *i, struct info_section *own);
void info_json_engine(const struct info *i, struct json_w *w);
void info_collect_confinement(struct app *app, struct info *i, struct info_section *own);
void info_json_confinement(const struct info *i, struct json_w *w);
void info_collect_image(struct app *app, struct info *i, struct info_section *own);
void info_json_image(const struct info *i, struct json_w *w);
void info_collect_credentials(struct app *app, struct info *i, struct info_section *own);
void info_json_credentials(const struct info *i, struct json_w *w);
void info_collect_project(struct app *app, struct info *i, struct info_section *own);
void info_json_project(const struct info *i, struct json_w *w);
void info_collect_claude(struct app *app, struct info *i, struct info_section *own);
void info_json_claude(const struct info *i, struct json_w *w);
void info_collect_config(struct app *app, struct info *i, struct info_section *own);
void info_json_config(const struct info *i, struct json_w *w);

/* Sets *own to not ready because of an error: `text` becomes the error's text, and `note` its
 * hint, or NULL if it has none. */
void info_fail(struct app *app, struct info_section *own, const struct err *e);

/* A path as people write it, with "~" for the home. Accepts NULL. The result is in the arena,
 * or `path` itself. */
const char *info_path(struct app *app, const char *path);

/* Add a member that is null unless the value is known: a number, and a time in seconds since
 * 1970 that is greater than 0. */
void info_member_u64(struct json_w *w, const char *key, uint64_t value, bool known);
void info_member_time(struct json_w *w, const char *key, int64_t seconds);

/* What an engine that answers is and can do, in a line. Pure. */
const char *info_engine_text(const struct fact_engine *en, struct arena *a);

/* True if every section is ready. */
bool info_ready(const struct info *i);

/* Adds the text for people, in at most 80 columns: for each section its line, at most 16
 * further lines, the next command and the note. `colour` prints the word for what is not ready
 * in red. */
void info_text(const struct info *i, bool colour, struct buf *out);

/* Adds the JSON object. ERR_LIMIT if it exceeds the maximum of `out`. */
int info_json(const struct info *i, struct buf *out, struct err *e);

#endif
