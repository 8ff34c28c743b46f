/* SPDX-License-Identifier: MIT */
/* The findings of `cco info`, and how they are printed: as text on one screen, or as JSON. Each
 * section is a row of the table in info.c. A field of a section is a member of struct info and
 * the lines of that section's two functions.
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

/* The part of a section that all sections have. Strings are static or live in app->arena. */
struct info_section {
    bool ready; /* nothing in this section keeps a session from running as the user asked */
    const char *text; /* the first line for people */
    struct strv more; /* further lines for people */
    const char *next; /* the command that solves the problem; NULL: nothing to do */
    const char *note; /* a remark about that command; NULL: none */
};

struct info {
    struct info_section sections[INFO_SECTIONS];
    const struct facts *facts;  /* unknown facts are NULL or 0 */
    const struct err *no_facts; /* why app_probe() failed; NULL: it did not */

    /* cco: the version and path of this program */
    const char *version, *path;

    /* engine */
    const struct engine *found;  /* the engine of a session; NULL: none was found */
    const struct engine *looked; /* the search for it, with the addresses that it passed over */
    bool native;                 /* a session would be native */

    /* confinement; NULL: not known */
    const struct native_probe *probe;

    /* image */
    const char *image_ref; /* of a session; NULL: not known, or native */
    bool own_image;        /* cco builds the image */
    const char *changed;   /* why an older image is not used, as in json.md; NULL: no reason */

    /* credentials: the address of the account; NULL: not known */
    const char *account;

    /* project */
    struct missing missing;          /* what a session lacks (plan/missing.h) */
    const struct sessions *sessions; /* of all projects; NULL: not known */
    size_t mounts;                   /* of a session here */
    bool planned;                    /* a session is possible here; mounts is set */
    bool caches;                     /* a session here keeps caches of build tools */

    /* claude */
    bool claude_present;  /* the directory of claude's own files exists */
    struct strv settings; /* names of claude's settings that the sandbox can read */
    /* names of the host's variables that claude reads and that do not pass */
    struct strv variables_left_out;

    /* config: the user's files; NULL: there is none */
    const char *config_file, *dockerfile;
};

/* The functions of the table, two for each section x, in the order of enum info_name.
 * info_collect_x() sets *own and the members of *i that belong to x; it may use members that
 * the sections before it have set. It reports problems in *own and cannot fail. It blocks as
 * long as the engine or the kernel needs to answer. info_json_x() adds the members that only x
 * has to the object that w is writing; it is pure. */
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

/* The text of a section about which nothing is known because the facts are not: the section
 * about the project says why. */
#define INFO_SEE_PROJECT "not known: see project"

/* Returns a path as people write it, with "~" for the home. `path` may be NULL. The result is
 * in app->arena, or is `path` itself. */
const char *info_path(struct app *app, const char *path);

/* Returns a line about an engine that answers, in the arena: "Docker 28.5.2, API 1.44, host
 * networking". Pure. */
const char *info_engine_text(const struct fact_engine *en, struct arena *a);

/* Returns whether every section is ready. */
bool info_ready(const struct info *i);

/* Adds the text for people, in at most 80 columns: for each section its first line, at most 16
 * further lines, the next command and the note. Control bytes are escaped. `colour` prints the
 * word "NO" of sections that are not ready in red. */
void info_text(const struct info *i, bool colour, struct buf *out);

/* Adds the JSON object and a newline. Returns 0 on success and -1 with ERR_LIMIT if `out` would
 * exceed its maximum. */
int info_json(const struct info *i, struct buf *out, struct err *e);

#endif
