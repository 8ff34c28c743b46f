/* SPDX-License-Identifier: MIT */
/* `cco self-update`: asks the release directory for its manifest, believes it if the key in
 * this binary signed it, and lets the newer program take this one's place
 * (cli/install_update.h). --check only tells. */
#include "base/ecdsa.h"
#include "base/env.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/release_key.h"
#include "cli/app.h"
#include "cli/install_update.h"
#include "net/fetch.h"
#include "wire/json.h"
#include "wire/release.h"
#include "wire/version.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SIGNATURE_MAX = 256, JSON_MAX = 4 << 10 };

#if defined(__x86_64__)
static const char machine[] = "x86_64";
#elif defined(__aarch64__)
static const char machine[] = "aarch64";
#else
static const char machine[] = "unknown";
#endif

static int find_source(struct app *app, struct url *out, struct err *e)
{
    const char *text = env_value(app->env, "CCO_UPDATE_URL");

    if (release_key_len == 0) {
        (void)err_set(e, ERR_REFUSED,
                      "this cco was built from source and knows no release key");
        return err_hint(e, "Update it with: git pull && ./build.sh");
    }
    if (text == NULL) {
        text = release_url;
    }
    if (text[0] == '\0') {
        (void)err_set(e, ERR_NOT_FOUND, "this cco knows no place where releases are");
        return err_hint(e, "Name one: CCO_UPDATE_URL=https://... cco self-update");
    }
    /* A directory, with or without its slash. */
    if (!str_ends(str_c(text), "/")) {
        text = arena_printf(&app->arena, "%s/", text);
    }
    if (url_parse_web(str_c(text), &app->arena, out, e) < 0) {
        return err_wrap(e, "CCO_UPDATE_URL");
    }
    if (out->user_info[0] != '\0') {
        return err_set(e, ERR_FORMAT, "CCO_UPDATE_URL: a user name in it is not supported");
    }
    return 0;
}

static int get_small(struct app *app, struct fetch *f, const struct url *dir, const char *name,
                     struct buf *out, struct err *e)
{
    struct url url;

    if (url_join(dir, str_c(name), &app->arena, &url, e) < 0) {
        return -1;
    }
    return fetch_all(f, &url, out, e);
}

/* Nothing of the manifest is looked at before its signature was. */
static int get_release(struct app *app, struct fetch *f, const struct url *dir,
                       struct release *out, struct err *e)
{
    struct buf manifest;
    struct buf signature;
    int rc = -1;

    buf_init(&manifest, RELEASE_MANIFEST_MAX);
    buf_init(&signature, SIGNATURE_MAX);
    if (get_small(app, f, dir, "manifest.json", &manifest, e) < 0 ||
        get_small(app, f, dir, "manifest.json.sig", &signature, e) < 0) {
        goto out;
    }
    if (!ecdsa_is_valid(str_n((const char *)release_key, release_key_len), buf_str(&manifest),
                        buf_str(&signature))) {
        (void)err_set(e, ERR_REFUSED,
                      "%smanifest.json: its signature is not that of cco's makers",
                      url_text(dir, &app->arena));
        (void)err_hint(e, "A release may have come out just now: try again. If it stays so, "
                          "do not trust this server.");
        goto out;
    }
    rc = release_parse(buf_str(&manifest), &app->arena, out, e);
out:
    buf_release(&manifest);
    buf_release(&signature);
    return rc;
}

/* How the release's version stands to ours: positive where it is newer. */
static int compare(const struct release *r)
{
    struct version mine = {0};
    struct version its = {0};

    (void)version_parse(str_c(CCO_VERSION), &mine);
    (void)version_parse(str_c(r->version), &its); /* release_parse() did */
    return version_cmp(&its, &mine);
}

/* To the file, checked as it comes. */
static int receive(struct fetch *f, const struct release_file *file, struct progress *p, int fd,
                   struct err *e)
{
    struct sha256 sum;
    char hex[SHA256_HEX];
    struct str data;
    uint64_t got = 0;

