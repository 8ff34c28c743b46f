/* SPDX-License-Identifier: MIT */
/* What `cco info` has found out, and how it is printed: for people on one screen, or as JSON.
 * Each section is a row of the table in info.c. A field of a section is a member of struct info
 * and the lines of that section's two functions.
 *
 * src/manual/json.md describes the JSON: one object with "ready", which corresponds to the exit
 * status, and one object for each section, in the order of enum info_name. All sections are
 * always there. Names in it stay; members may be added. */
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
