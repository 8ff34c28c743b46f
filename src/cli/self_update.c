/* SPDX-License-Identifier: MIT */
/* `cco self-update`: fetches the manifest of the release directory, verifies its signature with
 * the key in this binary, and replaces this program by the newer one (cli/install_update.h).
 * With --check it only reports whether there is a newer version. */
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
                      "this cco was built from source and has no key of releases");
        return err_hint(e, "Update it with: git pull && ./build.sh");
    }
    if (text == NULL) {
        text = release_url;
    }
    if (text[0] == '\0') {
        (void)err_set(e, ERR_NOT_FOUND, "this cco has no address of releases");
        return err_hint(e, "Set it: CCO_UPDATE_URL=https://... cco self-update");
    }
    /* The variable names a directory, and its last slash may be missing. */
    if (!str_ends(str_c(text), "/")) {
        text = arena_printf(&app->arena, "%s/", text);
    }
    if (url_parse_web(str_c(text), &app->arena, out, e) < 0) {
        return err_wrap(e, "CCO_UPDATE_URL");
    }
    if (out->user_info[0] != '\0') {
        return err_set(e, ERR_FORMAT,
                       "CCO_UPDATE_URL: user names in the URL are not supported");
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

/* Fetches the manifest and its signature. Parses the manifest only after the signature is
 * verified. Returns 0 on success and -1 on error. */
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
                      "%smanifest.json: the signature is not by the key of this cco",
                      url_text(dir, &app->arena));
        (void)err_hint(
            e, "If a release came out at this moment, trying again helps. Otherwise do not "
               "trust this server.");
        goto out;
    }
    rc = release_parse(buf_str(&manifest), &app->arena, out, e);
out:
    buf_release(&manifest);
    buf_release(&signature);
    return rc;
}

/* Compares the release's version with ours: the result is positive if the release is newer, 0
 * if the versions are equal, and negative if it is older. */
static int compare(const struct release *r)
{
    struct version mine = {0};
    struct version its = {0};

    (void)version_parse(str_c(CCO_VERSION), &mine);
    (void)version_parse(str_c(r->version), &its); /* release_parse() has checked it */
    return version_cmp(&its, &mine);
}

/* Receives the file into fd, and checks its size and SHA-256 sum against the manifest. Returns
 * 0 on success and -1 on error. */
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
                      got != file->size ? "its size differs from the manifest"
                                        : "its checksum differs from the manifest");
        return err_hint(e, "Try again. If it fails again, do not trust this server.");
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
        return err_set(e, ERR_NOT_FOUND, "cco %s is not available for Linux on %s", r->version,
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

/* Prints the result. `target` is the path of the program that was replaced; NULL: none was. */
static int print_result(struct app *app, const struct release *r, bool newer,
                        const char *target, struct err *e)
{
    if (app->opts.json) {
        return print_json(app, r, newer, target != NULL, e);
    }
    if (target != NULL) {
        (void)printf("updated %s from cco %s to %s\n", target, CCO_VERSION, r->version);
    } else if (newer) {
        (void)printf("cco %s is available (this is %s): install it with cco self-update\n",
                     r->version, CCO_VERSION);
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
            e, "self-update never installs an older version. You can install it by hand.");
    }
    if (order > 0 && !app->opts.check && install(app, f, &dir, &r, &target, e) < 0) {
        return -1;
    }
    if (print_result(app, &r, order > 0, target, e) < 0) {
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