    sha256_init(&sum);
    do {
        if (fetch_body(f, &data, e) < 0) {
            return -1;
        }
        if (fd_write_all(fd, data.p, data.len, e) < 0) {
            return err_wrap(e, "write the new version");
        }
        sha256_add(&sum, data.p, data.len);
        got += data.len;
        p->transfer(p, str_c(file->name), got, file->size);
    } while (data.len > 0);
    sha256_hex(&sum, hex);
    if (got != file->size || strcmp(hex, file->sha256) != 0) {
        (void)err_set(e, ERR_FORMAT, "%s: %s", file->name,
                      got != file->size ? "its size is not what the manifest says"
                                        : "its checksum is not what the manifest says");
        return err_hint(e, "Try again. If it stays so, do not trust this server.");
    }
    return 0;
}

static int download(struct app *app, struct fetch *f, const struct url *dir,
                    const struct release_file *file, int fd, struct err *e)
{
    struct url url;
    struct progress *progress = app->ctx.progress;
    int rc;

    if (url_join(dir, str_c(file->name), &app->arena, &url, e) < 0) {
        return -1;
    }
    progress->begin(progress, "downloading the new version");
    progress->step(progress, str_c(file->name), false);
    rc = fetch_open(f, &url, file->size, e);
    if (rc == 0) {
        rc = receive(f, file, progress, fd, e);
    }
    if (rc == 0) {
        progress->done(progress, str_c(file->name), (struct str){0});
    }
    progress->end(progress, rc == 0);
    return rc;
}

static int install(struct app *app, struct fetch *f, const struct url *dir,
                   const struct release *r, const char **target, struct err *e)
{
    const struct release_file *file = release_find(r, "linux", machine);
    struct install_update s;
    int rc = -1;

    if (file == NULL) {
        return err_set(e, ERR_NOT_FOUND, "cco %s is not there for linux on %s", r->version,
                       machine);
    }
    install_update_init(&s);
    if (install_update_open(&s, &app->arena, e) == 0 &&
        download(app, f, dir, file, s.fd, e) == 0) {
        rc = install_update_replace(&s, r->version, app->env, &app->sig, e);
    }
    install_update_release(&s);
    *target = s.target;
    return rc;
}

static int print_json(struct app *app, const struct release *r, bool newer, bool updated,
                      struct err *e)
{
    struct json_w w;
    struct buf out;

    buf_init(&out, JSON_MAX);
    json_w_init(&w, &out, 2);
    json_w_object(&w);
    json_w_member(&w, "current", CCO_VERSION);
    json_w_member(&w, "newest", r->version);
    json_w_member_bool(&w, "newer", newer);
    json_w_member_bool(&w, "updated", updated);
    json_w_end(&w);
    (void)buf_add_byte(&out, '\n');
    return app_print(app, &out, e);
}

static int tell(struct app *app, const struct release *r, bool newer, const char *target,
                struct err *e)
{
    if (app->opts.json) {
        return print_json(app, r, newer, target != NULL, e);
    }
    if (target != NULL) {
        (void)printf("%s is cco %s now (was %s)\n", target, r->version, CCO_VERSION);
    } else if (newer) {
        (void)printf("cco %s is there (this is %s): cco self-update brings it\n", r->version,
                     CCO_VERSION);
    } else {
        (void)printf("cco %s is the newest version\n", CCO_VERSION);
    }
    return 0;
}

static int update(struct app *app, struct fetch *f, struct err *e)
{
    struct url dir;
    struct release r;
    const char *target = NULL;
    int order;

    if (find_source(app, &dir, e) < 0 || get_release(app, f, &dir, &r, e) < 0) {
        return -1;
    }
    order = compare(&r);
    if (order < 0) {
        (void)err_set(e, ERR_REFUSED, "%s has cco %s, which is older than this one (%s)",
                      url_text(&dir, &app->arena), r.version, CCO_VERSION);
        return err_hint(
            e, "self-update never goes back: install the older one by hand if you want it.");
    }
    if (order > 0 && !app->opts.check && install(app, f, &dir, &r, &target, e) < 0) {
        return -1;
    }
    if (tell(app, &r, order > 0, target, e) < 0) {
        return -1;
    }
    return order > 0 && app->opts.check ? EXIT_CHECK : 0;
}

int cmd_self_update(struct app *app, struct err *e)
{
    struct fetch f;
    int status;

    fetch_init(&f, app->env, &app->sig);
    status = update(app, &f, e);
    fetch_release(&f);
    return status;
}
